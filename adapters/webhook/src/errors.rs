//! What an answer that is no success means for the next step: the contract's table, once for calls that change the
//! site and once for questions. In `docs/webhook.md` under "Refusals".

use chrono::TimeDelta;
use vestnik_contract::http::SendError;
use vestnik_contract::{AdapterError, PublishError, Told, ToldKind};

use crate::answer::{Problem, one_line};
use crate::client::{Answer, Failure};
use crate::signature::NoKeys;

/// Receivers refuse timestamps further from their clock (Standard Webhooks, reference libraries).
const TOLERANCE: TimeDelta = TimeDelta::minutes(5);

/// After a call that may have changed the site.
pub(crate) fn of_write(answer: &Answer) -> PublishError {
    let problem = Problem::of(answer);
    let told = |kind, reason: String| answer.told(kind, &reason);
    let retryable = problem.as_ref().and_then(|p| p.retryable);
    let words = words(answer, problem.as_ref());
    match answer.status().as_u16() {
        // 302 and 303 are also what a careless page answers after it has taken a form.
        status @ (300 | 302..=306) => PublishError::InDoubt {
            told: told(
                ToldKind::NotUnderstood,
                format!("the site answered with a redirect ({status}), which tells nothing"),
            ),
        },
        status => match unusable(status, answer, problem.as_ref()) {
            Some((kind, reason)) => PublishError::Unauthorised { told: told(kind, reason) },
            None => match (status, retryable) {
                (409, _) => PublishError::InDoubt {
                    told: told(
                        ToldKind::InProgress,
                        format!("the site is still working on this very request: {words}"),
                    ),
                },
                (429, _) | (503 | 400..=499, Some(true)) if status != 408 => PublishError::Retry {
                    after: answer.reply().retry_after(),
                    told: told(of_wait(status), format!("the site asks to wait: {words}")),
                },
                (413, _) => PublishError::Rejected {
                    told: told(
                        ToldKind::TooLong,
                        format!(
                            "the request is too large for the site ({words}); leave out files, and set `body_bytes_max` \
                             to what the site takes"
                        ),
                    ),
                },
                (422, _) => PublishError::Rejected {
                    told: told(
                        ToldKind::ContentRefused,
                        format!("the site refused the post: {words}; change what it names and queue it again"),
                    ),
                },
                (408 | 500..=599, _) => PublishError::InDoubt {
                    told: told(
                        ToldKind::PlatformFailing,
                        format!("the site failed without saying whether it took the post: {words}"),
                    ),
                },
                (400..=499, _) => PublishError::Rejected {
                    told: told(
                        ToldKind::Refused,
                        format!("the site refused the post: {words}; show this to the site's contractor"),
                    ),
                },
                _ => PublishError::InDoubt {
                    told: told(
                        ToldKind::NotUnderstood,
                        format!("the site answered {status} without the post's id; that proves nothing"),
                    ),
                },
            },
        },
    }
}

/// After a question.
pub(crate) fn of_read(answer: &Answer) -> AdapterError {
    let problem = Problem::of(answer);
    let status = answer.status().as_u16();
    if let Some((kind, reason)) = unusable(status, answer, problem.as_ref()) {
        return AdapterError::Unauthorised { told: answer.told(kind, &reason) };
    }
    let words = words(answer, problem.as_ref());
    if problem.as_ref().is_some_and(|p| p.error == "unknown_type") {
        return AdapterError::Unsupported(format!("the site's receiver does not know this question: {words}"));
    }
    let retryable = problem.and_then(|p| p.retryable).unwrap_or(matches!(status, 408 | 409 | 429 | 500..=599));
    if retryable && status >= 400 {
        return AdapterError::Retry {
            after: answer.reply().retry_after(),
            told: answer.told(of_wait(status), &format!("the site cannot answer now: {words}")),
        };
    }
    AdapterError::Unclear {
        told: answer.told(
            ToldKind::NotUnderstood,
            &format!("the site's answer is not one of the contract ({words}); show it to the contractor"),
        ),
    }
}

