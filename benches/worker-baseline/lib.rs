//! A Worker that reads the body of a request and answers with so many bytes as its path says.

use worker::{Context, Env, Request, Response, ResponseBuilder, event};

/// Every request comes in here.
#[event(fetch)]
async fn fetch(mut request: Request, _env: Env, _ctx: Context) -> worker::Result<Response> {
    let size = request.path().trim_start_matches('/').parse().unwrap_or(0);
    let read = request.bytes().await?;
    if read.is_empty() {
        return Response::error("expected a body", 400);
    }
    let response = ResponseBuilder::new().with_header("content-type", "application/json")?;
    Ok(response.fixed(vec![b' '; size]))
}
