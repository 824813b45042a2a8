//! The HTTP face: reads requests, asks the world, writes answers.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{any, get, post};
use http::Request;
use http::header::{CONTENT_TYPE, HOST};
use serde_json::{Value, json};
use tokio::sync::Notify;
use vestnik_contract::SettingsError;
use vestnik_contract::http::Http;

use super::methods;
use super::params::Params;
use super::polling::Look;
use super::world::World;
use super::{oauth, uploads};
use crate::clock::WorldClock;
use crate::server::Call;

/// The longest wait of a Long Poll (dev.vk.com, bots Long Poll API).
const LONGEST_WAIT: u64 = 90;

/// The world and what its handlers need beside it.
#[derive(Debug)]
pub(super) struct Shared {
    world: Mutex<World>,
    pub(super) clock: WorldClock,
    pub(super) news: Notify,
    http: Http,
}

impl Shared {
    pub(super) fn new(clock: WorldClock) -> Result<Self, SettingsError> {
        Ok(Self { world: Mutex::default(), clock, news: Notify::new(), http: Http::new(None)? })
    }

    pub(super) fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Wakes whoever waits for events and sends what Callback servers are to be told.
    pub(super) fn spread(self: &Arc<Self>) {
        self.news.notify_waiters();
        let outbox = std::mem::take(&mut self.world().outbox);
        for (url, message) in outbox {
            let shared = Arc::clone(self);
            tokio::spawn(async move { shared.tell(&url, &message).await });
        }
    }

    async fn tell(&self, url: &str, message: &Value) {
        let request = self.http.post(url).header("X-Retry-Counter", "0").json(message);
        let Ok(reply) = self.http.send(request).await else { return };
        if message["type"] != "confirmation" {
            return;
        }
        let group = message["group_id"].as_i64().unwrap_or_default();
        if let Some(wall) = self.world().walls.get_mut(&group) {
            wall.callback.confirmed(url, &String::from_utf8_lossy(&reply.body));
        }
    }
}

/// The name of a call, for fault switches and the log.
pub(super) fn name(call: &Call<'_>) -> String {
    let path = call.parts.uri.path().trim_start_matches('/');
    match path.split_once('/') {
        Some(("method", method)) => method.to_owned(),
        Some(("lp", _)) => "lp".to_owned(),
        _ => path.to_owned(),
    }
}

pub(super) fn router(shared: Arc<Shared>) -> Router {
    Router::new()
        .route("/method/{name}", any(method))
        .route("/upload/{kind}", post(upload))
        .route("/lp/{group}", get(poll))
        .route("/oauth2/auth", post(renew))
        .layer(DefaultBodyLimit::disable())
        .with_state(shared)
}

async fn method(State(shared): State<Arc<Shared>>, Path(name): Path<String>, request: Request<Body>) -> Response {
    let host = request.headers().get(HOST).and_then(|h| h.to_str().ok()).unwrap_or_default().to_owned();
    let params = Params::read(request).await;
    let now = shared.clock.now();
    let result = methods::call(&mut shared.world(), &name, &params, &host, now);
    shared.spread();
    json_response(&match result {
        Ok(response) => json!({ "response": response }),
        Err(refusal) => refusal.envelope(&name, &params),
    })
}

async fn upload(State(shared): State<Arc<Shared>>, Path(kind): Path<String>, request: Request<Body>) -> Response {
    let params = Params::read(request).await;
    let answer = uploads::receive(&mut shared.world(), &kind, &params);
    json_response(&answer)
}

async fn renew(State(shared): State<Arc<Shared>>, request: Request<Body>) -> Response {
    let params = Params::read(request).await;
    let now = shared.clock.now();
    let answer = oauth::renew(&mut shared.world(), &params, now);
    json_response(&answer)
}

async fn poll(State(shared): State<Arc<Shared>>, Path(group): Path<i64>, request: Request<Body>) -> Response {
    let params = Params::read(request).await;
    let wait = params.text("wait").parse::<u64>().unwrap_or(25).min(LONGEST_WAIT);
    let end = tokio::time::Instant::now() + Duration::from_secs(wait);
    loop {
        // Listening begins before looking, so that nothing falls between the two.
        let news = shared.news.notified();
        let look = shared.world().walls.get(&group).map(|wall| wall.events.since(group, &params));
        match look {
            None => return json_response(&json!({ "failed": 3 })),
            Some(Look::Answer(answer)) => return json_response(&answer),
            Some(Look::Nothing) => {}
        }
        if tokio::time::timeout_at(end, news).await.is_err() {
            let quiet = shared.world().walls.get(&group).map(|wall| wall.events.quiet());
            return json_response(&quiet.unwrap_or_else(|| json!({ "failed": 3 })));
        }
    }
}

fn json_response(body: &Value) -> Response {
    ([(CONTENT_TYPE, "application/json; charset=utf-8")], body.to_string()).into_response()
}
