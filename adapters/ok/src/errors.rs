//! What OK's error codes mean for the caller (OK API, "error codes").

use std::time::Duration;

use vestnik_contract::http::SendError;
use vestnik_contract::{AdapterError, PublishError, Told, ToldKind};

/// Anti-spam blocks end after hours; asking sooner prolongs them.
const BLOCKED: Duration = Duration::from_secs(3_600);
/// Method quotas and flood control.
const FLOODED: Duration = Duration::from_secs(600);

/// What follows from an error code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    /// Nobody knows whether a write took effect.
    Unknown,
    /// This content or this call will never be taken.
    Permanent,
    /// A person must act on the account, the application or the group.
    Operator,
    /// To be repeated after a long wait.
    Wait(Duration),
}

/// Why a call brought no answer that can be used.
#[derive(Debug)]
pub(crate) enum CallError {
    /// No whole answer arrived.
    Send(SendError),
    /// An answer arrived that is not the platform's: a gateway's page, broken JSON.
    Unreadable(Told),
    /// The platform's answer is not of the shape that the method has.
    OddShape(Told),
    /// HTTP 429: a gateway turned the call away.
    TurnedAway {
        /// How long it asked us to wait.
        after: Option<Duration>,
        /// What was said.
        told: Told,
    },
    /// The platform's own error.
    Refused {
        /// Its `error_code`.
        code: i64,
        /// How long it asked us to wait.
        after: Option<Duration>,
        /// What was said.
        told: Told,
    },
    /// The token had expired, so nothing was done; there is a new one now.
    Renewed(Told),
    /// The token had expired, so nothing was done, and it could not be renewed for now.
    NotRenewed(Told),
    /// A credential could not be read just now, so nothing was done.
    Unread(Told),
    /// There is no usable credential.
    NoCredential(Told),
}

/// `mediatopic.edit` after the time in which topics may be edited.
pub(crate) const EDIT_WINDOW_OVER: i64 = 704;
/// The token has expired.
pub(crate) const SESSION_EXPIRED: i64 = 102;
/// The thing asked for is not there.
pub(crate) const NOT_FOUND: i64 = 300;

impl CallError {
    /// What it means for a call that must not be repeated blindly.
    pub(crate) fn of_publish(self) -> PublishError {
        match self {
            Self::Send(error) => error.of_publish(),
            Self::Unreadable(told) | Self::OddShape(told) => PublishError::InDoubt { told },
            Self::Refused { code, told, .. } if class(code) == Class::Unknown => PublishError::InDoubt { told },
            other => other.of_prepare(),
        }
    }

    /// What it means for a call that can be repeated (uploads, the snapshot of the group).
    pub(crate) fn of_prepare(self) -> PublishError {
        match self {
            Self::Send(error) => error.of_prepare(),
            Self::Unreadable(told)
            | Self::OddShape(told)
            | Self::Renewed(told)
            | Self::NotRenewed(told)
            | Self::Unread(told) => PublishError::Retry { after: None, told },
            Self::TurnedAway { after, told } => PublishError::Retry { after, told },
            Self::NoCredential(told) => PublishError::Unauthorised { told },
            Self::Refused { code, after, told } => match class(code) {
                Class::Unknown => PublishError::Retry { after, told },
                Class::Permanent => PublishError::Rejected { told },
                Class::Operator => PublishError::Unauthorised { told },
                Class::Wait(long) => PublishError::Retry { after: after.or(Some(long)), told },
            },
        }
    }

    /// What it means for a question.
    pub(crate) fn of_read(self) -> AdapterError {
        match self {
            Self::Send(error) => error.into(),
            Self::Unreadable(told) | Self::Renewed(told) | Self::NotRenewed(told) | Self::Unread(told) => {
                AdapterError::Retry { after: None, told }
            }
            Self::OddShape(told) => AdapterError::Unclear { told },
            Self::TurnedAway { after, told } => AdapterError::Retry { after, told },
            Self::NoCredential(told) => AdapterError::Unauthorised { told },
            Self::Refused { code, after, told } => match class(code) {
                Class::Unknown => AdapterError::Retry { after, told },
                Class::Permanent => AdapterError::Unclear { told },
                Class::Operator => AdapterError::Unauthorised { told },
                Class::Wait(long) => AdapterError::Retry { after: after.or(Some(long)), told },
            },
        }
    }

