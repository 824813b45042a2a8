//! What a call that did not succeed means, by MAX's table of errors (schema 0.0.33 and what clients saw).

use std::time::Duration;

use chrono::{DateTime, Utc};
use vestnik_contract::text::cut;
use vestnik_contract::{AdapterError, Evidence, PublishError, SecretError, Told, ToldKind};

/// Clients of MAX wait so long before they attach a file again that was still being processed.
const NOT_READY_WAIT: Duration = Duration::from_secs(2);
/// MAX's own words are quoted up to this length (characters).
const QUOTE_MAX: usize = 300;

/// Why a call did not succeed.
#[derive(Debug)]
pub(crate) enum Failure {
    /// There is no usable token, so nothing was sent.
    NoToken(String),
    /// No connection was made, so nothing was sent.
    NotSent(String),
    /// The token could not be read just now, so nothing was sent.
    Unread(String),
    /// No connection was made, because the certificate is not trusted.
    Untrusted { reason: String, todo: &'static str },
    /// The call may have been taken.
    Lost(String),
    /// The call was made, and its answer broke off.
    Cut(String),
    /// MAX, or a machine before it, answered something other than success.
    Refused(Box<Refusal>),
}

/// An answer that is no success.
#[derive(Debug)]
pub(crate) struct Refusal {
    pub(crate) status: u16,
    /// The envelope's `code`; `None` when the answer is no envelope of MAX.
    pub(crate) code: Option<String>,
    pub(crate) message: Option<String>,
    pub(crate) after: Option<Duration>,
    pub(crate) date: Option<DateTime<Utc>>,
    pub(crate) evidence: Evidence,
}

/// What an answer that is no success says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Meaning {
    /// An uploaded file is still being processed; nothing was posted.
    NotReady,
    /// Too many calls; nothing was posted.
    TooMany,
    /// The token is missing, wrong or revoked.
    BadToken,
    /// The bot may not do this on the channel.
    Denied,
    /// There is no such channel or post, or the bot does not see it.
    NotFound,
    /// The request itself is not valid and never will be.
    Invalid,
    /// Nothing certain.
    Nothing,
}

impl Refusal {
    pub(crate) fn meaning(&self) -> Meaning {
        match (self.status, self.code.as_deref()) {
            (_, Some("attachment.not.ready")) => Meaning::NotReady,
            (429, _) | (_, Some("too.many.requests")) => Meaning::TooMany,
            (401, _) | (_, Some("verify.token")) => Meaning::BadToken,
            (_, Some("chat.denied")) | (403, Some(_)) => Meaning::Denied,
            (_, Some("chat.not.found" | "message.not.found" | "not.found")) | (404, Some(_)) => Meaning::NotFound,
            // 408 is the server's own time-out, which says nothing about what happened behind it.
            (408, _) => Meaning::Nothing,
            (_, Some("proto.payload" | "upload.error")) | (400..=499, Some(_)) => Meaning::Invalid,
            _ => Meaning::Nothing,
        }
    }

    /// The status and MAX's own words.
    fn said(&self) -> String {
        match (&self.code, &self.message) {
            (Some(code), Some(message)) => cut(&format!("{code}: {message}"), QUOTE_MAX),
            (Some(code), None) => cut(code, QUOTE_MAX),
            (None, _) => format!("HTTP {} without an explanation", self.status),
        }
    }

    fn told(&self) -> Told {
        let said = self.said();
        let reason = match self.meaning() {
            Meaning::NotReady => {
                format!("MAX is still processing an uploaded file ({said}); it takes it a little later")
            }
            Meaning::TooMany => format!("MAX asks to slow down ({said}); it takes calls again a little later"),
            Meaning::BadToken => format!(
                "MAX does not accept the bot's token ({said}); copy the current one from the bot's advanced settings \
                 on business.max.ru to where this channel's `token` points"
            ),
            Meaning::Denied => format!(
                "MAX does not let the bot do this on the channel ({said}); make it an administrator of the channel \
                 with the rights to read all messages, to write, to edit and to delete"
            ),
            Meaning::NotFound => format!(
                "MAX shows the bot no such channel or post ({said}); check `chat_id`, and that the bot is an \
                 administrator of the channel"
            ),
            Meaning::Invalid => format!("MAX refuses the request ({said}); change what it names"),
            Meaning::Nothing => format!("MAX's answer does not say what became of the call ({said})"),
        };
        Told::with(self.kind(), reason, self.evidence.clone())
    }

    fn kind(&self) -> ToldKind {
        match self.meaning() {
            Meaning::NotReady => ToldKind::FileNotReady,
            Meaning::TooMany => ToldKind::RateLimited,
            Meaning::BadToken => ToldKind::TokenRefused,
            Meaning::Denied => ToldKind::NoRights,
            Meaning::NotFound if self.code.as_deref() == Some("message.not.found") => ToldKind::PostGone,
            Meaning::NotFound => ToldKind::ChannelUnseen,
            Meaning::Invalid if self.code.as_deref() == Some("upload.error") => ToldKind::FileRefused,
            Meaning::Invalid => ToldKind::ContentRefused,
            Meaning::Nothing if self.status >= 500 => ToldKind::PlatformFailing,
            Meaning::Nothing => ToldKind::NotUnderstood,
        }
    }
}

impl From<SecretError> for Failure {
    fn from(error: SecretError) -> Self {
        let reason = error.to_string();
        if error.may_pass() { Self::Unread(reason) } else { Self::NoToken(reason) }
    }
}

impl Failure {
    /// The status, when there was an answer.
    pub(crate) fn status(&self) -> Option<u16> {
        if let Self::Refused(refusal) = self { Some(refusal.status) } else { None }
    }

