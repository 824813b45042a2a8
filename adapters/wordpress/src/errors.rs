//! From what came back to what the caller does next. Match on status and `code`; `message` is in the site's language.

use std::time::Duration;

use reqwest::StatusCode;
use reqwest::header::LOCATION;
use vestnik_contract::http::{Reply, SendError};
use vestnik_contract::prepared::Evidence;
use vestnik_contract::text::cut;
use vestnik_contract::{AdapterError, PublishError, SecretError, Told, ToldKind};

use crate::html::text_of;
use crate::wire::ErrorAnswer;

/// Why a call brought no usable answer. What follows depends on the call: see the `of_…` functions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Failure {
    /// Nothing was asked, or the site put it off: it certainly had no effect.
    Later { after: Option<Duration>, told: Told },
    /// It may have had an effect: no answer, or the site broke down over it.
    Unknown { told: Told },
    /// The account, the site or the configuration needs a person.
    Account { told: Told },
    /// The site will never take this.
    Refused { code: String, told: Told },
    /// There is no such post.
    Gone { told: Told },
    /// It answered well, but not in the interface's language.
    Unreadable { told: Told },
}

pub(crate) const CREDENTIALS: &str = "the site does not recognise vestnik's user (wrong or revoked application \
     passwords look like none); make a new application password, check that WordPress itself sees HTTPS, and that the \
     web server hands the Authorization header on to PHP";

impl From<SendError> for Failure {
    fn from(error: SendError) -> Self {
        let told = error.told();
        match error {
            SendError::NotSent(_) => Self::Later { after: None, told },
            SendError::Lost(_) | SendError::Cut(_) => Self::Unknown { told },
        }
    }
}

impl From<SecretError> for Failure {
    fn from(error: SecretError) -> Self {
        let told = Told::plain(ToldKind::NoCredential, error.to_string());
        if error.may_pass() { Self::Later { after: None, told } } else { Self::Account { told } }
    }
}

impl Failure {
    /// Reads an answer that is not a success.
    pub(crate) fn of(reply: &Reply, evidence: Evidence) -> Self {
        let status = reply.status;
        let with = |kind, reason: String| Told::with(kind, reason, evidence.clone());
        if status.is_redirection() {
            let to = reply.headers.get(LOCATION).and_then(|v| v.to_str().ok()).unwrap_or("another address");
            let reason = format!("the site redirects to {to}; set `url` to the address it really answers under");
            return Self::Account { told: with(ToldKind::NotSetUp, reason) };
        }
        let envelope: Option<ErrorAnswer> = reply.json();
        let said = envelope.as_ref().map(said).unwrap_or_default();
        if envelope.as_ref().is_some_and(may_not_see_drafts) {
            let reason =
                format!("{CREDENTIALS}; or the user has no right to write posts: give it the role author{said}");
            return Self::Account { told: with(ToldKind::TokenRefused, reason) };
        }
        let code = envelope.map(|e| e.code).unwrap_or_default();
        match (status.as_u16(), code.as_str()) {
            (401, _) => Self::Account { told: with(ToldKind::TokenRefused, format!("{CREDENTIALS}{said}")) },
            (403, "") | (406, _) => Self::Account {
                told: with(
                    ToldKind::ServerRefused,
                    format!("a firewall in front of the site refuses vestnik (HTTP {status}); let its address through"),
                ),
            },
            (403, _) => Self::Account {
                told: with(
                    ToldKind::NoRights,
                    format!("vestnik's user may not do this; give it the role author and its own posts{said}"),
                ),
            },
            (404, "rest_post_invalid_id") | (410, _) => {
                Self::Gone { told: with(ToldKind::PostGone, format!("the site has no such post any more{said}")) }
            }
            (404 | 405, "" | "rest_no_route") => Self::Account {
                told: with(
                    ToldKind::NotSetUp,
                    format!(
                        "the site's REST interface does not answer here (HTTP {status}); check `url`, and that no plugin \
                         turns the interface off"
                    ),
                ),
            },
            (412, _) => {
                Self::Later { after: None, told: with(ToldKind::UploadFailed, format!("a file arrived damaged{said}")) }
            }
            (413, _) | (500, "rest_upload_sideload_error" | "rest_upload_unknown_error") => Self::Refused {
                told: with(
                    ToldKind::FileRefused,
                    format!(
                        "the site refuses this file: its kind is not allowed there, or it is larger than PHP's \
                         post_max_size and upload_max_filesize{said}"
                    ),
                ),
                code,
            },
            (429 | 503, _) => Self::Later {
                after: reply.retry_after(),
                told: with(
                    if status == StatusCode::TOO_MANY_REQUESTS { ToldKind::RateLimited } else { ToldKind::Unavailable },
                    format!("the site asks to wait (HTTP {status}){said}"),
                ),
            },
            _ if status.is_server_error() => {
                let reason = format!("the site broke down over the call (HTTP {status}){said}");
                Self::Unknown { told: with(ToldKind::PlatformFailing, reason) }
            }
            _ if status.is_client_error() => {
                let reason = format!("the site refuses this (HTTP {status}){said}");
                Self::Refused { told: with(ToldKind::ContentRefused, reason), code }
            }
            _ => Self::unreadable(status, evidence),
        }
    }

    /// A success that is no answer of the interface.
    pub(crate) fn unreadable(status: StatusCode, evidence: Evidence) -> Self {
        let reason = format!(
            "the site answers with a page instead of JSON (HTTP {status}); check `url`, and that no cache or plugin stands \
             before the REST interface"
        );
        Self::Unreadable { told: Told::with(ToldKind::NotUnderstood, reason, evidence) }
    }

