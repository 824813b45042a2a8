//! `vestnik post show`: a post with its whole life.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::process::ExitCode;

use chrono_tz::Tz;
use serde_json::{Value, json};
use url::Url;

use crate::cli::Done;
use crate::cli::output::{Output, rfc3339, table};
use crate::domain::content::PrimaryUrl;
use crate::domain::wall_time::show;
use crate::domain::{PostId, State};
use crate::office::Office;
use crate::release::compose;
use crate::store::{AttemptView, Delivery, PostView};

pub(in crate::cli) async fn run(id: PostId, office: &Office, output: Output) -> Done {
    let post = office.store.post_view(id).await?;
    let zone = office.config.organisation(&post.organisation).map_or(chrono_tz::UTC, |o| o.zone);
    let texts = texts(office, &post);
    output.print(&post_json(&post, &texts), || text(&post, &texts, zone));
    Ok(ExitCode::SUCCESS)
}

/// What each channel shows or will show, by slug: the adapter's own rendering, footer and all.
fn texts(office: &Office, post: &PostView) -> BTreeMap<String, String> {
    let primary = post.deliveries.iter().map(|view| &view.delivery).filter(|d| d.is_primary).max_by_key(|d| d.number);
    let url = primary.and_then(|d| d.url.as_ref()?.parse::<Url>().ok());
    let url = url.as_ref().map_or(PrimaryUrl::None, PrimaryUrl::Known);
    let channels = post.deliveries.iter().filter_map(|view| office.channels.get(&view.delivery.channel));
    channels.filter_map(|c| Some((c.slug.clone(), compose(c, &post.content, url).ok()?.plain))).collect()
}

pub(super) fn delivery_json(d: &Delivery) -> Value {
    json!({
        "channel": d.channel, "primary": d.is_primary, "number": d.number, "state": d.state,
        "planned_at": rfc3339(d.planned_at), "due_at": d.due_at.map(rfc3339), "next": d.action,
        "remote_id": d.remote_id, "url": d.url, "platform_time": d.platform_time.map(rfc3339),
        "published_at": d.published_at.map(rfc3339), "revision": d.shown_revision,
        "last_reason": d.last_reason, "last_kind": d.last_kind, "stop_kind": d.stop_kind,
        "stop_reason": d.stop_reason, "todo": d.stop_todo,
    })
}

fn attempt_json(a: &AttemptView) -> Value {
    json!({
        "number": a.number, "action": a.action, "revision": a.revision, "started_at": rfc3339(a.started_at),
        "ended_at": a.ended_at.map(rfc3339), "outcome": a.outcome, "reason": a.reason, "kind": a.kind,
        "answer_status": a.answer_status, "answer": a.answer,
    })
}

fn post_json(p: &PostView, texts: &BTreeMap<String, String>) -> Value {
    let order = |o: &Option<crate::store::Order>| {
        o.as_ref().map(|o| json!({"at": rfc3339(o.at), "by": o.by, "reason": o.reason}))
    };
    let deliveries = p.deliveries.iter().map(|view| {
        let mut value = delivery_json(&view.delivery);
        value["text"] = json!(texts.get(&view.delivery.channel));
        value["attempts"] = view.attempts.iter().map(attempt_json).collect();
        value
    });
    let holds = p.holds.iter().map(|h| {
        json!({
            "revision": h.revision, "from": rfc3339(h.from), "until": rfc3339(h.until), "state": h.state,
            "hold_seconds": h.length.hold_seconds(), "margin_seconds": h.length.margin_seconds(),
        })
    });
    json!({
        "id": p.id, "organisation": p.organisation, "revision": p.revision, "title": p.content.title,
        "body": p.content.body, "link": p.content.link, "tags": p.content.tags, "created_at": rfc3339(p.created_at),
        "created_by": p.created_by, "expires_at": p.expires_at.map(rfc3339), "cancel": order(&p.cancel),
        "withdraw": order(&p.withdraw), "deliveries": deliveries.collect::<Vec<_>>(), "holds": holds.collect::<Vec<_>>(),
    })
}

fn text(p: &PostView, texts: &BTreeMap<String, String>, zone: Tz) -> String {
    let mut out = format!(
        "{}\n{} · revision {} · queued {} by {}\n",
        p.content.title,
        p.id,
        p.revision,
        show(p.created_at, zone),
        p.created_by
    );
    for (order, word) in [(&p.cancel, "cancelled"), (&p.withdraw, "withdrawn")] {
        if let Some(o) = order {
            let _ = writeln!(out, "{word} {} by {}: {}", show(o.at, zone), o.by, o.reason);
        }
    }
    let rows = p.deliveries.iter().map(|view| {
        let d = &view.delivery;
        let when = d.published_at.unwrap_or(d.planned_at);
        let what = d.stop_reason.as_ref().map_or_else(
            || d.url.clone().or_else(|| d.last_reason.clone()).unwrap_or_default(),
            |reason| format!("{reason}: {}", d.stop_todo.as_deref().unwrap_or_default()),
        );
        [d.channel.clone(), d.state.to_string(), show(when, zone), what]
    });
    out.push_str(&table(["channel", "state", "time", "address or reason"], rows));
    let attempts = p.deliveries.iter().flat_map(|view| {
        view.attempts.iter().map(move |a| {
            let ended = a.ended_at.map(|t| show(t, zone)).unwrap_or_default();
            let number = format!("{} {}", view.delivery.channel, a.number);
            [
                number,
                a.action.clone(),
                show(a.started_at, zone),
                ended,
                a.outcome.clone(),
                a.reason.clone().unwrap_or_default(),
            ]
        })
    });
    let attempts: Vec<_> = attempts.collect();
    if !attempts.is_empty() {
        out.push_str("\n\n");
        out.push_str(&table(["attempt", "action", "began", "ended", "outcome", "reason"], attempts));
    }
    let holds: Vec<_> = p
        .holds
        .iter()
        .map(|h| [h.revision.to_string(), show(h.from, zone), show(h.until, zone), h.state.clone()])
        .collect();
    if !holds.is_empty() {
        out.push_str("\n\n");
        out.push_str(&table(["hold of revision", "from", "until", "state"], holds));
    }
    for view in p.deliveries.iter().filter(|view| view.delivery.state == State::Handed) {
        let channel = &view.delivery.channel;
        if let Some(text) = texts.get(channel) {
            let _ = write!(out, "\n\nText for {channel}:\n\n{text}");
        }
        for file in &p.content.media {
            let _ = write!(out, "\n\n{} ({})", file.name, file.alt);
        }
    }
    out
}
