//! What has been published, and the way back.

use super::failure::Failure;
use super::publisher::{MAX_SAFE_INTEGER, Publication, Wish, history, no_longer_kept, notice_root};
use super::store::{Statement, instant};
use super::{Call, http};
use crate::catalog::shape;
use crate::time::UnixMillis;
use crate::wire::admin::{
    FoldingFacts, HeldFacts, PublicationFacts, PublicationState, Publications, PublicationsQuery,
    RollbackRequest,
};
use crate::wire::rfc3339;

use serde::Deserialize;
use worker::{Request, Response};

/// Publications of a page.
const PAGE_COUNT: u32 = 50;

/// Folds say how far they are in hundredths.
const FOLDING_TOTAL: u64 = 100;

#[derive(Debug, Deserialize)]
struct Resumed {
    generation: u64,
}

const RESUME: &str = "UPDATE publications SET is_resumed = 1, resumed_by = ?2, resumed_at = ?3 \
    WHERE program = ?1 AND kind = 'rollback' AND is_resumed = 0 RETURNING generation";

impl Call {
    /// `GET /snapshots`.
    pub async fn snapshots(&self) -> Result<Response, Failure> {
        let query: PublicationsQuery = http::query(&self.url)?;
        let before = http::end_before(query.cursor.as_deref())?.unwrap_or(MAX_SAFE_INTEGER);
        let found = history(&self.store, &self.program, before, PAGE_COUNT).await?;
        let is_full = u32::try_from(found.len()).is_ok_and(|count| count == PAGE_COUNT);
        let last = found.last().filter(|_| is_full).map(|last| last.generation);
        let next_cursor = last.map(|last| http::encode_cursor(&last)).transpose()?;
        let items = found.iter().map(facts).collect();
        self.json(200, &Publications { state: self.publication_state().await?, items, next_cursor })
    }

    /// `POST /snapshots/publish`: tries at once, should something have gone wrong, and takes the
    /// place of a root that somebody else wrote.
    pub async fn publish_now(&self) -> Result<Response, Failure> {
        self.program_row().await?;
        notice_root(&self.env, &self.program).await?;
        self.publisher.publish().await?;
        self.json(202, &self.publication_state().await?)
    }

    /// `POST /snapshots/rollback`: publishes an earlier root again, and keeps edits back.
    pub async fn roll_back(&self, request: &mut Request) -> Result<Response, Failure> {
        let RollbackRequest { generation } = shape::read(&self.body(request).await?)?;
        let before = generation.saturating_add(1);
        let found = history(&self.store, &self.program, before, 1).await?;
        let found = found.first().filter(|found| found.generation == generation);
        let unknown = || Failure::Unknown { entity: "publication", id: generation.to_string() };
        if !found.ok_or_else(unknown)?.is_kept {
            return Err(no_longer_kept(generation));
        }
        let wish = Wish { generation, who: self.holder.name.clone() };
        self.publisher.roll_back(&wish).await?;
        self.json(202, &self.publication_state().await?)
    }

    /// `POST /snapshots/resume`: publishes edits again.
    pub async fn resume(&self) -> Result<Response, Failure> {
        let who = (&*self.holder.name).into();
        let values = [self.program.as_str().into(), who, instant(Some(self.now))];
        let statement = Statement::new(RESUME, values);
        let resumed: Vec<Resumed> = self.store.rows(statement).await?;
        if resumed.iter().any(|resumed| resumed.generation > 0) {
            self.publisher.publish().await?;
        }
        self.json(202, &self.publication_state().await?)
    }

    /// Where the programme stands.
    pub async fn publication_state(&self) -> Result<PublicationState, Failure> {
        let revision = self.program_row().await?.revision;
        let found = history(&self.store, &self.program, MAX_SAFE_INTEGER, 1).await?;
        let last = found.into_iter().next().filter(|last| last.is_put);
        let held = last.as_ref().filter(|last| last.is_held()).map(|last| HeldFacts {
            generation: last.generation,
            by: last.who.clone(),
            at: rfc3339(last.at),
        });
        let standing = self.publisher.standing().await?;
        let folding = |(done, is_awaited)| FoldingFacts { done, total: FOLDING_TOTAL, is_awaited };
        Ok(PublicationState {
            revision,
            live_revision: last.as_ref().map(|last| last.revision),
            generation: last.as_ref().map(|last| last.generation),
            manifest: last.as_ref().map(|last| last.manifest.to_string()),
            age_ms: last.as_ref().map(|last| age_ms(last.at, self.now)),
            held,
            folding: standing.folding.map(folding),
            trouble: standing.trouble,
        })
    }
}

fn facts(publication: &Publication) -> PublicationFacts {
    PublicationFacts {
        generation: publication.generation,
        at: rfc3339(publication.at),
        by: publication.who.clone(),
        kind: publication.kind.name(),
        manifest: publication.manifest.to_string(),
        revision: publication.revision,
        put_count: publication.put_count,
        size: publication.put_size,
        is_kept: publication.is_kept,
    }
}

fn age_ms(at: UnixMillis, now: UnixMillis) -> u64 {
    u64::try_from(now.0.saturating_sub(at.0)).unwrap_or(0)
}