    /// For the call that publishes.
    pub(crate) fn of_publish(self) -> PublishError {
        match self {
            Self::Later { after, told } => PublishError::Retry { after, told },
            // The next preparation makes a new draft.
            Self::Gone { told } => PublishError::Retry { after: None, told },
            Self::Account { told } => PublishError::Unauthorised { told },
            Self::Refused { told, .. } => PublishError::Rejected { told },
            Self::Unknown { told } | Self::Unreadable { told } => PublishError::InDoubt { told },
        }
    }

    /// For a call that changes a post which readers see already.
    pub(crate) fn of_edit(self) -> PublishError {
        match self {
            Self::Gone { told } => PublishError::Rejected { told },
            other => other.of_publish(),
        }
    }

    /// For calls that no reader sees and that can be repeated.
    pub(crate) fn of_prepare(self) -> PublishError {
        match self {
            Self::Later { after, told } => PublishError::Retry { after, told },
            Self::Unknown { told } | Self::Gone { told } => PublishError::Retry { after: None, told },
            Self::Account { told } | Self::Unreadable { told } => PublishError::Unauthorised { told },
            Self::Refused { told, .. } => PublishError::Rejected { told },
        }
    }

    /// For questions.
    pub(crate) fn of_question(self) -> AdapterError {
        match self {
            Self::Later { after, told } => AdapterError::Retry { after, told },
            Self::Unknown { told } => AdapterError::Retry { after: None, told },
            Self::Account { told } => AdapterError::Unauthorised { told },
            Self::Refused { told, .. } | Self::Gone { told } | Self::Unreadable { told } => {
                AdapterError::Unclear { told }
            }
        }
    }
}

/// Asking for drafts without the right to write posts is a wrong parameter to the site, but no mistake of the call.
fn may_not_see_drafts(error: &ErrorAnswer) -> bool {
    error.code == "rest_invalid_param"
        && error.data.pointer("/details/status/code").and_then(serde_json::Value::as_str)
            == Some("rest_forbidden_status")
}

/// The site's own words in brackets: an administrator searches for the code.
fn said(error: &ErrorAnswer) -> String {
    let message = text_of("", &error.message);
    let parameters = error.data.get("params").map(|p| format!(", {p}")).unwrap_or_default();
    cut(&format!(" ({}: {message}{parameters})", error.code), 300)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failure(status: u16, json: bool, body: &str) -> Failure {
        let headers = [("retry-after", "600"), ("content-type", if json { "application/json" } else { "text/html" })];
        let headers = headers.iter().map(|(k, v)| (k.parse().unwrap(), v.parse().unwrap())).collect();
        let status = StatusCode::from_u16(status).unwrap();
        let reply = Reply { status, headers, body: body.to_owned().into() };
        let evidence = reply.evidence(&[]);
        Failure::of(&reply, evidence)
    }

    fn coded(status: u16, code: &str) -> Failure {
        failure(status, true, &format!(r#"{{"code":"{code}","message":"<p>Ой</p>","data":{{"status":{status}}}}}"#))
    }

    #[test]
    fn the_table_of_errors_holds() {
        use PublishError::{InDoubt, Rejected, Retry, Unauthorised};
        assert!(matches!(coded(400, "rest_invalid_param").of_publish(), Rejected { .. }));
        assert!(matches!(coded(401, "rest_cannot_create").of_publish(), Unauthorised { .. }));
        assert!(matches!(coded(403, "rest_cannot_publish").of_publish(), Unauthorised { .. }));
        assert!(matches!(failure(403, false, "<html>").of_publish(), Unauthorised { .. }));
        assert!(matches!(failure(406, false, "<html>").of_publish(), Unauthorised { .. }));
        assert!(matches!(coded(404, "rest_post_invalid_id").of_publish(), Retry { .. }));
        assert!(matches!(coded(404, "rest_post_invalid_id").of_edit(), Rejected { .. }));
        assert!(matches!(coded(500, "rest_upload_sideload_error").of_prepare(), Rejected { .. }));
        assert!(matches!(coded(500, "internal_server_error").of_publish(), InDoubt { .. }));
        assert!(matches!(coded(500, "internal_server_error").of_prepare(), Retry { .. }));
        assert!(matches!(failure(200, false, "<html>").of_prepare(), Unauthorised { .. }));
        assert!(matches!(failure(302, false, "").of_publish(), Unauthorised { .. }));
        assert_eq!(coded(503, "wp_die").of_publish().told().kind, ToldKind::Unavailable);
        assert_eq!(failure(429, false, "").of_publish().told().kind, ToldKind::RateLimited);
        assert_eq!(coded(413, "").of_prepare().told().kind, ToldKind::FileRefused);
        assert_eq!(failure(406, false, "<html>").of_publish().told().kind, ToldKind::ServerRefused);
        let ten_minutes = Some(Duration::from_secs(600));
        assert!(matches!(coded(503, "wp_die").of_publish(), Retry { after, .. } if after == ten_minutes));
        assert!(matches!(failure(429, false, "").of_publish(), Retry { after, .. } if after == ten_minutes));
    }

    #[test]
    fn the_words_name_code_and_message_without_markup() {
        let PublishError::Rejected { told } = coded(400, "empty_content").of_publish() else { panic!() };
        assert_eq!(told.reason, "the site refuses this (HTTP 400 Bad Request) (empty_content: Ой)");
        assert_eq!(told.answer.unwrap().status, 400);
    }
}
