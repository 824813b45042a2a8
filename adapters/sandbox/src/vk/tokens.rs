//! Who may call what (dev.vk.com, access tokens; API schema 5.199, `access_token_type`).

use std::collections::VecDeque;

use chrono::{DateTime, TimeDelta, Utc};

use super::refusal::Refusal;

/// Rights as bits of a token's mask.
pub mod rights {
    /// Pictures.
    pub const PHOTOS: i64 = 4;
    /// Films.
    pub const VIDEO: i64 = 16;
    /// Messages of a community.
    pub const MESSAGES: i64 = 4096;
    /// The wall.
    pub const WALL: i64 = 8192;
    /// Documents.
    pub const DOCS: i64 = 131_072;
    /// A community's settings (for a user's token: the communities).
    pub const MANAGE: i64 = 262_144;
    /// Everything an office gives its own program.
    pub const ALL: i64 = PHOTOS | VIDEO | MESSAGES | WALL | DOCS | MANAGE;
    /// Every right with its name.
    pub(crate) const NAMES: [(&str, i64); 6] = [
        ("photos", PHOTOS),
        ("video", VIDEO),
        ("messages", MESSAGES),
        ("wall", WALL),
        ("docs", DOCS),
        ("manage", MANAGE),
    ];
}

/// Whose token it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// A community's key.
    Community {
        /// The community.
        group: i64,
    },
    /// An application's service key.
    Service,
    /// A person's token.
    User {
        /// The person.
        id: i64,
        /// The communities they manage.
        manages: Vec<i64>,
    },
}

/// A token and what was done with it.
#[derive(Debug, Clone)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) rights: i64,
    pub(super) revoked: bool,
    pub(super) expires: Option<DateTime<Utc>>,
    pub(super) captcha: bool,
    recent: VecDeque<DateTime<Utc>>,
}

impl Token {
    pub(super) fn new(kind: Kind, rights: i64) -> Self {
        Self { kind, rights, revoked: false, expires: None, captcha: false, recent: VecDeque::new() }
    }

    /// Whether it still works.
    pub(super) fn alive(&self, now: DateTime<Utc>) -> Result<(), Refusal> {
        if self.revoked {
            return Err(Refusal::new(5, "User authorization failed: invalid access_token (4)."));
        }
        if self.expires.is_some_and(|end| end <= now) {
            return Err(Refusal::new(1117, "Access token has expired."));
        }
        Ok(())
    }

    /// Counts a call; code 6 above the documented rate of its kind.
    pub(super) fn pace(&mut self, now: DateTime<Utc>) -> Result<(), Refusal> {
        let most = match self.kind {
            Kind::User { .. } => 3,
            Kind::Service => 5,
            Kind::Community { .. } => 20,
        };
        while self.recent.front().is_some_and(|at| now - *at >= TimeDelta::seconds(1)) {
            self.recent.pop_front();
        }
        if self.recent.len() >= most {
            return Err(Refusal::new(6, "Too many requests per second"));
        }
        self.recent.push_back(now);
        Ok(())
    }

    /// Whether its kind and rights allow a method.
    pub(super) fn may_call(&self, needs: Needs) -> Result<(), Refusal> {
        let allowed = match self.kind {
            Kind::Community { .. } => needs.community,
            Kind::Service => needs.service,
            Kind::User { .. } => needs.user,
        };
        if !allowed {
            return Err(match self.kind {
                Kind::Community { .. } => {
                    Refusal::new(27, "Group authorization failed: method is unavailable with group auth.")
                }
                Kind::Service => {
                    Refusal::new(28, "Application authorization failed: method is unavailable with service token.")
                }
                Kind::User { .. } => Refusal::new(15, "Access denied: method is unavailable with user auth"),
            });
        }
        if self.kind != Kind::Service && self.rights & needs.right != needs.right {
            return Err(Refusal::no_right());
        }
        Ok(())
    }

    /// Whether it may change things in a community.
    pub(super) fn manages(&self, group: i64) -> Result<(), Refusal> {
        let manages = match &self.kind {
            Kind::Community { group: own } => *own == group,
            Kind::Service => false,
            Kind::User { manages, .. } => manages.contains(&group),
        };
        if manages { Ok(()) } else { Err(Refusal::new(15, "Access denied")) }
    }
}

/// What a method asks of a token.
#[derive(Debug, Clone, Copy)]
pub(super) struct Needs {
    community: bool,
    service: bool,
    user: bool,
    right: i64,
}

impl Needs {
    const fn of(community: bool, service: bool, user: bool, right: i64) -> Self {
        Self { community, service, user, right }
    }
}

/// The matrix of methods and token kinds; `None` for a method that is not known here.
pub(super) fn needs(method: &str) -> Option<Needs> {
    Some(match method {
        "wall.post" => Needs::of(true, false, true, rights::WALL),
        "wall.get" | "wall.getById" => Needs::of(false, true, true, 0),
        "wall.edit" | "wall.delete" | "wall.restore" => Needs::of(false, false, true, rights::WALL),
        "photos.getWallUploadServer" | "photos.saveWallPhoto" => Needs::of(false, false, true, rights::PHOTOS),
        "docs.getWallUploadServer" | "docs.save" => Needs::of(true, false, true, rights::DOCS),
        "video.save" => Needs::of(false, false, true, rights::VIDEO),
        "account.getAppPermissions" => Needs::of(false, false, true, 0),
        "groups.getTokenPermissions" => Needs::of(true, false, false, 0),
        "groups.getById" | "utils.getServerTime" | "users.get" | "captcha.force" | "execute" => {
            Needs::of(true, true, true, 0)
        }
        "groups.getLongPollServer"
        | "groups.getLongPollSettings"
        | "groups.setLongPollSettings"
        | "groups.getCallbackConfirmationCode"
        | "groups.getCallbackServers"
        | "groups.addCallbackServer"
        | "groups.editCallbackServer"
        | "groups.deleteCallbackServer"
        | "groups.getCallbackSettings"
        | "groups.setCallbackSettings" => Needs::of(true, false, true, rights::MANAGE),
        _ => return None,
    })
}
