//! Asking every channel whether it would take a post.

use std::sync::Arc;

use chrono::TimeDelta;
use serde::Serialize;
use vestnik_contract::{AdapterError, Clock, Finding, FindingKind};

use super::OfficeError;
use super::open::channels;
use crate::config::{Config, StoreUrl};
use crate::release::{Channel, note_renewals};
use crate::store::Store;

/// Clocks that differ by more than this are told.
const CLOCK_TOLERANCE: TimeDelta = TimeDelta::seconds(5);
/// Credentials that end sooner are told.
const EXPIRES_SOON: TimeDelta = TimeDelta::days(7);

/// One channel's answer.
#[derive(Debug, Clone, Serialize)]
pub struct ChannelCheck {
    /// The channel.
    pub channel: String,
    /// Its organisation.
    pub organisation: String,
    /// Its platform.
    pub platform: String,
    /// Who we are there.
    pub identity: Option<String>,
    /// Whether a post would be taken.
    pub may_publish: bool,
    /// How far the platform's clock is ahead of ours, in seconds.
    pub clock_ahead_seconds: Option<i64>,
    /// What was noticed, with what to do.
    pub findings: Vec<Finding>,
}

/// Asks all channels at once. Needs no database, unless a platform renewed a credential meanwhile: that is written down.
pub async fn check(config: &Config, clock: Arc<dyn Clock>) -> Result<Vec<ChannelCheck>, OfficeError> {
    let channels = channels(config, &clock)?;
    let asked = channels.all().into_iter().map(|channel| one(channel, &*clock));
    let answers = futures_util::future::join_all(asked).await;
    if !channels.renewals().is_empty() {
        let StoreUrl::Sqlite(place) = &config.store;
        let store = Store::open(place).await?;
        let noted = note_renewals(&store, &channels, clock.now()).await;
        store.close().await;
        noted?;
    }
    Ok(answers)
}

pub(super) async fn one(channel: &Channel, clock: &dyn Clock) -> ChannelCheck {
    let mut answer = ChannelCheck {
        channel: channel.slug.clone(),
        organisation: channel.organisation.clone(),
        platform: channel.adapter.traits().platform.to_owned(),
        identity: None,
        may_publish: false,
        clock_ahead_seconds: None,
        findings: Vec::new(),
    };
    match channel.adapter.check().await {
        Ok(health) => {
            let now = clock.now();
            answer.identity = Some(health.identity);
            answer.may_publish = health.may_publish;
            answer.findings = health.findings;
            // A header has whole seconds, so ours is cut to them, too.
            if let Some(theirs) = health.clock.earliest() {
                let ahead = theirs.timestamp() - now.timestamp();
                answer.clock_ahead_seconds = Some(ahead);
                if ahead.abs() > CLOCK_TOLERANCE.num_seconds() {
                    let side = if ahead > 0 { "ahead of" } else { "behind" };
                    answer.findings.push(Finding::remark(
                        FindingKind::Clock,
                        format!("its clock is {} s {side} ours", ahead.abs()),
                        "let this machine follow a time server (timedatectl); releases wait for the slower clock",
                    ));
                }
            }
            if let Some(ends) = health.credential_expires.filter(|t| *t - now < EXPIRES_SOON) {
                answer.findings.push(Finding::remark(
                    FindingKind::CredentialEnds,
                    format!("its credential ends at {ends}"),
                    "renew it on the platform and put it in its place",
                ));
            }
        }
        Err(error) => {
            let (kind, todo) = match &error {
                AdapterError::Unauthorised { .. } => (FindingKind::Credential, "put a valid credential in its place"),
                AdapterError::Retry { .. } => {
                    (FindingKind::NoAnswer, "check the network and the address, then try again")
                }
                AdapterError::Unclear { .. } | AdapterError::Unsupported(_) => {
                    (FindingKind::Unclear, "check the address in the configuration")
                }
            };
            answer.findings.push(Finding::blocking(kind, error.to_string(), todo));
        }
    }
    answer
}
