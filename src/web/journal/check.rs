//! “Check the chain”: begin, look on, stop, read what it came to.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use chrono_tz::Tz;
use serde::Deserialize;

use super::checks::{Check, End};
use super::{chain_name, zone_of};
use crate::history::audit::Audit;
use crate::history::rule::{Distance, hours};
use crate::history::verify::{ChainFault, ChainReport, Proof};
use crate::journal::Hash;
use crate::web::mistakes::Refused;
use crate::web::page::Page;
use crate::web::posted::Posted;
use crate::web::visitor::SignedIn;
use crate::web::{Desk, WebError};

#[derive(Template)]
#[template(path = "journal/check.html")]
struct CheckPage {
    page: Page,
    zone: Tz,
    chain: String,
    chain_name: String,
    entries: u64,
    check: Option<Arc<Check>>,
    /// What is no fingerprint.
    refused: Refused,
}

impl CheckPage {
    /// How far, of a hundred.
    fn percent(check: &Check) -> u64 {
        let (done, all) = check.progress.entries();
        done.saturating_mul(100).checked_div(all).unwrap_or(0)
    }

    /// The chain's own report.
    fn report(audit: &Audit) -> Option<&ChainReport> {
        audit.report.chains.first()
    }

    fn fault_key(fault: &ChainFault) -> &'static str {
        match fault {
            ChainFault::Break(_) => "check-fault-break",
            ChainFault::Line(_) | ChainFault::Unreadable { .. } => "check-fault-unreadable",
            ChainFault::Head { .. } => "check-fault-head",
            ChainFault::Twice => "check-fault-twice",
        }
    }

    fn hours(distance: &Distance) -> String {
        distance.distance_seconds.map_or_else(|| "—".to_owned(), hours)
    }
}

pub(super) async fn show(
    State(desk): State<Desk>,
    visitor: SignedIn,
    Path(chain): Path<String>,
) -> Result<Html<String>, WebError> {
    known(&desk, &visitor, &chain).await?;
    shown(&desk, visitor, chain, Refused::default()).await
}

async fn shown(desk: &Desk, visitor: SignedIn, chain: String, refused: Refused) -> Result<Html<String>, WebError> {
    let html = CheckPage {
        zone: zone_of(desk, &chain),
        chain_name: chain_name(desk, &visitor.page, &chain),
        entries: desk.office.store.head(&chain).await?.seq,
        check: desk.auditing.checks.of(&chain),
        page: visitor.page,
        chain,
        refused,
    };
    Ok(Html(html.render()?))
}

#[derive(Debug, Deserialize)]
pub(super) struct Expected {
    #[serde(default)]
    head: String,
}

pub(super) async fn begin(
    State(desk): State<Desk>,
    visitor: SignedIn,
    Path(chain): Path<String>,
    Posted(Expected { head }): Posted<Expected>,
) -> Result<Response, WebError> {
    known(&desk, &visitor, &chain).await?;
    let noted = head.trim().to_ascii_lowercase();
    let Ok(expected) = (!noted.is_empty()).then(|| noted.parse::<Hash>()).transpose() else {
        let refused = Refused::at("head", &visitor.page.t("check-no-hash"), &head);
        let html = shown(&desk, visitor, chain, refused).await?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, html).into_response());
    };
    desk.auditing.checks.begin(&desk, &chain, &visitor.person.name, expected);
    Ok(Redirect::to(&format!("/journal/{chain}/check")).into_response())
}

#[derive(Debug, Deserialize)]
pub(super) struct Nothing {}

pub(super) async fn stop(
    State(desk): State<Desk>,
    visitor: SignedIn,
    Path(chain): Path<String>,
    Posted(Nothing {}): Posted<Nothing>,
) -> Result<Redirect, WebError> {
    known(&desk, &visitor, &chain).await?;
    if let Some(check) = desk.auditing.checks.of(&chain) {
        check.progress.stop();
    }
    Ok(Redirect::to(&format!("/journal/{chain}/check")))
}

/// Lets on who may read the chain, if there is one. Its name stands in addresses afterwards.
async fn known(desk: &Desk, visitor: &SignedIn, chain: &str) -> Result<(), WebError> {
    visitor.asker().must_read_chain(chain)?;
    let is_known = desk.office.config.organisation(chain).is_some()
        || desk.office.store.chains().await?.iter().any(|known| known == chain);
    if is_known { Ok(()) } else { Err(WebError::NotFound) }
}
