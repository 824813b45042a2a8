//! Bots Long Poll: `groups.getLongPollServer`, then `GET /lp/{group}?act=a_check&key=…&ts=…&wait=…`.

use std::collections::VecDeque;

use serde_json::{Value, json};

use super::params::Params;

/// Older events are lost, as on VK.
const KEPT: usize = 1000;

/// What happened in a community.
#[derive(Debug, Default)]
pub(super) struct Events {
    pub(super) enabled: bool,
    kept: VecDeque<Value>,
    /// The number of the newest event.
    newest: usize,
}

/// What one look brings.
#[derive(Debug)]
pub(super) enum Look {
    Answer(Value),
    Nothing,
}

impl Events {
    pub(super) fn push(&mut self, kind: &str, group: i64, object: &Value) -> Value {
        self.newest += 1;
        let event = json!({ "type": kind, "object": object, "group_id": group, "v": "5.199",
            "event_id": format!("{:040x}", self.newest) });
        if self.kept.len() >= KEPT {
            self.kept.pop_front();
        }
        self.kept.push_back(event.clone());
        event
    }

    /// `groups.getLongPollServer`.
    pub(super) fn server(&self, group: i64, host: &str) -> Value {
        json!({ "key": key(group), "server": format!("http://{host}/lp/{group}"), "ts": self.newest.to_string() })
    }

    /// What there is since `ts`.
    pub(super) fn since(&self, group: i64, params: &Params) -> Look {
        if params.text("key") != key(group) {
            return Look::Answer(json!({ "failed": 2 }));
        }
        let Some(seen) = params.text("ts").parse::<usize>().ok().filter(|ts| *ts <= self.newest) else {
            return Look::Answer(json!({ "failed": 3 }));
        };
        let lost = self.newest - self.kept.len();
        if seen < lost {
            // A number here, a text in ordinary answers: VK's own inconsistency.
            return Look::Answer(json!({ "failed": 1, "ts": self.newest }));
        }
        if seen == self.newest {
            return Look::Nothing;
        }
        let updates: Vec<_> = self.kept.iter().skip(seen - lost).cloned().collect();
        Look::Answer(json!({ "ts": self.newest.to_string(), "updates": updates }))
    }

    /// The answer when nothing happened within `wait`.
    pub(super) fn quiet(&self) -> Value {
        json!({ "ts": self.newest.to_string(), "updates": [] })
    }
}

fn key(group: i64) -> String {
    format!("sandbox-lp-{group}")
}
