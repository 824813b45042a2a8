//! The composer: a page to write on.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use serde::Deserialize;

use super::super::mistakes::{Mistakes, Refused};
use super::super::page::Page;
use super::super::visitor::SignedIn;
use super::super::{Desk, WebError, plan};
use super::difference::{Difference, differences};
use super::list::chosen;
use super::places::place;
use crate::config::Channel;
use crate::domain::draft::DraftContent;
use crate::domain::{Deed, DraftId, PostId};
use crate::office::{Outrun, PostWay, Standing};
use crate::store::{Began, Draft, DraftComment, NewDraft, Signed, StoreError};

/// What the composer shows and carries.
#[derive(Debug, Clone)]
pub(super) struct Written {
    pub id: DraftId,
    /// The version that was read; 0: the draft is not kept yet.
    pub version: u32,
    pub organisation: String,
    pub edits: Option<PostId>,
    pub began: Option<Began>,
    pub content: DraftContent,
    /// When and by whom it was kept last.
    pub kept: Option<Signed>,
    /// Why it was not queued or submitted.
    pub problems: Mistakes,
    /// A remark that is none.
    pub refused: Refused,
    /// What was done with it just now.
    pub told: Option<&'static str>,
    /// A newer text by someone else, and how it differs from this one.
    pub theirs: Option<(Signed, Vec<Difference>)>,
}

#[derive(Template)]
#[template(path = "drafts/composer.html")]
struct Composer {
    page: Page,
    /// The address under which what was typed is found again.
    here: String,
    id: DraftId,
    version: u32,
    organisation: String,
    organisation_name: String,
    zone: chrono_tz::Tz,
    edits: Option<PostId>,
    began: Option<Began>,
    content: DraftContent,
    kept: Option<Signed>,
    problems: Mistakes,
    refused: Refused,
    told: Option<&'static str>,
    theirs: Option<(Signed, Vec<Difference>)>,
    /// The post is not any more as it was when editing began: what stands now, and how the draft differs from it.
    outrun: Option<(Outrun, Vec<Difference>)>,
    primary: ChannelField,
    followers: Vec<ChannelField>,
    needs_approval: bool,
    /// Whether the time is still to be chosen: what is out keeps it.
    may_move: bool,
    comments: Vec<DraftComment>,
    plan: String,
}

impl Composer {
    /// The times that a post had, as a form carries them.
    fn carried(began: &Began) -> String {
        let times = began.times.as_ref().and_then(|times| serde_json::to_string(times).ok());
        times.unwrap_or_default()
    }

    /// What somebody else said last: to be read before the text is changed.
    fn last_remark(&self) -> Option<&DraftComment> {
        let own = self.page.person.as_ref().map(|person| &person.name);
        self.comments.iter().rev().find(|comment| Some(&comment.made.by) != own)
    }
}

/// One channel in the form.
#[derive(Debug, Clone)]
struct ChannelField {
    slug: String,
    name: String,
    is_chosen: bool,
    not_before: String,
    text: String,
}

/// What the address of a new draft may bring along.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Wanted {
    organisation: String,
    at: String,
    /// The id of the draft on a page that was loaded before: what was typed there is kept under it.
    id: String,
}

impl Wanted {
    fn draft(&self, organisation: &str) -> Option<DraftId> {
        self.id.parse().ok().map(|id: DraftId| id.within(organisation))
    }

    fn draft_or_new(&self, desk: &Desk, organisation: &str) -> DraftId {
        let new = || desk.office.store.draft_id(organisation, desk.office.clock.now());
        self.draft(organisation).unwrap_or_else(new)
    }
}

pub(super) async fn new(
    State(desk): State<Desk>,
    visitor: SignedIn,
    Query(wanted): Query<Wanted>,
) -> Result<Response, WebError> {
    let organisation = chosen(&visitor, &wanted.organisation)?;
    visitor.must(Deed::Write, &organisation)?;
    if let Some(kept) = kept_already(&desk, &visitor, wanted.draft(&organisation)).await? {
        return Ok(kept);
    }
    let configured = desk.office.config.organisation(&organisation).ok_or(WebError::NotFound)?;
    let content = DraftContent {
        channels: configured.followers().map(|channel| channel.slug.clone()).collect(),
        at: wanted.at.clone(),
        ..DraftContent::default()
    };
    let (id, by) = (wanted.draft_or_new(&desk, &organisation), visitor.person.name.clone());
    let new = NewDraft { id, organisation, edits: None, content, by };
    page(&desk, visitor, Written::unkept(new), StatusCode::OK).await
}

