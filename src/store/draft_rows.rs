//! Drafts as they are read.

use chrono::{DateTime, Utc};

use super::changes::json;
use super::db::{read_all, read_optional};
use super::draft::{AUTHORS, no_draft};
use super::rows::{count, instant, instant_opt, uuid};
use super::{Store, StoreError};
use crate::domain::draft::{DraftContent, DraftState};
use crate::domain::{DraftId, GivenTimes, PostId};

/// A draft with everything about it but its comments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// Its id.
    pub id: DraftId,
    /// Its organisation.
    pub organisation: String,
    /// The queued post that gets this as its next revision.
    pub edits: Option<PostId>,
    /// What of that post stood when editing began.
    pub began: Option<Began>,
    /// Counts every change.
    pub version: u32,
    /// What was typed.
    pub content: DraftContent,
    /// Where it stands.
    pub state: DraftState,
    /// When and by whom it was begun.
    pub created: Signed,
    /// When and by whom it was changed last.
    pub changed: Signed,
    /// When and by whom it was submitted, while it is.
    pub submitted: Option<Signed>,
    /// The version that was approved last, when and by whom. It counts while the draft is approved, and goes along
    /// when the draft gets another time.
    pub approved: Option<(u32, Signed)>,
    /// The post that came of it.
    pub post: Option<PostId>,
    /// Everyone who wrote in it.
    pub authors: Vec<String>,
}

/// What an edit of a queued post began from: another text or time in between is shown, never overwritten.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Began {
    /// The revision of the post.
    pub revision: u32,
    /// Its times; `None`: nobody wrote them down.
    pub times: Option<GivenTimes>,
}

/// A moment and a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed {
    /// When.
    pub at: DateTime<Utc>,
    /// Who.
    pub by: String,
}

/// Which of the open drafts, and how many.
#[derive(Debug, Clone, Copy, Default)]
pub struct WhichDrafts<'a> {
    /// Only in this state.
    pub state: Option<DraftState>,
    /// Only those that this person began.
    pub by: Option<&'a str>,
    /// Only those after this one, named by its last change and its id.
    pub after: Option<(DateTime<Utc>, DraftId)>,
    /// No more than this.
    pub most: u32,
}

/// An open draft in a list, without what it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedDraft {
    /// Its id.
    pub id: DraftId,
    /// Its headline; may be empty.
    pub title: String,
    /// Whether it is a new text for a queued post.
    pub is_edit: bool,
    /// Where it stands.
    pub state: DraftState,
    /// When it is to go out, as typed.
    pub at: String,
    /// When and by whom it was changed last.
    pub changed: Signed,
}

/// A draft of which an editor has said the last word, and its author has not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecidedDraft {
    /// Its id.
    pub id: DraftId,
    /// Its organisation.
    pub organisation: String,
    /// Its headline; may be empty.
    pub title: String,
    /// Approved: it may be queued. Being written: it was returned.
    pub state: DraftState,
    /// Whether who asks wrote in it.
    pub is_own: bool,
}

/// A remark on a draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftComment {
    /// The version that it is about.
    pub version: u32,
    /// When and by whom it was made.
    pub made: Signed,
    /// What it says.
    pub text: String,
}

pub(super) const BY_ID: &str = "SELECT id, organisation, edits, began_from, began_times, version, content, state, \
     created_at, created_by, changed_at, changed_by, submitted_at, submitted_by, approved_version, approved_at, approved_by, post \
     FROM draft WHERE id = $1";
/// Open drafts, the last changed first, below the last one of the page before.
pub(super) const OPEN: &str = "SELECT id, title, edits IS NOT NULL, state, coalesce(content ->> '$.at', ''), \
     changed_at, changed_by FROM draft WHERE state IN ('draft', 'submitted', 'approved') AND organisation = $1 \
     AND ($2 IS NULL OR (changed_at, id) < ($2, $3)) AND ($4 IS NULL OR state = $4) AND ($5 IS NULL OR created_by = $5) \
     ORDER BY changed_at DESC, id DESC LIMIT $6";
/// What was approved and is not queued, and what was returned and not touched since: a version that was submitted, and is
/// not any more. What `$3` wrote in comes first.
pub(super) const DECIDED: &str = "SELECT d.id, d.organisation, d.title, d.state, \
     EXISTS (SELECT 1 FROM draft_author a WHERE a.draft = d.id AND a.name = $3) AS is_own FROM json_each($1) o \
     JOIN draft d ON d.organisation = o.value WHERE d.state IN ('draft', 'submitted', 'approved') AND (d.state = 'approved' \
     OR (d.state = 'draft' AND EXISTS (SELECT 1 FROM draft_version v WHERE v.draft = d.id AND v.version = d.version))) \
     ORDER BY is_own DESC, d.changed_at DESC, d.id LIMIT $2";
pub(super) const COMMENTS: &str =
    "SELECT version, at, author, text FROM draft_comment WHERE draft = $1 ORDER BY at, id LIMIT 500";
pub(super) const VERSION: &str = "SELECT content FROM draft_version WHERE draft = $1 AND version = $2";

/// A row of `draft`.
#[derive(Debug, sqlx::FromRow)]
pub(super) struct DraftRow {
    id: String,
    organisation: String,
    edits: Option<String>,
    began_from: Option<i64>,
    began_times: Option<String>,
    version: i64,
    content: String,
    state: String,
    created_at: i64,
    created_by: String,
    changed_at: i64,
    changed_by: String,
    submitted_at: Option<i64>,
    submitted_by: Option<String>,
    approved_version: Option<i64>,
    approved_at: Option<i64>,
    approved_by: Option<String>,
    post: Option<String>,
}