    /// Whether the platform said this code.
    pub(crate) fn is_code(&self, wanted: i64) -> bool {
        matches!(self, Self::Refused { code, .. } if *code == wanted)
    }

    /// Whether the platform said that the call as such can have no other answer: the thing is not there, a
    /// parameter names nothing.
    pub(crate) fn is_permanent(&self) -> bool {
        matches!(self, Self::Refused { code, .. } if class(*code) == Class::Permanent)
    }
}

/// One sentence for an officer: the code, the platform's words, the way out.
pub(crate) fn sentence(method: &str, code: i64, message: &str) -> String {
    let message = if message.is_empty() { "no message" } else { message };
    format!("OK answered {method} with error {code} ({message}); {}", way_out(code))
}

fn class(code: i64) -> Class {
    match code {
        7 | 511 => Class::Wait(BLOCKED),
        8 | 11 => Class::Wait(FLOODED),
        4
        | 12
        | 21
        | 100
        | 106
        | 110
        | 120
        | 121
        | 140
        | 141
        | 150
        | 151
        | 211..=214
        | 220
        | 300
        | 324
        | 454
        | 455
        | 458
        | 500..=505
        | 508
        | 512
        | 513
        | 600..=607
        | 700..=702
        | 704..=706
        | 1200
        | 5000 => Class::Permanent,
        3
        | 9
        | 10
        | 22
        | 24
        | 50
        | 101..=105
        | 160
        | 200
        | 210
        | 401..=403
        | 451
        | 453
        | 456
        | 457
        | 514
        | 900
        | 1300..=1302 => Class::Operator,
        // 1, 2, 30, 31 and 9999 are the platform's own trouble; of a code that nobody has written down nothing is
        // known, least of all that the call was not carried out.
        _ => Class::Unknown,
    }
}

/// What kind of thing a code says.
pub(crate) fn kind(code: i64) -> ToldKind {
    use ToldKind as Kind;
    match code {
        7 | 511 => Kind::SpamSuspected,
        8 | 11 => Kind::RateLimited,
        9 => Kind::ServerRefused,
        10 | 24 | 50 | 200 => Kind::NoRights,
        22 | 401..=403 | 514 => Kind::ConfirmationAsked,
        102 => Kind::TokenEnded,
        103 | 104 | 451 | 453 => Kind::TokenRefused,
        3 | 101 | 105 | 210 | 900 => Kind::NotSetUp,
        160 => Kind::ChannelUnseen,
        300 => Kind::PostGone,
        500..=505 => Kind::FileRefused,
        600 | 601 => Kind::TooLong,
        607 => Kind::LinkRefused,
        704 => Kind::EditTooLate,
        _ => match class(code) {
            Class::Unknown => Kind::PlatformFailing,
            Class::Permanent => Kind::ContentRefused,
            Class::Operator => Kind::Refused,
            Class::Wait(_) => Kind::RateLimited,
        },
    }
}

