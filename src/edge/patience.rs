//! How long somebody waits: a shopper for what she did not come for, such as a click to be counted,
//! and we for others.

use worker::Delay;

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

/// Several times what a cold isolate needs to read a snapshot, and less than it takes for somebody
/// to wonder whether a page is broken.
const PATIENCE: Duration = Duration::from_secs(1);

/// What the work comes to, unless it takes longer than a shopper waits; then it is dropped.
pub async fn in_time<T>(work: impl Future<Output = T>) -> Option<T> {
    within(PATIENCE, work).await
}

/// What the work comes to, unless it takes longer than this; then it is dropped.
pub async fn within<T>(patience: Duration, work: impl Future<Output = T>) -> Option<T> {
    let mut work = pin!(work);
    let mut end = pin!(Delay::from(patience));
    poll_fn(|context| match work.as_mut().poll(context) {
        Poll::Ready(done) => Poll::Ready(Some(done)),
        Poll::Pending => end.as_mut().poll(context).map(|()| None),
    })
    .await
}