impl From<NoKeys> for Failure {
    fn from(why: NoKeys) -> Self {
        match why {
            NoKeys::Unusable(reason) => Self::NoSecret(reason),
            NoKeys::ForNow(reason) => Self::Unread(reason),
        }
    }
}

impl Failure {
    /// After a call that may have changed the site.
    pub(crate) fn of_write(self) -> PublishError {
        match self {
            Self::NoSecret(reason) => PublishError::Unauthorised { told: no_secret(reason) },
            Self::Unread(reason) => PublishError::Retry { after: None, told: no_secret(reason) },
            Self::Line(error) => {
                let told = |reason: String| Told::plain(error.kind(), reason);
                match &error {
                    SendError::NotSent(cause) => {
                        PublishError::Retry { after: None, told: told(format!("the site cannot be reached: {cause}")) }
                    }
                    SendError::Lost(cause) | SendError::Cut(cause) => {
                        PublishError::InDoubt { told: told(format!("the site's answer did not arrive: {cause}")) }
                    }
                }
            }
        }
    }

    /// After a question.
    pub(crate) fn of_read(self) -> AdapterError {
        match self {
            Self::NoSecret(reason) => AdapterError::Unauthorised { told: no_secret(reason) },
            Self::Unread(reason) => AdapterError::Retry { after: None, told: no_secret(reason) },
            Self::Line(error) => {
                let reason = format!("the site gave no answer: {error}");
                AdapterError::Retry { after: None, told: Told::plain(error.kind(), reason) }
            }
        }
    }
}

fn no_secret(reason: String) -> Told {
    Told::plain(ToldKind::NoCredential, reason)
}

/// What kind of wait a status asks for.
fn of_wait(status: u16) -> ToldKind {
    match status {
        409 => ToldKind::InProgress,
        408 | 500..=502 | 504..=599 => ToldKind::PlatformFailing,
        503 => ToldKind::Unavailable,
        _ => ToldKind::RateLimited,
    }
}

/// Whether the receiver itself is out of order, so that no post would pass until a person mends the channel.
fn unusable(status: u16, answer: &Answer, problem: Option<&Problem>) -> Option<(ToldKind, String)> {
    Some(match status {
        301 | 307 | 308 => {
            let to = answer
                .reply()
                .headers
                .get("location")
                .and_then(|v| v.to_str().ok())
                .map_or_else(String::new, |to| format!(" to «{}»", one_line(to)));
            let reason = format!(
                "the receiver has moved ({status}{to}) and redirects are not followed; put the final address under `url`"
            );
            (ToldKind::NotSetUp, reason)
        }
        401 => {
            let (kind, todo) = match clocks_apart(answer) {
                Some(todo) => (ToldKind::ClocksDiffer, todo),
                None => (ToldKind::TokenRefused, "put the same secret on both sides".into()),
            };
            (kind, format!("the site does not accept our signature: {}; {todo}", words(answer, problem)))
        }
        403 => {
            let reason = format!(
                "the site refuses our requests: {}; ask its contractor whether a firewall or a right stands in the way",
                words(answer, problem)
            );
            (ToldKind::NoRights, reason)
        }
        410 => {
            let reason = format!(
                "the receiver has been switched off: {}; ask the site's contractor, then resume the channel",
                words(answer, problem)
            );
            (ToldKind::NotSetUp, reason)
        }
        404 | 405 if problem.is_none() => {
            let reason =
                format!("there is no receiver at this address ({status}); correct `url` or ask the site's contractor");
            (ToldKind::NotSetUp, reason)
        }
        _ => return None,
    })
}

/// A signature carries a time, so a wrong clock looks like a wrong secret.
fn clocks_apart(answer: &Answer) -> Option<String> {
    let (theirs, ours) = (answer.reply().date()?, answer.sent_at);
    ((theirs - ours).abs() > TOLERANCE).then(|| {
        format!(
            "its clock says {} and ours {} (UTC): set the wrong one right",
            theirs.format("%H:%M:%S"),
            ours.format("%H:%M:%S")
        )
    })
}

/// The site's words, or its status where it has none.
fn words(answer: &Answer, problem: Option<&Problem>) -> String {
    problem.map_or_else(|| format!("status {}", answer.status()), Problem::words)
}
