//! How the real platforms are looked at after an unknown outcome (`adapters/*/src/adapter.rs`), site by site.

use std::time::Duration;

use vestnik_contract::DoubtPolicy;

const fn policy(first: u64, interval: u64, (looks, resends): (u32, u32), within: Option<Duration>) -> DoubtPolicy {
    DoubtPolicy {
        first_look_after: Duration::from_secs(first),
        look_interval: Duration::from_secs(interval),
        looks,
        resends,
        resend_within: within,
    }
}

pub const MAX: DoubtPolicy = policy(30, 60, (2, 3), None);
/// A `guid` protects a second sending for an hour; the toy does without that protection.
pub const VK: DoubtPolicy = policy(30, 30, (2, 1), Some(Duration::from_secs(50 * 60)));
pub const OK: DoubtPolicy = policy(45, 60, (2, 1), None);
/// No draft with a number, as WordPress has: it is looked for like on the others.
pub const SITE: DoubtPolicy = policy(20, 30, (3, 2), None);
