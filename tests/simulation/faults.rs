//! What can happen to one call of a platform, by chance.

use std::time::Duration;

use chrono::TimeDelta;
use vestnik_contract::{AdapterError, PublishError, Told, ToldKind};

use crate::chance::Chance;
use crate::turns::Life;
use crate::world::Inner;

/// A request that takes longer has been given up by everybody.
pub const ARRIVES_WITHIN: Duration = Duration::from_secs(12);
/// The answer to a write may take so long: longer than the first looks of a second daemon wait.
const ANSWERED_WITHIN: Duration = Duration::from_secs(120);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    None,
    Refused(Duration),
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
    /// The platform shows nothing, and does not say why.
    OutOfSight,
    /// The platform shows several posts that may be the one.
    Ambiguous,
}

const REFUSALS: &str = "refusals";
const LOST_REQUESTS: &str = "lost requests";
const LATE_ARRIVALS: &str = "late arrivals";
const LOST_REPLIES: &str = "lost replies";
const SLOW_REQUESTS: &str = "slow requests";
const SLOW_REPLIES: &str = "slow replies";
const LIMITS_WITH_A_TIME: &str = "rate limits with a time";
const LIMITS: &str = "rate limits";
const EXPIRED_TOKENS: &str = "expired tokens";
const RUBBISH: &str = "rubbish answers";
const NO_TIMES: &str = "answers without a time";
const OUT_OF_SIGHT: &str = "posts out of sight";
const AMBIGUOUS: &str = "posts that may be another's";

/// All that can happen to a call.
pub const KINDS: &[&str] = &[
    REFUSALS,
    LOST_REQUESTS,
    LATE_ARRIVALS,
    LOST_REPLIES,
    SLOW_REQUESTS,
    SLOW_REPLIES,
    LIMITS_WITH_A_TIME,
    LIMITS,
    EXPIRED_TOKENS,
    RUBBISH,
    NO_TIMES,
    OUT_OF_SIGHT,
    AMBIGUOUS,
];

/// One call, as far as chance is concerned.
#[derive(Clone, Copy)]
struct Call<'a> {
    op: &'a str,
    writes: bool,
    by_person: bool,
}

