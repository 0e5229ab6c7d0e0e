//! A Worker that reads the body of a request and answers with so many bytes as its path says. Asked
//! for an object's name, too, it has that object keep the body, as one row.

use worker::{
    Context, DurableObject, Env, Method, Request, RequestInit, Response, ResponseBuilder, State,
    durable_object, event,
};

/// Every request comes in here: `/<bytes>`, or `/<bytes>/<object>`.
#[event(fetch)]
async fn fetch(mut request: Request, env: Env, _ctx: Context) -> worker::Result<Response> {
    let path = request.path();
    let (size, object) = path.trim_start_matches('/').split_once('/').unwrap_or((&path[1..], ""));
    let size = size.parse().unwrap_or(0);
    let read = request.text().await?;
    if read.is_empty() {
        return Response::error("expected a body", 400);
    }
    if !object.is_empty() {
        let mut init = RequestInit::new();
        init.with_method(Method::Post).with_body(Some(read.into()));
        let request = Request::new_with_init("https://rows/", &init)?;
        let rows = env.durable_object("ROWS")?.get_by_name(object)?;
        rows.fetch_with_request(request).await?.text().await?;
    }
    let response = ResponseBuilder::new().with_header("content-type", "application/json")?;
    Ok(response.fixed(vec![b' '; size]))
}

/// Keeps what it is sent.
#[durable_object(fetch)]
struct RowObject {
    state: State,
}

impl DurableObject for RowObject {
    fn new(state: State, _env: Env) -> Self {
        let table = "CREATE TABLE IF NOT EXISTS kept (id INTEGER PRIMARY KEY, body TEXT NOT NULL)";
        state.storage().sql().exec(table, None).expect("a table");
        RowObject { state }
    }

    async fn fetch(&self, mut request: Request) -> worker::Result<Response> {
        let insert = "INSERT INTO kept (body) VALUES (?)";
        self.state.storage().sql().exec(insert, vec![request.text().await?.into()])?;
        Response::ok("")
    }
}
