//! Weeks against the weekly minimum.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::bearer::{Asked, Bearer};
use super::posts::readable;
use super::problem::{ApiError, Problem};
use crate::domain::Deed;
use crate::domain::week::{IsoWeek, Verdict};
use crate::jobs::{ChannelWeekReport, weeks};
use crate::web::Desk;

/// Which week.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct Which {
    /// One organisation's; without it, those of every organisation that the token may read.
    organisation: Option<String>,
    /// The ISO week, like `2026-W47`; the current one without it.
    week: Option<String>,
}

/// A channel's week.
#[derive(Debug, Serialize, ToSchema)]
#[expect(clippy::struct_field_names, reason = "the names of `vestnik week --json`")]
pub(super) struct Week {
    /// The ISO week in the organisation's zone.
    #[schema(example = "2026-W47")]
    week: String,
    /// The organisation's slug.
    organisation: String,
    /// The channel's slug.
    channel: String,
    /// How many posts went out.
    published: u32,
    /// How many are still to go out.
    planned: u32,
    /// How many there must be.
    minimum: u32,
    /// `met`, `on_the_way`, `at_risk` or `missed`.
    #[schema(value_type = String, example = "on_the_way")]
    verdict: Verdict,
}

/// Every channel's week: posts out, still planned, and what that comes to.
#[utoipa::path(
    get, path = "/weeks", operation_id = "list_weeks", tag = "weeks", params(Which),
    responses(
        (status = 200, description = "The weeks", body = [Week]),
        (status = "4XX", description = "Refused", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn list(
    State(desk): State<Desk>,
    bearer: Bearer,
    Asked(which): Asked<Which>,
) -> Result<Json<Vec<Week>>, ApiError> {
    let named = which.organisation.map(|slug| readable(&desk, &bearer, Some(slug))).transpose()?.flatten();
    let unreadable =
        |why: crate::domain::week::WeekError| ApiError::Unreadable(StatusCode::BAD_REQUEST, why.to_string());
    let week = which.week.map(|text| text.parse::<IsoWeek>()).transpose().map_err(unreadable)?;
    let office = &desk.office;
    let mut organisations = office.jobs().organisations;
    organisations
        .retain(|o| named.as_ref().is_none_or(|slug| *slug == o.slug) && bearer.0.rights.may(Deed::Read, &o.slug));
    let counted = weeks(&office.store, &organisations, office.config.week_minimum, week, office.clock.now()).await?;
    let shape = |r: ChannelWeekReport| Week {
        week: r.week.to_string(),
        organisation: r.organisation,
        channel: r.channel,
        published: r.count.published,
        planned: r.count.planned,
        minimum: r.count.minimum,
        verdict: r.count.verdict,
    };
    Ok(Json(counted.into_iter().map(shape).collect()))
}
