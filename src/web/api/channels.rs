//! Channels: what lies on them, pausing and resuming, asking whether they would take a post.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::bearer::{Asked, Bearer, Body, Named};
use super::orders::one_line;
use super::posts::readable;
use super::problem::{ApiError, Problem};
use super::shapes::Reason;
use crate::domain::Deed;
use crate::office::ChannelCheck;
use crate::web::{Desk, WebError};

/// A channel.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Channel {
    /// Its slug.
    slug: String,
    /// Its organisation's slug.
    organisation: String,
    /// Its platform.
    platform: String,
    /// Whether the hold runs from it.
    primary: bool,
    /// Since when it is paused.
    paused_at: Option<DateTime<Utc>>,
    /// By whom.
    paused_by: Option<String>,
    /// Why.
    paused_reason: Option<String>,
    /// How many deliveries have not gone out yet.
    unfinished: i64,
}

/// Whose channels.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct Which {
    /// One organisation's; without it, those of every organisation that the token may read.
    organisation: Option<String>,
}

/// The channels.
#[utoipa::path(
    get, path = "/channels", operation_id = "list_channels", tag = "channels", params(Which),
    responses(
        (status = 200, description = "The channels, each organisation's primary first", body = [Channel]),
        (status = "4XX", description = "Refused", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn list(
    State(desk): State<Desk>,
    bearer: Bearer,
    Asked(which): Asked<Which>,
) -> Result<Json<Vec<Channel>>, ApiError> {
    let named = which.organisation.map(|slug| readable(&desk, &bearer, Some(slug))).transpose()?.flatten();
    let mut channels = desk.office.store.channel_views().await?;
    let unfinished = desk.office.store.unfinished().await?;
    channels.retain(|c| {
        named.as_ref().is_none_or(|slug| *slug == c.organisation) && bearer.0.rights.may(Deed::Read, &c.organisation)
    });
    let shape = |c: crate::store::ChannelView| Channel {
        unfinished: unfinished.get(&c.slug).copied().unwrap_or_default(),
        slug: c.slug,
        organisation: c.organisation,
        platform: c.platform,
        primary: c.is_primary,
        paused_at: c.paused_at,
        paused_by: c.paused_by,
        paused_reason: c.paused_reason,
    };
    Ok(Json(channels.into_iter().map(shape).collect()))
}

fn must_run(desk: &Desk, bearer: &Bearer, slug: &str) -> Result<(), ApiError> {
    let (organisation, _) = desk.office.config.channel(slug).ok_or(WebError::NotFound)?;
    bearer.must(Deed::RunChannels, &organisation.slug)
}

/// Begins nothing more there. Holds keep running; a call in flight is finished.
#[utoipa::path(
    post, path = "/channels/{slug}/pause", tag = "channels", params(("slug" = String, Path)), request_body = Reason,
    responses(
        (status = 204, description = "Paused"),
        (status = "4XX", description = "Refused", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn pause(
    State(desk): State<Desk>,
    bearer: Bearer,
    Named(slug): Named<String>,
    Body(why): Body<Reason>,
) -> Result<StatusCode, ApiError> {
    must_run(&desk, &bearer, &slug)?;
    desk.office.pause(&slug, &bearer.0.name, &one_line(&why.reason)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Lets a paused channel go on.
#[utoipa::path(
    post, path = "/channels/{slug}/resume", tag = "channels", params(("slug" = String, Path)),
    responses(
        (status = 204, description = "It goes on"),
        (status = "4XX", description = "Refused", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn resume(
    State(desk): State<Desk>,
    bearer: Bearer,
    Named(slug): Named<String>,
) -> Result<StatusCode, ApiError> {
    must_run(&desk, &bearer, &slug)?;
    desk.office.resume(&slug, &bearer.0.name).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What a platform said when it was asked.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Checked {
    /// Who vestnik is there.
    identity: Option<String>,
    /// Whether a post would be taken.
    may_publish: bool,
    /// How far the platform's clock is ahead of ours, in seconds.
    clock_ahead_seconds: Option<i64>,
    /// What was noticed.
    findings: Vec<Finding>,
}

/// Something noticed, with what to do.
#[derive(Debug, Serialize, ToSchema)]
struct Finding {
    /// Its kind: a name that stays.
    #[schema(example = "may-not-publish")]
    kind: &'static str,
    /// Whether nothing can go out because of it.
    blocking: bool,
    /// What was noticed.
    what: String,
    /// What to do.
    todo: String,
}

impl From<ChannelCheck> for Checked {
    fn from(check: ChannelCheck) -> Self {
        let shape = |f: vestnik_contract::Finding| Finding {
            kind: f.kind.name(),
            blocking: f.blocking,
            what: f.what,
            todo: f.todo,
        };
        Self {
            identity: check.identity,
            may_publish: check.may_publish,
            clock_ahead_seconds: check.clock_ahead_seconds,
            findings: check.findings.into_iter().map(shape).collect(),
        }
    }
}

/// Asks the platform who vestnik is there and whether it would take a post. Publishes nothing.
#[utoipa::path(
    post, path = "/channels/{slug}/check", tag = "channels", params(("slug" = String, Path)),
    responses(
        (status = 200, description = "What the platform said", body = Checked),
        (status = "4XX", description = "Refused", body = Problem, content_type = "application/problem+json"),
        (status = 504, description = "The platform did not answer in time", body = Problem,
            content_type = "application/problem+json"),
    ),
)]
pub(super) async fn check(
    State(desk): State<Desk>,
    bearer: Bearer,
    Named(slug): Named<String>,
) -> Result<Json<Checked>, ApiError> {
    must_run(&desk, &bearer, &slug)?;
    let checked = desk.office.check_channel(&slug).await?.ok_or(ApiError::Silent(slug))?;
    Ok(Json(checked.into()))
}
