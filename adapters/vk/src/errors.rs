//! VK's errors: what each code means for what happens next, and what a person is told to do.

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::Deserialize;
use vestnik_contract::http::Reply;
use vestnik_contract::text::cut;
use vestnik_contract::{AdapterError, Evidence, PublishError, Told, ToldKind};

use crate::credentials::{Role, Unusable};

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3600);
/// Longer texts of VK's own are cut in sentences for officers.
const TEXT_MAX: usize = 200;

/// What follows from an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Class {
    /// Not executed; safe to repeat after this long.
    Again(Duration),
    /// Nobody knows whether it was executed.
    Unknown,
    /// Never for this post.
    Never,
    /// A person must act on the account.
    Person,
}

/// The `error` object of an answer. Everything but the code may be missing.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct ApiError {
    #[serde(rename = "error_code")]
    pub(crate) code: i64,
    #[serde(rename = "error_subcode")]
    pub(crate) subcode: Option<i64>,
    #[serde(rename = "error_msg", default)]
    pub(crate) text: String,
}

/// An error that VK answered to one call.
#[derive(Debug, Clone)]
pub(crate) struct Refusal {
    pub(crate) code: i64,
    pub(crate) class: Class,
    pub(crate) kind: ToldKind,
    /// The token may not call the method at all, whatever it is called for.
    pub(crate) lacks_right: bool,
    /// `Retry-After`, when a proxy in front of VK set one.
    after: Option<Duration>,
    /// What VK said, and what to do.
    pub(crate) what: String,
    pub(crate) todo: &'static str,
    answer: Evidence,
    /// The `Date` header.
    pub(crate) date: Option<DateTime<Utc>>,
}

/// Why a call brought no answer.
#[derive(Debug, Clone)]
pub(crate) enum Failure {
    /// The channel has no token for it, or the token cannot be read or renewed.
    NoToken(Unusable),
    /// Nothing was sent, for a reason that may pass: no connection was made, or a token could not be read just now.
    NotSent(Told),
    /// The call may have been executed.
    Lost(Told),
    /// A gateway asked to wait.
    Throttled {
        /// How long.
        after: Option<Duration>,
        /// What was said.
        told: Told,
    },
    /// The user's token had ended and was renewed; the same call may be made at once.
    Renewed,
    /// VK answered an error.
    Refused(Box<Refusal>),
}

impl ApiError {
    /// Code 15 says so by its subcode (1133: the method, 1134: the application) or by its text alone.
    fn lacks_right(&self) -> bool {
        self.code == 15
            && (matches!(self.subcode, Some(1133 | 1134)) || self.text.to_lowercase().contains("no access to call"))
    }

    pub(crate) fn refusal(&self, role: Role, method: &str, reply: &Reply, evidence: Evidence) -> Refusal {
        let (class, kind, todo) = ruling(self, role);
        let text = cut(self.text.trim().trim_end_matches('.'), TEXT_MAX);
        let what = format!("VK answered {method} with error {} ({text})", self.code);
        Refusal {
            code: self.code,
            class,
            kind,
            lacks_right: self.lacks_right(),
            after: reply.retry_after(),
            what,
            todo,
            answer: evidence,
            date: reply.date(),
        }
    }
}

impl Refusal {
    /// Both as one sentence, with the answer.
    pub(crate) fn told(&self) -> Told {
        Told::with(self.kind, format!("{}: {}", self.what, self.todo), self.answer.clone())
    }

    /// Whether a user's one-hour token may simply have ended.
    pub(crate) fn ends_the_token(&self) -> bool {
        matches!(self.code, 5 | 1114 | 1116 | 1117)
    }
}

impl Failure {
    /// What it means for a call that must not be repeated blindly.
    pub(crate) fn of_publish(self) -> PublishError {
        match self {
            Self::Lost(told) => PublishError::InDoubt { told },
            Self::Refused(refusal) if refusal.class == Class::Unknown => PublishError::InDoubt { told: refusal.told() },
            other => other.of_prepare(),
        }
    }

    /// What it means for a call that can be repeated (uploads, watermarks).
    pub(crate) fn of_prepare(self) -> PublishError {
        match self {
            Self::NoToken(unusable) => PublishError::Unauthorised { told: unusable.told() },
            Self::NotSent(told) | Self::Lost(told) => PublishError::Retry { after: None, told },
            Self::Throttled { after, told } => PublishError::Retry { after, told },
            Self::Renewed => PublishError::Retry { after: Some(Duration::ZERO), told: renewed() },
            Self::Refused(refusal) => {
                let told = refusal.told();
                match refusal.class {
                    Class::Again(wait) => PublishError::Retry { after: refusal.after.or(Some(wait)), told },
                    Class::Unknown => PublishError::Retry { after: None, told },
                    Class::Never => PublishError::Rejected { told },
                    Class::Person => PublishError::Unauthorised { told },
                }
            }
        }
    }

