//! Answers that are written while their codes are read, page by page: neither all rows nor all of
//! the text is ever in memory.

use super::Call;
use super::failure::Failure;
use super::store::list::{Cursor, SortedRow};
use crate::catalog::element::Surroundings;
use crate::wire::admin::{CodeFilter, SortName};

use futures_util::stream::{self, TryStream};

use std::rc::Rc;

/// How many codes are read at a time.
const PAGE_COUNT: u32 = 1_000;

/// All codes that a filter finds, in the order in which they were created.
#[derive(Debug)]
pub struct Pages {
    call: Rc<Call>,
    filter: CodeFilter,
    surroundings: Surroundings,
    after: Option<Cursor>,
}

/// An answer in parts.
struct Answer<W> {
    head: Option<String>,
    pages: Pages,
    write: W,
    foot: Option<String>,
}

impl Pages {
    /// Begins with the first.
    #[must_use]
    pub fn new(call: &Rc<Call>, filter: CodeFilter, surroundings: Surroundings) -> Self {
        Pages { call: Rc::clone(call), filter, surroundings, after: None }
    }

    /// `head`, what `write` makes of one page after the other, and `foot`. Should a page not come,
    /// the answer is cut off, and nobody takes it for the whole.
    pub fn written(
        self,
        head: String,
        write: impl FnMut(Vec<SortedRow>) -> String + 'static,
        foot: &str,
    ) -> impl TryStream<Ok = Vec<u8>, Error = worker::Error> + 'static {
        let foot = Some(foot.to_owned());
        let answer = Answer { head: Some(head), pages: self, write, foot };
        stream::try_unfold(answer, async |mut answer| {
            let part = answer.next().await.map_err(|failure| format!("{failure:?}"))?;
            Ok(part.map(|text| (text.into_bytes(), answer)))
        })
    }

    async fn next(&mut self) -> Result<Option<Vec<SortedRow>>, Failure> {
        let listing = self.call.listing(&self.filter, &self.surroundings);
        let page = listing.page(SortName::Created, false, self.after.as_ref(), PAGE_COUNT);
        let rows: Vec<SortedRow> = self.call.store.rows(page).await?;
        let Some(last) = rows.last() else { return Ok(None) };
        self.after = Some(Cursor::after(last, SortName::Created, false));
        Ok(Some(rows))
    }
}

impl<W: FnMut(Vec<SortedRow>) -> String> Answer<W> {
    /// The part that comes next; `None` after the last.
    async fn next(&mut self) -> Result<Option<String>, Failure> {
        if let Some(head) = self.head.take() {
            return Ok(Some(head));
        }
        match self.pages.next().await? {
            Some(rows) => Ok(Some((self.write)(rows))),
            None => Ok(self.foot.take()),
        }
    }
}
