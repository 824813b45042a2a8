//! For load balancers and watchdogs: is the program there, and does it do its work. No figures, no names.

use std::time::Duration;

use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;
use axum::{Json, Router};
use serde::Serialize;

use super::Desk;

/// A round takes milliseconds and comes every second; a busy disk may hold one up for longer.
const BEAT_WITHIN: Duration = Duration::from_secs(60);

pub(super) fn routes() -> Router<Desk> {
    Router::new().route("/healthz", get(|| async { "ok\n" })).route("/readyz", get(ready))
}

/// What works.
#[derive(Debug, Serialize)]
struct Ready {
    database: &'static str,
    daemon: &'static str,
}

async fn ready(State(desk): State<Desk>) -> (StatusCode, Json<Ready>) {
    let word = |works: bool| if works { "ok" } else { "not ok" };
    let database = desk.office.store.has_people().await.is_ok();
    let daemon = desk.daemon_is_at_work();
    let status = if database && daemon { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(Ready { database: word(database), daemon: word(daemon) }))
}

impl Desk {
    /// Whether the daemon beside this desk goes round. A desk alone has none.
    pub fn daemon_is_at_work(&self) -> bool {
        let since = self.pulse.as_ref().and_then(|pulse| pulse.read().since_beat());
        since.is_some_and(|since| since <= BEAT_WITHIN)
    }
}