    /// What it means for a question.
    pub(crate) fn of_question(self) -> AdapterError {
        match self.of_prepare() {
            PublishError::Unauthorised { told } => AdapterError::Unauthorised { told },
            PublishError::Retry { after, told } => AdapterError::Retry { after, told },
            other => AdapterError::Unclear { told: other.told().clone() },
        }
    }

    /// The refusal with one of these codes.
    pub(crate) fn refused_with(&self, codes: &[i64]) -> Option<&Refusal> {
        match self {
            Self::Refused(refusal) if codes.contains(&refusal.code) => Some(refusal),
            _ => None,
        }
    }
}

fn renewed() -> Told {
    Told::plain(ToldKind::TokenRenewed, "the user token had ended and was renewed; the same call is made again")
}

/// The table of errors (API schema 5.199, `errors.json`, and what callers report): what follows, of what kind it is,
/// what to do.
fn ruling(error: &ApiError, role: Role) -> (Class, ToldKind, &'static str) {
    use Class::{Again, Never, Person, Unknown};
    use ToldKind as Kind;
    let text = error.text.to_lowercase();
    // What a repeated key answers is not documented; if it is an error, the first post may well stand.
    if text.contains("guid") {
        let todo = "the post may stand already; the wall is read before anything is sent again";
        return (Unknown, Kind::Duplicate, todo);
    }
    match error.code {
        1 | 10 | 36 => {
            let todo = "whether the call took effect is not known; the wall is read before it is made again";
            (Unknown, Kind::PlatformFailing, todo)
        }
        6 => {
            let todo = "too many calls in a second; it is made again shortly";
            (Again(Duration::from_secs(2)), Kind::RateLimited, todo)
        }
        9 => (Again(HOUR), Kind::RateLimited, "too many like actions; nothing to do, it is tried again in an hour"),
        29 => {
            let todo = "the day's number of such calls is used up; it is tried again later";
            (Again(6 * HOUR), Kind::DailyLimit, todo)
        }
        103 | 219 | 220 | 223 | 224 => {
            (Again(HOUR), Kind::RateLimited, "a limit of VK is reached; it is tried again in an hour")
        }
        43 => {
            let todo = "this part of VK is switched off for now; it is tried again in some minutes";
            (Again(5 * MINUTE), Kind::Unavailable, todo)
        }
        22 | 105 | 114 | 118 | 121 | 122 | 129 => {
            let todo = "the upload went wrong; the file is uploaded again";
            (Again(Duration::from_secs(10)), Kind::UploadFailed, todo)
        }
        5 | 1114 | 1116 | 1117 => (Person, kind_of_token(error.code, &text), ended_token(role)),
        14 => (
            Person,
            Kind::Captcha,
            "VK wants to see a person and a program cannot solve the picture; sign in on vk.com with the account the \
             token belongs to, publish or change something by hand until VK asks no more, then resume the channel",
        ),
        17 => (
            Person,
            Kind::ConfirmationAsked,
            "sign in on vk.com with the token's account, confirm what VK asks for, then resume the channel",
        ),
        27 => (
            Person,
            Kind::TokenRefused,
            "the community key was revoked or is not taken for this method; make a new key in the community's \
             settings, and if the error stays, remove community_token and give a user_token with the right `wall`",
        ),
        28 => {
            (Person, Kind::TokenRefused, "the service key is not valid; copy it again from the application's settings")
        }
        15 if error.lacks_right() => (
            Person,
            Kind::NoRights,
            "the token lacks the right to call this method (`wall`, `photos` or `docs`); make a token with that right",
        ),
        7 | 15 | 30 | 200 | 203 | 204 | 210..=213 => (
            Person,
            Kind::NoRights,
            "the token has no access to this wall or object; check that the community is open, that group_id is right \
             and that the token's owner manages the community",
        ),
        214 => adding_denied(&text),
        40 | 125 => (Person, Kind::ChannelUnseen, "group_id names no community that this token sees; correct it"),
        18 | 37 | 3610 => {
            let todo = "the token's account is deleted or blocked; make a token from another manager";
            (Person, Kind::AccountBlocked, todo)
        }
        42 => {
            let todo = "VK does not take calls from this server's address; allow it in the application's settings";
            (Person, Kind::ServerRefused, todo)
        }
        13000 => {
            let todo = "the community has active strikes; a manager must settle them on vk.com";
            (Person, Kind::AccountBlocked, todo)
        }
        3 | 23 => {
            let todo = "VK does not know or no longer offers this method; check `version` and look for an update";
            (Person, Kind::NotSetUp, todo)
        }
        24 | 703 | 704 | 3300..=3305 | 3609 => (
            Person,
            Kind::ConfirmationAsked,
            "VK asks the token's account for a confirmation; sign in on vk.com, give it, then resume the channel",
        ),
        2 | 4 | 11 | 16 | 20 | 21 | 25 | 34 | 101 => {
            let todo = "the application behind the token is not set up for this; check it on dev.vk.com";
            (Person, Kind::NotSetUp, todo)
        }
        100 if text.contains("attachments") || text.contains("message") => {
            let todo = "VK does not take this text with these files and this link; change the post";
            (Never, Kind::ContentRefused, todo)
        }
        222 => {
            let todo = "VK does not allow the link in this post; take the link out or use another address";
            (Never, Kind::LinkRefused, todo)
        }
        19 => (Never, Kind::ContentRefused, "VK has blocked what the post shows; change the post"),
        8 | 12 | 13 | 100 | 106 | 113 | 150 | 225 => {
            let todo = "VK will not take this; read its words, change the post and queue it again";
            (Never, Kind::ContentRefused, todo)
        }
        3102 => (Never, Kind::ContentRefused, "VK does not take the named source; leave it out"),
        104 => (Never, Kind::PostGone, "there is nothing under this id on VK any more"),
        // Pausing burns no post, whatever a code that nobody has seen yet may mean.
        _ => {
            let todo =
                "vestnik does not know this error; read VK's words, mend what they name, then resume the channel";
            (Person, Kind::Refused, todo)
        }
    }
}