impl Store {
    /// One draft.
    pub async fn draft(&self, id: DraftId) -> Result<Draft, StoreError> {
        let row = read_optional!(&self.readers, DraftRow, BY_ID, id.to_string())?.ok_or_else(|| no_draft(id))?;
        let authors = read_all!(&self.readers, (String,), AUTHORS, id.to_string())?;
        row.read(authors.into_iter().map(|(name,)| name).collect())
    }

    /// An organisation's open drafts, the last changed first.
    pub async fn open_drafts(
        &self,
        organisation: &str,
        which: WhichDrafts<'_>,
    ) -> Result<Vec<ListedDraft>, StoreError> {
        type Row = (String, String, bool, String, String, i64, String);
        let (at, id) = which.after.map(|(at, id)| (at.timestamp_micros(), id.to_string())).unzip();
        let state = which.state.map(DraftState::name);
        let (by, most) = (which.by, i64::from(which.most));
        let rows = read_all!(&self.readers, Row, OPEN, organisation, at, id, state, by, most)?;
        let listed = |(id, title, is_edit, state, at, changed_at, by): Row| {
            let state = state.parse().map_err(|e| StoreError::corrupt("draft", &id, e))?;
            let changed = Signed { at: instant("draft", &id, changed_at)?, by };
            Ok(ListedDraft { id: DraftId(uuid("draft", &id)?), title, is_edit, state, at, changed })
        };
        rows.into_iter().map(listed).collect()
    }

    /// What an editor has decided in these organisations and nobody has acted upon: what this person wrote in first,
    /// and of the rest the last changed.
    pub async fn decided_drafts(
        &self,
        organisations: &[&str],
        person: &str,
        most: u32,
    ) -> Result<Vec<DecidedDraft>, StoreError> {
        type Row = (String, String, String, String, bool);
        let rows = read_all!(&self.readers, Row, DECIDED, json(organisations)?, i64::from(most), person)?;
        let decided = |(id, organisation, title, state, is_own): Row| {
            let state = state.parse().map_err(|e| StoreError::corrupt("draft", &id, e))?;
            Ok(DecidedDraft { id: DraftId(uuid("draft", &id)?), organisation, title, state, is_own })
        };
        rows.into_iter().map(decided).collect()
    }

    /// What was said about a draft, oldest first.
    pub async fn draft_comments(&self, id: DraftId) -> Result<Vec<DraftComment>, StoreError> {
        let name = id.to_string();
        let rows = read_all!(&self.readers, (i64, i64, String, String), COMMENTS, &*name)?;
        let comment = |(version, at, by, text)| {
            let made = Signed { at: instant("draft_comment", &name, at)?, by };
            Ok(DraftComment { version: count("draft_comment", &name, version)?, made, text })
        };
        rows.into_iter().map(comment).collect()
    }

    /// What a version said that was submitted or approved.
    pub async fn draft_version(&self, id: DraftId, version: u32) -> Result<Option<DraftContent>, StoreError> {
        let row = read_optional!(&self.readers, (String,), VERSION, id.to_string(), i64::from(version))?;
        row.map(|(json,)| content(&id.to_string(), &json)).transpose()
    }
}

impl DraftRow {
    pub(super) fn read(self, authors: Vec<String>) -> Result<Draft, StoreError> {
        let id = &*self.id;
        let signed = |at: i64, by: &str| Ok::<_, StoreError>(Signed { at: instant("draft", id, at)?, by: by.into() });
        let post = |post: Option<&str>| post.map(|post| uuid("draft", post).map(PostId)).transpose();
        let submitted = match (instant_opt("draft", id, self.submitted_at)?, &self.submitted_by) {
            (Some(at), Some(by)) => Some(Signed { at, by: by.clone() }),
            _ => None,
        };
        let approved = match (self.approved_version, self.approved_at, &self.approved_by) {
            (Some(version), Some(at), Some(by)) => Some((count("draft", id, version)?, signed(at, by)?)),
            _ => None,
        };
        Ok(Draft {
            id: DraftId(uuid("draft", id)?),
            edits: post(self.edits.as_deref())?,
            began: self.began_from.map(|n| began(id, n, self.began_times.as_deref())).transpose()?,
            version: count("draft", id, self.version)?,
            content: content(id, &self.content)?,
            state: self.state.parse().map_err(|e| StoreError::corrupt("draft", id, e))?,
            created: signed(self.created_at, &self.created_by)?,
            changed: signed(self.changed_at, &self.changed_by)?,
            submitted,
            approved,
            post: post(self.post.as_deref())?,
            authors,
            organisation: self.organisation,
        })
    }
}

fn began(id: &str, revision: i64, times: Option<&str>) -> Result<Began, StoreError> {
    let times = times.map(|json| serde_json::from_str(json).map_err(|e| StoreError::corrupt("draft", id, e)));
    Ok(Began { revision: count("draft", id, revision)?, times: times.transpose()? })
}

fn content(id: &str, json: &str) -> Result<DraftContent, StoreError> {
    serde_json::from_str(json).map_err(|e| StoreError::corrupt("draft", id, e))
}
