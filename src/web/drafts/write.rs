//! Keeping what was typed, and what follows from it: submitting and queueing.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Redirect, Response};
use serde_json::json;

use super::super::mistakes::Refused;
use super::super::posted::Posted;
use super::super::visitor::SignedIn;
use super::super::{Desk, WebError, plan, words};
use super::composer::{self, Written};
use super::{DraftForm, compare, found, settle};
use crate::domain::draft::{DraftRefusal, DraftState};
use crate::domain::{Deed, DraftId, PostId};
use crate::office::OfficeError;
use crate::store::{Began, Draft, NewDraft, Saved, StoreError};

/// What became of a form.
enum Kept {
    /// The draft as it is kept now.
    Here(Box<Draft>),
    /// Someone else wrote meanwhile; this is their text.
    Newer(Box<Draft>),
    /// The draft is queued or discarded.
    Over(Box<Draft>),
    /// It is more than a post may be. Nothing is kept; this is what was typed, with what has to be mended.
    TooMuch(Box<Written>),
}

pub(super) async fn save(
    State(desk): State<Desk>,
    visitor: SignedIn,
    Path(id): Path<String>,
    headers: HeaderMap,
    Posted(form): Posted<DraftForm>,
) -> Result<Response, WebError> {
    if headers.get(header::ACCEPT).is_none_or(|kind| kind != "application/json") {
        return keep_and_show(&desk, visitor, &id, form).await;
    }
    match keep(&desk, &visitor, &id, &form).await? {
        Kept::Here(draft) => {
            let organisation = desk.office.config.organisation(&draft.organisation).ok_or(WebError::NotFound)?;
            let time = visitor.page.clock(&draft.changed.at, &organisation.zone);
            let say = visitor.page.t("draft-kept-at").with("time", time).to_string();
            let path = format!("/drafts/{}", draft.id);
            let planned = desk.office.plan_of_draft(organisation, draft.edits, &draft.content).await?;
            let name = |slug: &str| desk.channel_name(slug);
            let plan = plan::in_words(&visitor.page, &planned, organisation.zone, name);
            Ok(Json(json!({ "version": draft.version, "say": say, "path": path, "plan": plan })).into_response())
        }
        Kept::Newer(theirs) => {
            let say = visitor.page.t("draft-newer").with("by", theirs.changed.by.clone()).to_string();
            Ok((StatusCode::CONFLICT, Json(json!({ "say": say }))).into_response())
        }
        Kept::Over(draft) => {
            let say = visitor.page.t("draft-refused-closed").to_string();
            Ok((StatusCode::GONE, Json(json!({ "say": say, "path": after(&draft) }))).into_response())
        }
        Kept::TooMuch(written) => {
            let say = visitor.page.t("draft-too-much").with("why", written.problems.to_string()).to_string();
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Json(json!({ "say": say }))).into_response())
        }
    }
}

/// Keeps a form and leads to what became of it.
pub(in crate::web) async fn keep_and_show(
    desk: &Desk,
    visitor: SignedIn,
    id: &str,
    form: DraftForm,
) -> Result<Response, WebError> {
    match keep(desk, &visitor, id, &form).await? {
        Kept::Here(draft) => Ok(Redirect::to(&format!("/drafts/{}?edit", draft.id)).into_response()),
        Kept::Newer(theirs) => compare::page(desk, visitor, form, &theirs).await,
        Kept::Over(draft) => Ok(Redirect::to(&after(&draft)).into_response()),
        Kept::TooMuch(written) => not_kept(desk, visitor, *written).await,
    }
}

pub(super) async fn submit(
    State(desk): State<Desk>,
    visitor: SignedIn,
    Path(id): Path<String>,
    Posted(form): Posted<DraftForm>,
) -> Result<Response, WebError> {
    let draft = match keep(&desk, &visitor, &id, &form).await? {
        Kept::Here(draft) => draft,
        Kept::Newer(theirs) => return compare::page(&desk, visitor, form, &theirs).await,
        Kept::Over(draft) => return Ok(Redirect::to(&after(&draft)).into_response()),
        Kept::TooMuch(written) => return not_kept(&desk, visitor, *written).await,
    };
    let done = desk.office.submit_draft(draft.id, draft.version, &visitor.person.name).await;
    match done {
        Ok(()) => Ok(Redirect::to(&format!("/drafts/{}?told=submitted", draft.id)).into_response()),
        Err(error) => not_taken(&desk, visitor, &draft, error).await,
    }
}