/// Code 5 says by its text alone whether the token's time was over.
fn kind_of_token(code: i64, text: &str) -> ToldKind {
    let has_ended = matches!(code, 1114 | 1117) || text.contains("expired");
    if has_ended { ToldKind::TokenEnded } else { ToldKind::TokenRefused }
}

fn ended_token(role: Role) -> &'static str {
    match role {
        Role::Community => {
            "make a new community_token in the community's settings (API usage), then resume the channel"
        }
        Role::Service => "copy the service_token again from the application's settings, then resume the channel",
        Role::User => "sign in as a manager again for a new user_token, then resume the channel",
    }
}

/// Code 214 says by its text alone what is the matter.
fn adding_denied(text: &str) -> (Class, ToldKind, &'static str) {
    if text.contains("posts a day") || text.contains("posts on a day") {
        let todo = "the community's posts for a day are used up; it is tried again later";
        (Class::Again(3 * HOUR), ToldKind::DailyLimit, todo)
    } else if text.contains("already scheduled") || text.contains("postpone") {
        let todo = "VK keeps another post for this time; queue the post again for another time";
        (Class::Never, ToldKind::TimeTaken, todo)
    } else {
        let todo = "VK does not let this token add posts; check its rights and that the wall is open for posts";
        (Class::Person, ToldKind::NoRights, todo)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn class(code: i64, text: &str) -> Class {
        ruling(&ApiError { code, subcode: None, text: text.into() }, Role::Community).0
    }

    #[test]
    fn adding_denied_is_read_by_its_text() {
        assert!(matches!(class(214, "Access to adding post denied: you can only add 50 posts a day"), Class::Again(_)));
        assert!(matches!(class(214, "you can only schedule 25 posts on a day"), Class::Again(_)));
        assert_eq!(class(214, "a post is already scheduled for this time"), Class::Never);
        assert_eq!(class(214, "Access to adding post denied: cannot postpone post"), Class::Never);
        assert_eq!(class(214, ""), Class::Person);
    }

    #[test]
    fn a_token_that_ended_is_told_from_one_that_is_not_taken() {
        let kind = |code, text: &str| ruling(&ApiError { code, subcode: None, text: text.into() }, Role::User).1;
        assert_eq!(kind(1117, ""), ToldKind::TokenEnded);
        assert_eq!(kind(5, "User authorization failed: access_token has expired."), ToldKind::TokenEnded);
        assert_eq!(kind(5, "User authorization failed: invalid session."), ToldKind::TokenRefused);
    }

    #[test]
    fn server_trouble_leaves_the_outcome_unknown_and_only_for_a_post() {
        for code in [1, 10, 36] {
            assert_eq!(class(code, "Internal server error"), Class::Unknown);
        }
        let refusal = Refusal {
            code: 10,
            class: Class::Unknown,
            kind: ToldKind::PlatformFailing,
            lacks_right: false,
            after: None,
            what: "VK answered wall.post with error 10".into(),
            todo: "the wall is read",
            answer: Evidence { status: 200, body: String::new() },
            date: None,
        };
        let failure = Failure::Refused(Box::new(refusal));
        assert!(matches!(failure.clone().of_publish(), PublishError::InDoubt { .. }));
        assert!(matches!(failure.clone().of_prepare(), PublishError::Retry { .. }));
        assert!(matches!(failure.of_question(), AdapterError::Retry { .. }));
    }

    #[test]
    fn the_new_captcha_has_no_picture_and_is_read_all_the_same() {
        let error: ApiError =
            serde_json::from_str(r#"{"error_code":14,"redirect_uri":"https://id.vk.com/x"}"#).unwrap();
        let (class, kind, _) = ruling(&error, Role::User);
        assert_eq!((class, kind), (Class::Person, ToldKind::Captcha));
    }
}
