//! The town's control face: a page for people, and JSON to play with faults, clocks and colleagues.

mod page;

use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Platform, Town, TownPost};
use crate::faults::{Canned, Fault};

/// An answer of the control face.
type Answer = Result<Json<Value>, (StatusCode, Json<Value>)>;

/// What the handlers share.
#[derive(Debug, Clone)]
pub struct Control {
    town: Arc<Town>,
}

/// What stands on one channel.
#[derive(Debug, Serialize)]
pub(super) struct Standing {
    pub(super) channel: String,
    pub(super) platform: Platform,
    pub(super) posts: Vec<TownPost>,
}

/// `POST /fault`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wish {
    platform: Platform,
    /// The call's name; the publishing call, or every call for an outage, unless given.
    call: Option<String>,
    fault: Trouble,
    /// How often; once, or until it is lifted for an outage, unless given.
    times: Option<u32>,
    /// For `delay` and `rate_limited`.
    seconds: Option<u64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Trouble {
    LostRequest,
    LostReply,
    HalfAnAnswer,
    Rubbish,
    Outage,
    RateLimited,
    Delay,
    None,
}

/// `POST /clock`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ClockWish {
    platform: Platform,
    /// How far the platform's clock is to run ahead of ours; negative is behind.
    ahead_seconds: Option<i64>,
    /// Whether answers carry `Date`.
    date_header: Option<bool>,
}

/// `POST /hand`: without `id` a new post, with `id` another text, with `id` and `delete` none.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Hand {
    platform: Platform,
    text: Option<String>,
    title: Option<String>,
    id: Option<String>,
    #[serde(default)]
    delete: bool,
}

/// The routes of the control face. Bodies are JSON and say so, which no page of another site can do unasked.
pub fn router(town: Arc<Town>) -> Router {
    Router::new()
        .route("/", get(list))
        .route("/fault", post(fault))
        .route("/clock", post(clock))
        .route("/hand", post(hand))
        .with_state(Control { town })
}

async fn list(State(control): State<Control>, headers: HeaderMap) -> Response {
    let channels: Vec<_> = control
        .town
        .channels()
        .map(|c| Standing { channel: c.slug(), platform: c.platform(), posts: c.posts() })
        .collect();
    let accepts = headers.get(header::ACCEPT).and_then(|v| v.to_str().ok()).unwrap_or_default();
    if accepts.contains("text/html") {
        Html(page::page(&channels)).into_response()
    } else {
        Json(json!({ "channels": channels })).into_response()
    }
}

async fn fault(State(control): State<Control>, Json(wish): Json<Wish>) -> Answer {
    let outage = wish.fault == Trouble::Outage;
    let publishing = wish.platform.publishing_call();
    let call = match (&wish.call, publishing) {
        (Some(call), _) => call.as_str(),
        (None, _) if outage || wish.fault == Trouble::None => "*",
        (None, Some(call)) => call,
        (None, None) => {
            return refused("people publish on this platform; name the call, like \"GET /news/1\"");
        }
    };
    let seconds = wish.seconds.unwrap_or(5);
    let fault = match wish.fault {
        Trouble::LostRequest => Fault::DropBefore,
        Trouble::LostReply => Fault::CommitThenDrop,
        Trouble::HalfAnAnswer => Fault::Truncate,
        Trouble::Rubbish => Fault::CommitThenAnswer(Canned::html(502)),
        Trouble::Outage => Fault::Refuse(Canned::html(502)),
        Trouble::RateLimited => Fault::Refuse(Canned::html(429).retry_after(seconds)),
        Trouble::Delay => Fault::Delay(Duration::from_secs(seconds)),
        Trouble::None => {
            for server in control.town.servers(wish.platform) {
                match &wish.call {
                    Some(call) => server.switches.lift(call),
                    None => server.switches.clear(),
                }
            }
            return Ok(Json(
                json!({ "platform": wish.platform, "lifted": wish.call.as_deref().unwrap_or("every fault") }),
            ));
        }
    };
    for server in control.town.servers(wish.platform) {
        match wish.times {
            None if outage => server.switches.always(call, fault.clone()),
            times => server.switches.times(call, fault.clone(), times.unwrap_or(1)),
        }
    }
    let times = wish.times.map_or_else(|| if outage { json!("until lifted") } else { json!(1) }, Value::from);
    Ok(Json(json!({ "platform": wish.platform, "call": call, "fault": fault, "times": times })))
}

async fn clock(State(control): State<Control>, Json(wish): Json<ClockWish>) -> Answer {
    let ahead = match wish.ahead_seconds.map(TimeDelta::try_seconds) {
        Some(Some(ahead)) if ahead.abs() <= TimeDelta::days(366) => Some(ahead),
        Some(_) => return refused("ahead_seconds must be within a year, 31622400 either way"),
        None => None,
    };
    for server in control.town.servers(wish.platform) {
        if let Some(ahead) = ahead {
            server.clock.set_ahead(ahead);
        }
        if let Some(on) = wish.date_header {
            server.clock.send_date_header(on);
        }
    }
    Ok(Json(json!({ "platform": wish.platform, "time": control.town.server(wish.platform).clock.now() })))
}

async fn hand(State(control): State<Control>, Json(hand): Json<Hand>) -> Answer {
    let Some(channel) = control.town.channels().find(|c| c.platform() == hand.platform) else {
        return refused("there is no such channel");
    };
    let title = hand.title.as_deref().unwrap_or("От коллеги");
    let done = match (&hand.id, &hand.text, hand.delete) {
        (Some(id), None, true) => channel.delete_by_hand(id).then(|| id.clone()),
        (Some(id), Some(text), false) => channel.edit_by_hand(id, title, text).then(|| id.clone()),
        (None, Some(text), false) => channel.post_by_hand(title, text),
        _ => return refused("give text for a new post, id and text to change one, id and delete to take one down"),
    };
    match done {
        Some(id) => Ok(Json(json!({ "channel": channel.slug(), "id": id }))),
        None => refused("there is no such post on the channel; GET / lists what stands there"),
    }
}

fn refused(why: &str) -> Answer {
    Err((StatusCode::UNPROCESSABLE_ENTITY, Json(json!({ "error": why }))))
}
