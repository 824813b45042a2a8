//! A history made by the store's own operations, with receipts that no platform gave: rows, holds and journal are
//! those of real releases, without the hours.

use std::error::Error;
use std::time::Duration;

use futures_util::future::try_join_all;
use vestnik::domain::content::PrimaryUrl;
use vestnik::domain::{Hold, HoldLength};
use vestnik::journal::event::By;
use vestnik::office::Office;
use vestnik::release::compose;
use vestnik::store::{Begin, Claim, Clocks, Intent, NextClaim, Outcome};
use vestnik_contract::{DeliveryKey, Evidence, Prepared, Receipt, RemoteId};

use crate::installation::{queue, slug};

type Failure = Box<dyn Error + Send + Sync>;

const INSTANCE: &str = "history";

/// Publishes `each` posts on every organisation's channel.
pub async fn make(office: &Office, organisations: usize, each: usize) -> Result<(), Failure> {
    queue(office, each, office.clock.now()).await?;
    try_join_all((0..organisations).map(|nth| publish_all(office, format!("{}-max", slug(nth))))).await?;
    Ok(())
}

async fn publish_all(office: &Office, channel: String) -> Result<(), Failure> {
    let now = office.clock.now();
    let mut next = office.store.claim(&channel, now, INSTANCE, now + Duration::from_secs(600)).await?;
    while let Some(claim) = next {
        next = publish(office, &channel, claim).await?;
    }
    Ok(())
}

async fn publish(office: &Office, channel: &str, claim: Claim) -> Result<Option<Claim>, Failure> {
    let now = office.clock.now();
    let lease_until = now + Duration::from_secs(600);
    let adapter = office.channels.get(channel).ok_or("the channel is not configured")?;
    let key = DeliveryKey { delivery: claim.delivery.id.0, revision: claim.revision };
    let post = compose(adapter, &claim.content, PrimaryUrl::None).map_err(|misfits| format!("{misfits:?}"))?;
    let intent = Intent {
        prepared: Some(Prepared { key, post, at: now, notes: serde_json::Value::Null }),
        clocks: Clocks::default(),
        instance: INSTANCE.into(),
        lease_until,
        gap: Duration::ZERO,
        claim,
    };
    let Begin::Now(begun) = office.store.begin_attempt(intent, now).await? else {
        return Err("an attempt was refused".into());
    };
    let id = RemoteId(format!("mid.{}", key.delivery));
    let answer = Evidence { status: 200, body: format!(r#"{{"message":{{"body":{{"mid":"{id}"}}}}}}"#) };
    let url = format!("https://max.ru/city/{}", key.delivery).parse().ok();
    let receipt = Receipt {
        id,
        url,
        platform_time: Some(now),
        server_date: Some(now),
        remark: None,
        answer: Some(answer),
        shown: None,
    };
    let hold = Hold::from_receipt(&receipt, now, HoldLength::DEFAULT);
    let next = NextClaim { channel: channel.into(), instance: INSTANCE.into(), lease_until, gap: Duration::ZERO };
    let outcome = Outcome::Confirmed { receipt, by: By::Platform, hold };
    Ok(office.store.settle(begun.attempt, outcome, office.clock.now(), Some(next)).await?.next)
}
