//! What people do to the world: set it up, look at it, and post, edit, pin and delete by hand.

use super::VkSandbox;
use super::model::{Group, Post, Rules, Source};
use super::oauth::Grant;
use super::tokens::{Kind, Token};
use super::world::{Draft, Wall};

impl VkSandbox {
    /// Opens a community.
    pub fn add_group(&self, group: Group) {
        self.shared.world().walls.insert(group.id, Wall::new(group));
    }

    /// Issues a token; `rights` is its mask of [`super::rights`].
    pub fn add_token(&self, token: &str, kind: Kind, rights: i64) {
        self.shared.world().tokens.insert(token.into(), Token::new(kind, rights));
    }

    /// Issues a refresh token for a user's token.
    pub fn add_refresh_token(&self, refresh_token: &str, access_token: &str, client_id: &str, device_id: &str) {
        let grant = Grant {
            client_id: client_id.into(),
            device_id: device_id.into(),
            access_token: access_token.into(),
            renewals: 0,
        };
        self.shared.world().grants.insert(refresh_token.into(), grant);
    }

    /// Revokes a token: code 5 from now on.
    pub fn revoke_token(&self, token: &str) {
        if let Some(token) = self.shared.world().tokens.get_mut(token) {
            token.revoked = true;
        }
    }

    /// Lets a token's hour end: code 1117 from now on.
    pub fn expire_token(&self, token: &str) {
        let now = self.shared.clock.now();
        if let Some(token) = self.shared.world().tokens.get_mut(token) {
            token.expires = Some(now);
        }
    }

    /// Asks whoever uses a token for a captcha until one is solved.
    pub fn ask_captcha(&self, token: &str) {
        if let Some(token) = self.shared.world().tokens.get_mut(token) {
            token.captcha = true;
        }
    }

    /// What VK does where its behaviour is not documented.
    pub fn set_rules(&self, rules: Rules) {
        self.shared.world().rules = rules;
    }

    /// What readers see on a community's wall, newest first.
    pub fn posts(&self, group: i64) -> Vec<Post> {
        self.shared.world().walls.get(&group).map(|w| w.standing().cloned().collect()).unwrap_or_default()
    }

    /// Somebody posts on the site in the community's name; gives the post's id.
    pub fn post_by_hand(&self, group: i64, text: &str) -> Option<i64> {
        let draft =
            Draft { from_id: -group, text: text.into(), attachments: Vec::new(), guid: None, source: Source::Site };
        let now = self.shared.clock.now();
        let id = {
            let mut world = self.shared.world();
            let id = world.walls.get_mut(&group)?.add(draft, now);
            world.announce(group, id);
            id
        };
        self.shared.spread();
        Some(id)
    }

    /// Somebody changes a post's text on the site.
    pub fn edit_by_hand(&self, group: i64, post: i64, text: &str) {
        let now = self.shared.clock.now();
        if let Some(post) = self.shared.world().walls.get_mut(&group).and_then(|w| w.post_mut(post)) {
            post.change(text.into(), now);
        }
    }

    /// Somebody deletes a post on the site.
    pub fn delete_by_hand(&self, group: i64, post: i64) {
        let now = self.shared.clock.now();
        if let Some(wall) = self.shared.world().walls.get_mut(&group) {
            wall.set_deleted(post, Some(now));
        }
    }

    /// Somebody pins a post in place of another.
    pub fn pin_by_hand(&self, group: i64, post: i64) {
        if let Some(wall) = self.shared.world().walls.get_mut(&group) {
            wall.pin(post);
        }
    }
}