/// The draft in which a post is edited: the one that is open, or a new one, which is kept when something is written.
pub(super) async fn edit(
    State(desk): State<Desk>,
    visitor: SignedIn,
    Path(id): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Result<Response, WebError> {
    let id: PostId = id.parse().map_err(|_| WebError::NotFound)?;
    let post = desk.office.store.post_view(id).await?;
    visitor.must(Deed::Settle, &post.organisation)?;
    if let Some(open) = desk.office.store.draft_that_edits(id).await? {
        return Ok(Redirect::to(&format!("/drafts/{open}")).into_response());
    }
    if let Some(kept) = kept_already(&desk, &visitor, wanted.draft(&post.organisation)).await? {
        return Ok(kept);
    }
    let (content, began) = desk.office.to_be_edited(&post)?;
    let (draft, by) = (wanted.draft_or_new(&desk, &post.organisation), visitor.person.name.clone());
    let new = NewDraft { id: draft, organisation: post.organisation, edits: Some((id, began)), content, by };
    page(&desk, visitor, Written::unkept(new), StatusCode::OK).await
}

/// A page of a new draft that is loaded again after the draft was kept. One that the visitor must not know of is as
/// good as none.
async fn kept_already(desk: &Desk, visitor: &SignedIn, id: Option<DraftId>) -> Result<Option<Response>, WebError> {
    let Some(id) = id else { return Ok(None) };
    match desk.office.store.draft(id).await {
        Ok(draft) if !visitor.asker().may(Deed::Read, &draft.organisation) => Ok(None),
        Ok(_) => Ok(Some(Redirect::to(&format!("/drafts/{id}")).into_response())),
        Err(StoreError::NotFound { .. }) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

impl Written {
    /// A draft that is not kept, or not yet.
    pub(super) fn unkept(new: NewDraft) -> Self {
        let (edits, began) = new.edits.unzip();
        Self {
            id: new.id,
            version: 0,
            organisation: new.organisation,
            edits,
            began,
            content: new.content,
            kept: None,
            problems: Mistakes::default(),
            refused: Refused::default(),
            told: None,
            theirs: None,
        }
    }

    /// A draft as it is kept.
    pub(super) fn of(draft: &Draft) -> Self {
        Self {
            id: draft.id,
            version: draft.version,
            organisation: draft.organisation.clone(),
            edits: draft.edits,
            began: draft.began.clone(),
            content: draft.content.clone(),
            kept: Some(draft.changed.clone()),
            problems: Mistakes::default(),
            refused: Refused::default(),
            told: None,
            theirs: None,
        }
    }
}

/// The page of the composer.
pub(super) async fn page(
    desk: &Desk,
    visitor: SignedIn,
    written: Written,
    status: StatusCode,
) -> Result<Response, WebError> {
    let office = &desk.office;
    let organisation = office.config.organisation(&written.organisation).ok_or(WebError::NotFound)?;
    let page = visitor.page;
    let name = |slug: &str| desk.name_in_draft(organisation, slug);
    // The id of what is not kept yet comes from an address: what lies under it may be another's.
    let comments = if written.version == 0 { Vec::new() } else { office.store.draft_comments(written.id).await? };
    let mut outrun = None;
    let mut goes_to: Option<Vec<String>> = None;
    let mut may_move = true;
    if let Some(post) = written.edits {
        let post = office.store.post_view(post).await?;
        if let Some(began) = &written.began
            && let Some(now) = office.outrun(&post, began, &written.content)?
        {
            let differing = differences(&page, &now.says, &written.content, name).await?;
            outrun = Some((now, differing));
        }
        goes_to = Some(office.to_be_edited(&post)?.0.channels);
        may_move = Standing::of_view(&post).post_ways().contains(&PostWay::Move);
    }
    let content = written.content;
    let field = |channel: &Channel| ChannelField {
        slug: channel.slug.clone(),
        name: name(&channel.slug),
        is_chosen: goes_to.as_ref().unwrap_or(&content.channels).contains(&channel.slug),
        not_before: content.not_before.get(&channel.slug).cloned().unwrap_or_default(),
        text: content.overrides.get(&channel.slug).cloned().unwrap_or_default(),
    };
    let shown = |channel: &&Channel| goes_to.as_ref().is_none_or(|slugs| slugs.contains(&channel.slug));
    let has_time = |slug: &str| organisation.followers().filter(shown).any(|channel| channel.slug == slug);
    let problems = written.problems.placed(|key| {
        let place = place(key, &content)?;
        let is_there = match place.split_once('.') {
            Some(("not_before", slug)) => has_time(slug),
            _ => may_move || place != "at",
        };
        is_there.then_some(place)
    });
    let planned = office.plan_of_draft(organisation, written.edits, &content).await?;
    let composer = Composer {
        here: match (written.version, written.edits) {
            (0, None) => format!("/drafts/new?organisation={}&id={}", written.organisation, written.id),
            (0, Some(post)) => format!("/posts/{post}/edit?id={}", written.id),
            _ => format!("/drafts/{}?edit", written.id),
        },
        primary: field(organisation.primary()),
        followers: organisation.followers().filter(shown).map(field).collect(),
        plan: plan::in_words(&page, &planned, organisation.zone, name),
        page,
        id: written.id,
        version: written.version,
        organisation_name: organisation.name.clone(),
        zone: organisation.zone,
        needs_approval: office.needs_approval(&written.organisation),
        may_move,
        organisation: written.organisation,
        edits: written.edits,
        began: written.began,
        content,
        kept: written.kept,
        problems,
        refused: written.refused,
        told: written.told,
        theirs: written.theirs,
        outrun,
        comments,
    };
    Ok((status, Html(composer.render()?)).into_response())
}
