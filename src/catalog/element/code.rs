//! Codes by themselves: to be created, or patched.

use super::{Surroundings, check_length, read};
use crate::catalog::authored::edit::{COMMENTS_CHARS_MAX, CodePatch, NewCode};
use crate::catalog::check::Check;
use crate::catalog::complaint::{Complaint, ComplaintKind, Findings};
use crate::catalog::edit::{Change, Dates, Refused, Standing};
use crate::catalog::succession::Newcomer;
use crate::catalog::{CodeText, authored, code, nfkc};
use crate::code::{CodeKind, CodeTerms, FoldedCode, Folding, MatchType, Spellings, TypedCode};
use crate::id::{CodeId, ProgramId};
use crate::time::UnixMillis;
use crate::zone::Zone;

/// A code that can be created.
#[derive(Debug, Clone)]
pub struct CheckedCode {
    /// The id that it is given, if it is.
    pub id: Option<CodeId>,
    /// As authored: the code in its normal form, or the pattern.
    pub text: String,
    /// What exact codes are compared by; of a pattern, what it is searched by.
    pub folded: String,
    /// The folded text of an exact code.
    pub exact: Option<FoldedCode>,
    /// How typed codes are compared with it.
    pub match_type: MatchType,
    /// Whose code it is.
    pub kind: CodeKind,
    /// When it was created.
    pub created_at: UnixMillis,
    /// Everything that can change about it.
    pub standing: Standing,
    /// What does not stand against it.
    pub warnings: Vec<Complaint>,
}

impl Surroundings {
    /// Reads a code to be created, at this instant.
    ///
    /// # Errors
    ///
    /// [`Findings`] with everything that is wrong with it.
    pub fn code(&self, body: &str, at: UnixMillis) -> Result<CheckedCode, Findings> {
        let new: NewCode = read(body)?;
        let mut code = self.checked_code(body, &authored_code(&new), new.comments.as_deref())?;
        code.id = code.id.filter(|_| new.id.is_some());
        code.created_at = at;
        code.standing.comments = new.comments;
        Ok(code)
    }

    /// Reads a code as a catalogue has it.
    ///
    /// # Errors
    ///
    /// [`Findings`] with everything that is wrong with it.
    pub fn authored_code(&self, body: &str) -> Result<CheckedCode, Findings> {
        self.checked_code(body, &read(body)?, None)
    }

    fn checked_code(
        &self,
        body: &str,
        authored: &authored::Code,
        comments: Option<&str>,
    ) -> Result<CheckedCode, Findings> {
        let (code, warnings) = self.check(body, |check, catalog| {
            check_length(check, comments, "comments", COMMENTS_CHARS_MAX);
            code::code(check, authored, catalog)
        })?;
        let (match_type, text, exact) = match code.text {
            CodeText::Exact(typed) => {
                let folded = typed.fold(self.catalog.program.folding);
                (MatchType::Exact, typed.as_str().to_owned(), Some(folded))
            }
            CodeText::Regex(pattern) => (MatchType::Regex, pattern, None),
        };
        let folded =
            exact.as_ref().map_or_else(|| text.to_lowercase(), |it| it.as_str().to_owned());
        let terms = code.terms;
        Ok(CheckedCode {
            id: terms.id,
            text,
            folded,
            exact,
            match_type,
            kind: terms.kind,
            created_at: terms.created_at,
            standing: Standing {
                start_at: terms.schedule.start_at,
                end_at: terms.schedule.end_at,
                expired_at: None,
                time_zone: zone_name(authored.time_zone.as_deref()),
                deal: terms.deal,
                max_redemptions: terms.max_redemptions,
                max_redemptions_per_customer: terms.max_redemptions_per_customer,
                public: terms.public,
                comments: None,
            },
            warnings,
        })
    }

    /// What a code is searched by: its text as codes are compared.
    #[must_use]
    pub fn searched(&self, text: &str) -> String {
        let typed = TypedCode::parse(text, nfkc);
        let fold = |typed: TypedCode| typed.fold(self.catalog.program.folding).as_str().to_owned();
        typed.map_or_else(|_| text.to_lowercase(), fold)
    }

    /// Which texts an exact code of the programme answers to.
    #[must_use]
    pub fn spellings(&self) -> Spellings {
        self.catalog.program.folding.spellings()
    }

    /// Which differences between codes the programme ignores, as one number: 1 for separators, 2
    /// for look-alikes.
    #[must_use]
    pub fn folding(&self) -> u8 {
        folding_number(self.catalog.program.folding)
    }