pub(super) async fn queue(
    State(desk): State<Desk>,
    visitor: SignedIn,
    Path(id): Path<String>,
    Posted(form): Posted<DraftForm>,
) -> Result<Response, WebError> {
    let draft = match keep(&desk, &visitor, &id, &form).await? {
        Kept::Here(draft) => draft,
        Kept::Newer(theirs) => return compare::page(&desk, visitor, form, &theirs).await,
        // The second of two clicks: it is what the browser shows in the end.
        Kept::Over(draft) => {
            let to = draft.post.map_or_else(|| after(&draft), |post| queued(&draft, post));
            return Ok(Redirect::to(&to).into_response());
        }
        Kept::TooMuch(written) => return not_kept(&desk, visitor, *written).await,
    };
    match desk.office.queue_draft(draft.id, draft.version, None, &visitor.person.name).await {
        Ok(post) => Ok(Redirect::to(&queued(&draft, post)).into_response()),
        Err(error) => not_taken(&desk, visitor, &draft, error).await,
    }
}

/// Keeps what was typed as far as nobody else wrote meanwhile.
async fn keep(desk: &Desk, visitor: &SignedIn, id: &str, form: &DraftForm) -> Result<Kept, WebError> {
    let by = visitor.person.name.clone();
    let (id, saved) = if form.version == 0 {
        let id: DraftId = id.parse().map_err(|_| WebError::NotFound)?;
        let new = new_draft(desk, visitor, id, form, by).await?;
        let id = new.id;
        match desk.office.make_draft(new.clone()).await {
            Err(OfficeError::Store(StoreError::Draft(DraftRefusal::Closed(_)))) => {
                return Ok(Kept::Over(Box::new(desk.office.store.draft(id).await?)));
            }
            Err(error @ OfficeError::Problems(_)) => {
                let problems = words::reasons(desk, &visitor.page, error)?;
                return Ok(Kept::TooMuch(Box::new(Written { problems, ..Written::unkept(new) })));
            }
            made => made?,
        }
    } else {
        let draft = found(desk, visitor, id, Deed::Write).await?;
        if !draft.state.is_open() {
            return Ok(Kept::Over(Box::new(draft)));
        }
        match desk.office.save_draft(&draft, form.version, form.content.clone(), &by).await {
            Err(error @ OfficeError::Problems(_)) => {
                let problems = words::reasons(desk, &visitor.page, error)?;
                let (content, version) = (form.content.clone(), form.version);
                return Ok(Kept::TooMuch(Box::new(Written { problems, content, version, ..Written::of(&draft) })));
            }
            saved => (draft.id, saved?),
        }
    };
    match saved {
        Saved::Kept(_) => {
            let draft = Box::new(desk.office.store.draft(id).await?);
            Ok(if draft.state.is_open() { Kept::Here(draft) } else { Kept::Over(draft) })
        }
        Saved::Newer(theirs) => Ok(Kept::Newer(theirs)),
    }
}

async fn new_draft(
    desk: &Desk,
    visitor: &SignedIn,
    id: DraftId,
    form: &DraftForm,
    by: String,
) -> Result<NewDraft, WebError> {
    let (organisation, edits) = match form.edits {
        None => {
            visitor.must(Deed::Write, &form.organisation)?;
            (form.organisation.clone(), None)
        }
        Some(post) => {
            let post = desk.office.store.post_view(post).await?;
            visitor.must(Deed::Settle, &post.organisation)?;
            // Nobody has begun from what is not written yet.
            let (_, now) = desk.office.to_be_edited(&post)?;
            let revision = form.began_from.map_or(now.revision, |began| began.min(now.revision));
            let began = Began { revision, times: form.began_times.clone().or(now.times) };
            (post.organisation, Some((post.id, began)))
        }
    };
    Ok(NewDraft { id: id.within(&organisation), organisation, edits, content: form.content.clone(), by })
}

/// The composer again, with everything that has to be mended; what was typed is kept.
async fn not_taken(desk: &Desk, visitor: SignedIn, draft: &Draft, error: OfficeError) -> Result<Response, WebError> {
    let problems = match error {
        OfficeError::Store(StoreError::Draft(DraftRefusal::TimePassed)) if draft.state == DraftState::Approved => {
            return settle::ask_time(desk, visitor, draft, settle::Waits::Queue, Refused::default());
        }
        error => words::reasons(desk, &visitor.page, error)?,
    };
    let written = Written { problems, ..Written::of(draft) };
    composer::page(desk, visitor, written, StatusCode::UNPROCESSABLE_ENTITY).await
}

/// The composer with a text that was not kept.
async fn not_kept(desk: &Desk, visitor: SignedIn, written: Written) -> Result<Response, WebError> {
    composer::page(desk, visitor, written, StatusCode::UNPROCESSABLE_ENTITY).await
}

/// Where one goes on after the end of a draft.
pub(super) fn after(draft: &Draft) -> String {
    match draft.post {
        Some(post) => format!("/posts/{post}"),
        None => format!("/drafts/{}", draft.id),
    }
}

/// The page of the post that a draft became, which says what was done.
pub(super) fn queued(draft: &Draft, post: PostId) -> String {
    let told = if draft.edits.is_some() { "edited" } else { "queued" };
    format!("/posts/{post}?told={told}")
}
