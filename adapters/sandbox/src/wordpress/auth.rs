//! Application passwords and roles.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use http::HeaderMap;
use http::header::AUTHORIZATION;
use serde_json::{Map, Value};

/// The id of the user the application password belongs to.
pub(super) const OUR_USER: u64 = 2;
/// The id of the colleague who works by hand.
pub(super) const COLLEAGUE: u64 = 1;

/// A role of `WordPress`, as far as posts are concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// May do everything with everybody's posts; its HTML is not filtered.
    Editor,
    /// May publish and upload; only its own posts.
    Author,
    /// May write drafts, neither publish nor upload.
    Contributor,
    /// May read.
    Subscriber,
}

impl Role {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Editor => "editor",
            Self::Author => "author",
            Self::Contributor => "contributor",
            Self::Subscriber => "subscriber",
        }
    }

    pub(super) fn may(self, capability: &str) -> bool {
        match capability {
            "read" => true,
            "edit_posts" | "delete_posts" => self != Self::Subscriber,
            "publish_posts" | "upload_files" | "edit_published_posts" | "delete_published_posts" => {
                matches!(self, Self::Editor | Self::Author)
            }
            "edit_others_posts" | "delete_others_posts" | "manage_categories" | "unfiltered_html" => {
                self == Self::Editor
            }
            _ => false,
        }
    }

    /// The map of capabilities as `users/me` lists them: only those the role has.
    pub(super) fn capabilities(self) -> Map<String, Value> {
        const ALL: [&str; 11] = [
            "read",
            "edit_posts",
            "delete_posts",
            "publish_posts",
            "upload_files",
            "edit_published_posts",
            "delete_published_posts",
            "edit_others_posts",
            "delete_others_posts",
            "manage_categories",
            "unfiltered_html",
        ];
        let mut map: Map<String, Value> =
            ALL.iter().filter(|c| self.may(c)).map(|c| ((*c).to_owned(), Value::Bool(true))).collect();
        map.insert(self.name().into(), Value::Bool(true));
        map
    }
}

/// Our user on the site.
#[derive(Debug)]
pub(super) struct Account {
    pub(super) user: String,
    password: String,
    pub(super) role: Role,
    pub(super) revoked: bool,
    pub(super) offered: bool,
}

/// Who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Visitor {
    Anonymous,
    User(Role),
}

impl Account {
    pub(super) fn new(user: &str, password: &str) -> Self {
        Self {
            user: user.into(),
            password: without_blanks(password),
            role: Role::Author,
            revoked: false,
            offered: true,
        }
    }

    /// A stock site treats wrong credentials as none at all.
    pub(super) fn visitor(&self, headers: &HeaderMap) -> Visitor {
        if self.revoked || !self.offered {
            return Visitor::Anonymous;
        }
        let given = headers.get(AUTHORIZATION).and_then(|v| v.to_str().ok()).and_then(|v| v.strip_prefix("Basic "));
        let given = given.and_then(|v| BASE64_STANDARD.decode(v).ok()).and_then(|v| String::from_utf8(v).ok());
        match given.as_deref().and_then(|v| v.split_once(':')) {
            Some((user, password)) if user == self.user && without_blanks(password) == self.password => {
                Visitor::User(self.role)
            }
            _ => Visitor::Anonymous,
        }
    }
}

impl Visitor {
    pub(super) fn may(self, capability: &str) -> bool {
        matches!(self, Self::User(role) if role.may(capability))
    }

    /// Whether this visitor may change a post of `author`.
    pub(super) fn may_edit(self, author: u64) -> bool {
        self.may("edit_posts") && (author == OUR_USER || self.may("edit_others_posts"))
    }

    /// `WordPress` says 401 to the anonymous and 403 to those it knows.
    pub(super) fn refused(self) -> u16 {
        if self == Self::Anonymous { 401 } else { 403 }
    }
}

fn without_blanks(password: &str) -> String {
    password.chars().filter(|c| !c.is_whitespace()).collect()
}