impl Fault {
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "calls that went well",
            Self::Refused(_) => REFUSALS,
            Self::LostRequest => LOST_REQUESTS,
            Self::ArrivesLate(_) => LATE_ARRIVALS,
            Self::LostReply => LOST_REPLIES,
            Self::SlowRequest(_) => SLOW_REQUESTS,
            Self::SlowReply(_) => SLOW_REPLIES,
            Self::Limited(Some(_)) => LIMITS_WITH_A_TIME,
            Self::Limited(None) => LIMITS,
            Self::Locked => EXPIRED_TOKENS,
            Self::Rubbish => RUBBISH,
            Self::NoClock => NO_TIMES,
            Self::OutOfSight => OUT_OF_SIGHT,
            Self::Ambiguous => AMBIGUOUS,
        }
    }

    /// What happens to this call.
    pub fn by_chance(world: &mut Inner, (slug, op): (&str, &str), chance: &mut Chance, life: &Life) -> Self {
        let now = world.now;
        if world.platforms[slug].locked_until.is_some_and(|until| now < until) && op != "clock" {
            // The same token, still without value: told once.
            return Self::Locked;
        }
        let call = Call { op, writes: matches!(op, "publish" | "edit" | "retract"), by_person: life.by_person };
        let fault = match Self::owed(world, call, chance) {
            Some(owed) => owed,
            None if call.writes && chance.percent(world.losses) => Self::loss(call, chance),
            // Questions are asked every few seconds, writes are few.
            None if chance.percent(if call.writes { world.trouble * 2 } else { world.trouble }) => {
                Self::some(call, chance)
            }
            None => Self::None,
        };
        if fault == Self::NoClock && !may_hide_its_clock(world, slug, life) {
            return Self::None;
        }
        if fault == Self::Locked {
            let until = now + TimeDelta::minutes(chance.between(10, 180));
            world.platforms.get_mut(slug).unwrap().locked_until = Some(until);
        }
        if fault != Self::None {
            world.tally.count(fault.name());
        }
        fault
    }

    /// Something that the story owes and that fits this call.
    fn owed(world: &mut Inner, call: Call<'_>, chance: &mut Chance) -> Option<Self> {
        if call.by_person || world.owed.is_empty() {
            return None;
        }
        let (late, answered) = (within(ARRIVES_WITHIN, chance), within(ANSWERED_WITHIN, chance));
        let fitting: &[Self] = match call.op {
            "publish" => &[
                Self::Refused(late),
                Self::LostRequest,
                Self::LostReply,
                Self::ArrivesLate(late),
                Self::SlowRequest(late),
                Self::SlowReply(answered),
                Self::Rubbish,
            ],
            "prepare" => &[Self::Limited(Some(answered)), Self::Limited(None)],
            "presence" => &[Self::NoClock, Self::OutOfSight, Self::Locked],
            "find" => &[Self::Ambiguous],
            _ => &[],
        };
        fitting.iter().copied().find(|fault| world.owes(fault.name()))
    }

    /// The request or its answer is lost.
    fn loss(call: Call<'_>, chance: &mut Chance) -> Self {
        match chance.below(6) {
            0..3 => Self::LostRequest,
            3 if call.op == "publish" => Self::ArrivesLate(within(ARRIVES_WITHIN, chance)),
            _ => Self::LostReply,
        }
    }

    fn some(call: Call<'_>, chance: &mut Chance) -> Self {
        let Call { op, writes, by_person } = call;
        let (late, wait) = (within(ARRIVES_WITHIN, chance), within(Duration::from_secs(1200), chance));
        let answered = if writes { within(ANSWERED_WITHIN, chance) } else { late };
        match chance.below(20) {
            0..2 if writes || op == "prepare" => Self::LostRequest,
            2..4 if writes => Self::LostReply,
            4 if op == "publish" => Self::ArrivesLate(late),
            5 if writes || op == "prepare" => Self::Refused(if by_person { Duration::ZERO } else { late }),
            // A person's command is waited for.
            6..10 if !by_person => Self::SlowRequest(late),
            10..13 if !by_person => Self::SlowReply(answered),
            13 if op != "clock" && chance.percent(10) => Self::Locked,
            14..16 if matches!(op, "presence" | "clock") => Self::NoClock,
            16 if matches!(op, "presence" | "at_address") => Self::OutOfSight,
            16 if op == "find" => Self::Ambiguous,
            17 if op != "prepare" => Self::Rubbish,
            18 => Self::Limited(Some(wait)),
            _ => Self::Limited(None),
        }
    }

    /// How long the request, or a word instead of it, takes to come through.
    pub fn on_its_way(self) -> Option<Duration> {
        match self {
            Self::SlowRequest(time) | Self::Refused(time) => Some(time).filter(|time| !time.is_zero()),
            _ => None,
        }
    }

    /// What a write hears that did not arrive.
    pub fn refusal(self) -> Option<PublishError> {
        Some(match self {
            Self::Refused(_) => {
                PublishError::Rejected { told: told(ToldKind::ContentRefused, "the platform refuses this") }
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
            Self::None
            | Self::NoClock
            | Self::OutOfSight
            | Self::Ambiguous
            | Self::SlowRequest(_)
            | Self::SlowReply(_) => return None,
            Self::Locked => AdapterError::Unauthorised { told: told(ToldKind::TokenRefused, "the token is not valid") },
            Self::Rubbish => {
                AdapterError::Unclear { told: told(ToldKind::NotUnderstood, "this is not the answer of the platform") }
            }
            Self::Limited(after) => {
                AdapterError::Retry { after, told: told(ToldKind::RateLimited, "too many requests") }
            }
            Self::Refused(_) | Self::LostRequest | Self::ArrivesLate(_) | Self::LostReply => {
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
    platform.primary || known || platform.ahead >= TimeDelta::zero() && world.steps.is_empty()
}

fn within(most: Duration, chance: &mut Chance) -> Duration {
    let seconds = chance.between(1, i64::try_from(most.as_secs()).unwrap());
    Duration::from_secs(seconds.unsigned_abs())
}

fn told(kind: ToldKind, what: &str) -> Told {
    Told::plain(kind, what)
}
