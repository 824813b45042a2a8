//! What can happen to one call of a platform, by chance.

use std::time::Duration;

use chrono::TimeDelta;
use vestnik_contract::{AdapterError, PublishError, Told, ToldKind};

use crate::chance::Chance;
use crate::turns::Life;
use crate::world::Inner;

/// A call that takes longer, or arrives later, has been given up by everybody. Together with [`LISTED_WITHIN`] it is less
/// than the last look of the platforms' `doubt_policy` waits, also when our clock is moved between two looks.
pub const ARRIVES_WITHIN: Duration = Duration::from_secs(18);
/// A list shows a new post after this at the latest.
pub const LISTED_WITHIN: Duration = Duration::from_secs(25);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    None,
    Refused,
    LostRequest,
    /// Nobody waits for the answer any more when the request arrives.
    ArrivesLate(Duration),
    LostReply,
    SlowRequest(Duration),
    SlowReply(Duration),
    Limited(Option<Duration>),
    Locked,
    Rubbish,
    NoClock,
}

impl Fault {
    fn name(self) -> &'static str {
        match self {
            Self::None => "calls that went well",
            Self::Refused => "refusals",
            Self::LostRequest => "lost requests",
            Self::ArrivesLate(_) => "late arrivals",
            Self::LostReply => "lost replies",
            Self::SlowRequest(_) | Self::SlowReply(_) => "slow calls",
            Self::Limited(Some(_)) => "rate limits with a time",
            Self::Limited(None) => "rate limits",
            Self::Locked => "expired tokens",
            Self::Rubbish => "rubbish answers",
            Self::NoClock => "answers without a time",
        }
    }

    /// What happens to this call.
    pub fn by_chance(world: &mut Inner, (slug, op): (&str, &str), chance: &mut Chance, life: &Life) -> Self {
        let now = world.now;
        let platform = &world.platforms[slug];
        let fault = if platform.locked_until.is_some_and(|until| now < until) && op != "clock" {
            Self::Locked
        } else {
            let writes = matches!(op, "publish" | "edit" | "retract");
            // Questions are asked every few seconds, writes are few.
            if !chance.percent(if writes { world.trouble * 2 } else { world.trouble }) {
                return Self::None;
            }
            let fault = Self::some(op, writes, chance, life.by_person);
            if fault == Self::NoClock && !may_hide_its_clock(world, slug, life) {
                return Self::None;
            }
            if fault == Self::Locked {
                let until = now + TimeDelta::minutes(chance.between(10, 600));
                world.platforms.get_mut(slug).unwrap().locked_until = Some(until);
            }
            fault
        };
        if fault != Self::None {
            let primary = world.platforms[slug].primary;
            world.tally.count(fault.name());
            world.tally.meets(fault.name(), met_by(op, primary));
        }
        fault
    }

    fn some(op: &str, writes: bool, chance: &mut Chance, by_person: bool) -> Self {
        let mut within = |most: Duration| {
            let seconds = chance.between(1, i64::try_from(most.as_secs()).unwrap());
            Duration::from_secs(seconds.unsigned_abs())
        };
        let (late, wait) = (within(ARRIVES_WITHIN), within(Duration::from_secs(1200)));
        match chance.below(20) {
            0..2 if writes => Self::LostRequest,
            2..6 if writes => Self::LostReply,
            6..8 if op == "publish" => Self::ArrivesLate(late),
            8 if matches!(op, "publish" | "edit") => Self::Refused,
            // A person's command is waited for.
            9..12 if !by_person => Self::SlowRequest(late),
            12..14 if !by_person => Self::SlowReply(late),
            14 if op != "clock" && chance.percent(30) => Self::Locked,
            15..17 if matches!(op, "presence" | "clock") => Self::NoClock,
            17 if op != "prepare" => Self::Rubbish,
            18 => Self::Limited(Some(wait)),
            _ => Self::Limited(None),
        }
    }

    /// What a write hears that did not arrive.
    pub fn refusal(self) -> Option<PublishError> {
        Some(match self {
            Self::Refused => {
                PublishError::Rejected { told: told(ToldKind::ContentRefused, "the platform refuses this text") }
            }
            Self::LostRequest | Self::ArrivesLate(_) => {
                PublishError::InDoubt { told: told(ToldKind::NoAnswer, "the connection ended before an answer came") }
            }
            Self::Locked => PublishError::Unauthorised { told: told(ToldKind::TokenRefused, "the token is not valid") },
            Self::Limited(after) => {
                PublishError::Retry { after, told: told(ToldKind::RateLimited, "too many requests") }
            }
            _ => return None,
        })
    }

    /// What a write hears that did arrive.
    pub fn lost(self) -> Option<PublishError> {
        match self {
            Self::LostReply => Some(PublishError::InDoubt { told: told(ToldKind::NoAnswer, "the answer was lost") }),
            Self::Rubbish => {
                Some(PublishError::InDoubt { told: told(ToldKind::NotUnderstood, "the answer is rubbish") })
            }
            _ => None,
        }
    }

    /// What a question hears instead of an answer.
    pub fn no_answer(self) -> Option<AdapterError> {
        Some(match self {
            Self::None | Self::NoClock | Self::SlowRequest(_) | Self::SlowReply(_) => return None,
            Self::Locked => AdapterError::Unauthorised { told: told(ToldKind::TokenRefused, "the token is not valid") },
            Self::Rubbish => {
                AdapterError::Unclear { told: told(ToldKind::NotUnderstood, "this is not the answer of the platform") }
            }
            Self::Limited(after) => {
                AdapterError::Retry { after, told: told(ToldKind::RateLimited, "too many requests") }
            }
            Self::Refused | Self::LostRequest | Self::ArrivesLate(_) | Self::LostReply => {
                AdapterError::Retry { after: None, told: told(ToldKind::NoAnswer, "no answer") }
            }
        })
    }
}

/// A follower that never told this daemon the time is released by the other clocks, and where its own is behind, its
/// stamp is early: no clock could be seen that says so (`docs/reliability.md`). What it told goes on by our clock, so it
/// is misunderstood when that is moved.
fn may_hide_its_clock(world: &Inner, slug: &str, life: &Life) -> bool {
    let platform = &world.platforms[slug];
    let known = platform.told == Some((life.number, platform.ahead, world.ahead));
    platform.primary || known || platform.ahead >= TimeDelta::zero() && world.stepped.is_none()
}

/// The state of a delivery when the daemon makes such a call for it.
fn met_by(op: &str, primary: bool) -> &'static str {
    match op {
        "prepare" if primary => "queued",
        "prepare" | "presence" | "clock" => "held",
        "publish" => "releasing",
        "find" => "in_doubt",
        _ => "published",
    }
}

fn told(kind: ToldKind, what: &str) -> Told {
    Told::plain(kind, what)
}
