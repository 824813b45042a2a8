//! Verification (Standard Webhooks 1.0.0) against the world's clock.

use chrono::{DateTime, TimeDelta, Utc};
use http::HeaderMap;
use standardwebhooks::Webhook;

/// The id of a request that was signed with one of `secrets`; the error says why it was not.
pub(crate) fn verify(
    headers: &HeaderMap,
    body: &[u8],
    secrets: &[String],
    now: DateTime<Utc>,
    tolerance: TimeDelta,
) -> Result<String, &'static str> {
    let header = |name: &str| headers.get(name).and_then(|v| v.to_str().ok());
    let id = header("webhook-id").filter(|id| !id.is_empty() && !id.contains('.')).ok_or("webhook-id is missing")?;
    let timestamp: i64 =
        header("webhook-timestamp").and_then(|t| t.parse().ok()).ok_or("webhook-timestamp is missing")?;
    if timestamp.abs_diff(now.timestamp()) > tolerance.num_seconds().unsigned_abs() {
        return Err("webhook-timestamp is too far from this site's clock");
    }
    let signatures = header("webhook-signature").ok_or("webhook-signature is missing")?;
    let matches = secrets.iter().any(|secret| {
        let expected = Webhook::new(secret).and_then(|w| w.sign(id, timestamp, body));
        expected.is_ok_and(|expected| signatures.split(' ').any(|given| same(given.as_bytes(), expected.as_bytes())))
    });
    if matches { Ok(id.to_owned()) } else { Err("no signature matches") }
}

/// Compares in a time that does not tell where the difference is.
fn same(a: &[u8], b: &[u8]) -> bool {
    a.len() == b.len() && a.iter().zip(b).fold(0, |all, (x, y)| all | (x ^ y)) == 0
}
