//! Faults that a test, the demo or a person switches on for named calls.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// What goes wrong with a call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// The answer comes late (real time).
    Delay(Duration),
    /// The call is refused with this answer; nothing happens in the world.
    Refuse(Canned),
    /// The connection is cut before anything happens in the world: a lost request.
    DropBefore,
    /// The call takes effect, then the connection is cut without an answer: a lost reply.
    CommitThenDrop,
    /// The call takes effect, and its answer comes late (real time).
    CommitThenDelay(Duration),
    /// The call takes effect, then another answer is sent than the world's own.
    CommitThenAnswer(Canned),
    /// The call takes effect, and half of the answer arrives.
    Truncate,
    /// The call takes effect, and its answer has no `Date`.
    WithoutDate,
}

/// An answer that is not the world's own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Canned {
    /// HTTP status.
    pub status: u16,
    /// The `Content-Type`.
    pub content_type: String,
    /// The body.
    pub body: String,
    /// `Retry-After`, in seconds.
    pub retry_after: Option<u64>,
}

impl Canned {
    /// An HTML page, as proxies in front of a platform send.
    pub fn html(status: u16) -> Self {
        let body =
            format!("<html><head><title>{status}</title></head><body><h1>{status} Bad Gateway</h1></body></html>");
        Self { status, content_type: "text/html; charset=utf-8".into(), body, retry_after: None }
    }

    /// A JSON answer.
    pub fn json(status: u16, body: &serde_json::Value) -> Self {
        Self {
            status,
            content_type: "application/json; charset=utf-8".into(),
            body: body.to_string(),
            retry_after: None,
        }
    }

    /// The same with `Retry-After`.
    #[must_use]
    pub fn retry_after(self, seconds: u64) -> Self {
        Self { retry_after: Some(seconds), ..self }
    }
}

/// The faults of one server, by the name of the call (for MAX `POST /messages`, for VK and OK the method's name).
/// The name `*` stands for every call.
#[derive(Debug, Clone, Default)]
pub struct Switches(Arc<Mutex<Set>>);

/// By the name of a call: what it meets, and how often still (`None`: until cleared).
type Set = HashMap<String, VecDeque<(Fault, Option<u32>)>>;

impl Switches {
    /// The next call of this name fails so; faults of one name queue up.
    pub fn next(&self, call: &str, fault: Fault) {
        self.times(call, fault, 1);
    }

    /// The next `times` calls of this name fail so.
    pub fn times(&self, call: &str, fault: Fault, times: u32) {
        if times > 0 {
            self.lock().entry(call.into()).or_default().push_back((fault, Some(times)));
        }
    }

    /// Every call of this name fails so, until [`Switches::clear`].
    pub fn always(&self, call: &str, fault: Fault) {
        self.lock().entry(call.into()).or_default().push_back((fault, None));
    }

    /// Everything works again.
    pub fn clear(&self) {
        self.lock().clear();
    }

    /// Calls of this name work again; what was switched on for other names stays.
    pub fn lift(&self, call: &str) {
        self.lock().remove(call);
    }

    /// The fault this call meets, used up.
    pub(crate) fn take(&self, call: &str) -> Option<Fault> {
        let mut switches = self.lock();
        for name in [call, "*"] {
            let Some(queue) = switches.get_mut(name) else { continue };
            let Some((fault, left)) = queue.front_mut() else { continue };
            let fault = fault.clone();
            if let Some(left) = left {
                *left -= 1;
                if *left == 0 {
                    queue.pop_front();
                }
            }
            return Some(fault);
        }
        None
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Set> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
