//! What goes wrong in the town, in one way for all platforms.

use super::{Platform, Town};
use crate::faults::{Canned, Fault};
use crate::server::Server;

/// Stands for every call of a platform.
const EVERY_CALL: &str = "*";

impl Town {
    /// The next post is taken by the platform, and the connection is cut before it answers. `false` where people
    /// publish: there is no reply to lose.
    pub fn lose_next_reply(&self, platform: Platform) -> bool {
        let Some(call) = platform.publishing_call() else { return false };
        self.servers(platform).for_each(|server| server.switches.next(call, Fault::CommitThenDrop));
        true
    }

    /// Whether a platform is down: every call is answered 502 by a proxy in front of it.
    pub fn outage(&self, platform: Platform, on: bool) {
        for server in self.servers(platform) {
            server.switches.lift(EVERY_CALL);
            if on {
                server.switches.always(EVERY_CALL, Fault::Refuse(Canned::html(502)));
            }
        }
    }

    /// Every server of a platform: one, or one for each organisation.
    pub(super) fn servers(&self, platform: Platform) -> impl Iterator<Item = &Server> {
        let shared = matches!(platform, Platform::Max | Platform::Vk | Platform::Ok);
        let one = shared.then(|| self.server(platform)).into_iter();
        let own = self.organisations.iter().filter(move |_| !shared).map(move |organisation| match platform {
            Platform::Webhook => &organisation.webhook.server,
            Platform::Manual => &organisation.manual.server,
            _ => &organisation.wordpress.server,
        });
        one.chain(own)
    }
}