fn way_out(code: i64) -> &'static str {
    match code {
        9 => "OK finds this server's address suspicious: publish from another address or write to api-support@ok.ru",
        10 | 200 => {
            "the token's user needs a role in the group, and the application the rights VALUABLE_ACCESS, \
             GROUP_CONTENT and PHOTO_CONTENT; `vestnik check` says which is missing"
        }
        22 | 401..=403 | 514 => "the token's user must enter OK and confirm the account there",
        24 | 50 => "make the token's user an administrator of the group",
        101 | 900 => "copy application_key again from the application's settings on OK",
        102 | 103 => "get a new access token and put it where the configuration says",
        104 | 105 => "application_secret_key does not belong to application_key or to the token; copy all three again",
        160 => "check group_id: OK knows no such group, or the token's user does not see it",
        210 => "the application is switched off; its owner must switch it on on OK",
        451 | 453 => "access_token is missing or of another kind; get a new one",
        456 => "the group's settings forbid it; its administrator must allow it",
        454 => "OK's censor matched a word; change the text and queue it again",
        500 => "make the picture's file smaller and queue it again",
        501 | 502 => "change the picture's size in pixels and queue it again",
        503..=505 => "replace the picture by a JPEG or PNG and queue it again",
        600 => "the topic has too many parts; take out the link or the pictures, and lower blocks_max",
        601 => "shorten the text, and lower text_max to what OK takes",
        607 => "correct the link and queue it again",
        704 => "the time in which OK lets a topic be edited is over; withdraw it and publish anew",
        100 | 4 | 21 | 220 | 324 | 1200 | 5000 => "OK does not take the call in this form; tell vestnik's makers",
        _ => match class(code) {
            Class::Unknown => "OK itself has trouble; what happened is looked up",
            Class::Permanent => "change the post and queue it again",
            Class::Operator => "the group's administrator must look at the account and the application on OK",
            Class::Wait(_) => "OK asks to wait; it is tried again later",
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(code: i64) -> CallError {
        CallError::Refused {
            code,
            after: None,
            told: Told::plain(kind(code), sentence("mediatopic.post", code, "X : y")),
        }
    }

    #[test]
    fn every_code_of_the_platform_has_its_class() {
        for code in [1, 2, 30, 31, 9999, 777_777, -1, 0] {
            assert!(matches!(refused(code).of_publish(), PublishError::InDoubt { .. }), "{code}");
            assert!(matches!(refused(code).of_prepare(), PublishError::Retry { .. }), "{code}");
            assert!(matches!(refused(code).of_read(), AdapterError::Retry { .. }), "{code}");
        }
        for code in [4, 12, 21, 100, 106, 121, 151, 214, 220, 300, 324, 454, 455, 458, 500, 505, 508, 600, 607, 704] {
            assert!(matches!(refused(code).of_publish(), PublishError::Rejected { .. }), "{code}");
            assert!(matches!(refused(code).of_read(), AdapterError::Unclear { .. }), "{code}");
        }
        for code in [3, 9, 10, 22, 24, 50, 101, 103, 104, 160, 200, 210, 401, 403, 451, 453, 456, 457, 514, 900, 1301] {
            assert!(matches!(refused(code).of_publish(), PublishError::Unauthorised { .. }), "{code}");
            assert!(matches!(refused(code).of_read(), AdapterError::Unauthorised { .. }), "{code}");
        }
        for code in [7, 8, 11, 511] {
            let PublishError::Retry { after: Some(after), .. } = refused(code).of_publish() else { panic!("{code}") };
            assert!(after >= Duration::from_secs(60), "{code}");
        }
    }

    #[test]
    fn what_is_said_has_a_kind() {
        for (code, told) in [
            (7, ToldKind::SpamSuspected),
            (11, ToldKind::RateLimited),
            (102, ToldKind::TokenEnded),
            (200, ToldKind::NoRights),
            (403, ToldKind::ConfirmationAsked),
            (454, ToldKind::ContentRefused),
            (501, ToldKind::FileRefused),
            (601, ToldKind::TooLong),
            (607, ToldKind::LinkRefused),
            (704, ToldKind::EditTooLate),
            (9999, ToldKind::PlatformFailing),
        ] {
            assert_eq!(kind(code), told, "{code}");
        }
    }

    #[test]
    fn a_wait_that_the_platform_names_counts() {
        let after = Some(Duration::from_secs(17));
        let error = CallError::Refused { code: 8, after, told: Told::plain(kind(8), "") };
        assert!(matches!(error.of_publish(), PublishError::Retry { after: a, .. } if a == after));
    }

    #[test]
    fn the_sentence_names_code_words_and_way_out() {
        let told = sentence("mediatopic.post", 454, "CENSOR_MATCH : ругательство");
        assert_eq!(
            told,
            "OK answered mediatopic.post with error 454 (CENSOR_MATCH : ругательство); OK's censor matched a word; \
             change the text and queue it again"
        );
    }
}