    /// What a code is after a patch at this instant, and what there is to be said about it.
    ///
    /// # Errors
    ///
    /// [`Findings`] with everything that is wrong with the patch; what the code as it stands
    /// refuses ([`Refused`]) is among it.
    pub fn patch(
        &self,
        body: &str,
        standing: &Standing,
        at: UnixMillis,
    ) -> Result<(Standing, Vec<Complaint>), Findings> {
        let patch: CodePatch = read(body)?;
        self.check(body, |check, _| self.patched(check, &patch, standing, at))
    }

    fn patched(
        &self,
        check: &mut Check<'_>,
        patch: &CodePatch,
        standing: &Standing,
        at: UnixMillis,
    ) -> Option<Standing> {
        let comments = patch.comments.clone().flatten();
        check_length(check, comments.as_deref(), "comments", COMMENTS_CHARS_MAX);
        let mut patched = standing.clone();
        if let Some(max) = patch.max_redemptions {
            patched.max_redemptions = max.and_then(|max| check.count(max, "max_redemptions"));
        }
        if let Some(max) = patch.max_redemptions_per_customer {
            let path = "max_redemptions_per_customer";
            patched.max_redemptions_per_customer = max.and_then(|max| check.count(max, path));
        }
        if let Some(deal) = &patch.deal {
            patched.deal = deal.as_ref().and_then(|deal| check.deal(deal, "deal"));
        }
        if let Some(Some(zone)) = &patch.time_zone {
            check.zone(zone, "time_zone")?;
        }
        patched.public = patch.public.unwrap_or(patched.public);
        patched.comments = patch.comments.clone().unwrap_or(patched.comments);
        let dates = Dates {
            start_at: patch.start_at.clone(),
            end_at: patch.end_at.clone(),
            time_zone: patch.time_zone.as_ref().map(|zone| zone_name(zone.as_deref())),
        };
        match patched.changed(&Change::Dates(dates), at, &self.catalog.zone) {
            Ok(moved) => Some(moved),
            Err(Refused::Same) => Some(patched),
            Err(refused) => {
                let path = if patch.end_at.is_some() { "end_at" } else { "start_at" };
                let got = format!("a change that is refused: {}", refused.name());
                let expected = "dates that the code can have";
                check.complain(ComplaintKind::Schedule, path, expected, got, refused.remedy());
                None
            }
        }
    }
}

impl CheckedCode {
    /// Lets it begin as [`Newcomer::start_at`] has it; `earlier` are the codes of its text, by id.
    pub fn succeed(&mut self, earlier: &[String], now: UnixMillis) {
        self.standing.start_at = self.newcomer().start_at(!earlier.is_empty(), now);
    }

    /// The id that it is given, else the one that follows from what the code is; where an earlier
    /// code of its text has that, the one that follows from when it was created.
    #[must_use]
    pub fn own_id(&self, program: &ProgramId, earlier: &[String]) -> String {
        let is_taken = |id: &str| earlier.iter().any(|taken| taken == id);
        let given = self.id.as_ref().map(|id| id.as_str().to_owned());
        given.unwrap_or_else(|| self.newcomer().own_id(program, is_taken))
    }

    /// The code as a snapshot has it.
    #[must_use]
    pub fn terms(&self) -> CodeTerms {
        CodeTerms {
            created_at: self.created_at,
            id: self.id.clone(),
            kind: self.kind.clone(),
            schedule: self.standing.schedule(),
            deal: self.standing.deal.clone(),
            max_redemptions: self.standing.max_redemptions,
            max_redemptions_per_customer: self.standing.max_redemptions_per_customer,
            public: self.standing.public,
        }
    }

    fn newcomer(&self) -> Newcomer<'_> {
        Newcomer {
            match_type: self.match_type,
            text: match self.match_type {
                MatchType::Exact => &self.folded,
                MatchType::Regex => &self.text,
            },
            schedule: self.standing.schedule(),
            created_at: self.created_at,
        }
    }
}

/// Differences between codes that are ignored, as one number: 1 for separators, 2 for look-alikes.
#[must_use]
pub fn folding_number(folding: Folding) -> u8 {
    u8::from(folding.separators) | u8::from(folding.lookalikes) << 1
}

fn authored_code(new: &NewCode) -> authored::Code {
    let new = new.clone();
    authored::Code {
        // Any id will do: one that is left out follows from the code.
        id: new.id.unwrap_or_else(|| "new".to_owned()),
        code: new.code,
        kind: new.kind,
        match_type: new.match_type,
        credit_policy: new.credit_policy,
        owner: new.owner,
        start_at: new.start_at,
        end_at: new.end_at,
        time_zone: new.time_zone,
        deal: new.deal,
        max_redemptions: new.max_redemptions,
        max_redemptions_per_customer: new.max_redemptions_per_customer,
        public: new.public,
        created_at: None,
    }
}

fn zone_name(text: Option<&str>) -> Option<String> {
    text.and_then(Zone::parse).map(|zone| zone.name().to_owned())
}