    /// What the answer says, when there was one.
    pub(crate) fn meaning(&self) -> Option<Meaning> {
        if let Self::Refused(refusal) = self { Some(refusal.meaning()) } else { None }
    }

    /// The `Date` of the answer.
    pub(crate) fn date(&self) -> Option<DateTime<Utc>> {
        if let Self::Refused(refusal) = self { refusal.date } else { None }
    }

    pub(crate) fn told(&self) -> Told {
        match self {
            Self::NoToken(reason) | Self::Unread(reason) => Told::plain(ToldKind::NoCredential, reason),
            Self::NotSent(reason) => Told::plain(ToldKind::NoConnection, reason),
            Self::Lost(reason) => Told::plain(ToldKind::NoAnswer, reason),
            Self::Cut(reason) => Told::plain(ToldKind::AnswerCut, reason),
            Self::Untrusted { reason, todo } => Told::plain(ToldKind::Certificate, format!("{reason}; {todo}")),
            Self::Refused(refusal) => refusal.told(),
        }
    }

    /// For calls that change what readers see. Sent again by itself only what MAX itself said it did not take.
    pub(crate) fn of_publish(&self) -> PublishError {
        let told = self.told();
        match self {
            Self::NoToken(_) => PublishError::Unauthorised { told },
            Self::NotSent(_) | Self::Unread(_) | Self::Untrusted { .. } => PublishError::Retry { after: None, told },
            Self::Lost(_) | Self::Cut(_) => PublishError::InDoubt { told },
            Self::Refused(refusal) => match refusal.meaning() {
                Meaning::NotReady => PublishError::Retry { after: Some(refusal.after.unwrap_or(NOT_READY_WAIT)), told },
                Meaning::TooMany => PublishError::Retry { after: refusal.after, told },
                // A channel that is out of sight is a matter of rights or settings: the post itself is good.
                Meaning::BadToken | Meaning::Denied | Meaning::NotFound => PublishError::Unauthorised { told },
                Meaning::Invalid => PublishError::Rejected { told },
                Meaning::Nothing => PublishError::InDoubt { told },
            },
        }
    }

    /// For calls that no reader sees, and that may be repeated.
    pub(crate) fn of_prepare(&self) -> PublishError {
        match self.of_publish() {
            PublishError::InDoubt { told } => PublishError::Retry { after: None, told },
            certain => certain,
        }
    }

    /// For questions.
    pub(crate) fn of_question(&self) -> AdapterError {
        let told = self.told();
        match self {
            Self::NoToken(_) => AdapterError::Unauthorised { told },
            Self::NotSent(_) | Self::Unread(_) | Self::Untrusted { .. } | Self::Lost(_) | Self::Cut(_) => {
                AdapterError::Retry { after: None, told }
            }
            Self::Refused(refusal) => match refusal.meaning() {
                Meaning::BadToken | Meaning::Denied => AdapterError::Unauthorised { told },
                Meaning::TooMany | Meaning::NotReady => AdapterError::Retry { after: refusal.after, told },
                Meaning::Nothing if refusal.status >= 500 || refusal.status == 408 => {
                    AdapterError::Retry { after: refusal.after, told }
                }
                Meaning::NotFound | Meaning::Invalid | Meaning::Nothing => AdapterError::Unclear { told },
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(status: u16, code: Option<&str>) -> Failure {
        Failure::Refused(Box::new(Refusal {
            status,
            code: code.map(str::to_owned),
            message: Some("text".into()),
            after: None,
            date: None,
            evidence: Evidence { status, body: String::new() },
        }))
    }

    #[test]
    fn what_is_said_has_a_kind() {
        for (status, code, kind) in [
            (400, Some("proto.payload"), ToldKind::ContentRefused),
            (400, Some("attachment.not.ready"), ToldKind::FileNotReady),
            (401, Some("verify.token"), ToldKind::TokenRefused),
            (403, Some("chat.denied"), ToldKind::NoRights),
            (404, Some("chat.not.found"), ToldKind::ChannelUnseen),
            (404, Some("message.not.found"), ToldKind::PostGone),
            (429, None, ToldKind::RateLimited),
            (502, None, ToldKind::PlatformFailing),
            (200, None, ToldKind::NotUnderstood),
        ] {
            assert_eq!(refusal(status, code).told().kind, kind, "{status} {code:?}");
        }
    }

    #[test]
    fn the_table_of_errors_decides_what_happens_to_a_post() {
        let class = |status, code| match refusal(status, code).of_publish() {
            PublishError::Retry { .. } => "retry",
            PublishError::Rejected { .. } => "rejected",
            PublishError::Unauthorised { .. } => "unauthorised",
            PublishError::InDoubt { .. } => "in doubt",
            PublishError::Handed { .. } => "handed",
        };
        for (status, code, expected) in [
            (400, Some("proto.payload"), "rejected"),
            (400, Some("attachment.not.ready"), "retry"),
            (200, Some("attachment.not.ready"), "retry"),
            (200, Some("proto.payload"), "rejected"),
            (200, Some("verify.token"), "unauthorised"),
            (200, Some("something.new"), "in doubt"),
            (200, None, "in doubt"),
            (201, None, "in doubt"),
            (401, None, "unauthorised"),
            (403, Some("verify.token"), "unauthorised"),
            (403, Some("chat.denied"), "unauthorised"),
            (403, None, "in doubt"),
            (404, Some("chat.not.found"), "unauthorised"),
            (404, None, "in doubt"),
            (408, Some("x"), "in doubt"),
            (415, Some("x"), "rejected"),
            (429, None, "retry"),
            (500, Some("internal.error"), "in doubt"),
            (502, None, "in doubt"),
            (503, Some("service.unavailable"), "in doubt"),
        ] {
            assert_eq!(class(status, code), expected, "{status} {code:?}");
        }
    }
}
