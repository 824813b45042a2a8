//! How often somebody may try: passwords per account and per address, and how many refusals the journal is told.
//!
//! Who does not know a password must not keep its owner out by guessing. So the narrow limit of an account is that of
//! one network: tries from elsewhere leave its owner's alone. Altogether an account can be tried more often, but not as
//! often as one has networks. Who knew the password was not guessing, however often they come and go.
//!
//! It is kept in memory alone: a restart forgets it, and who could make us restart could do worse.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultDirectRateLimiter, DefaultKeyedRateLimiter, Quota, RateLimiter};
use ipnet::IpNet;

use super::WebError;
use crate::domain::people;
use crate::office::people::sha256_hex;

/// Of one login from one network: ten at once, then one in half a minute.
const OF_AN_ACCOUNT_HERE: Limit = Limit { burst: 10, seconds: 30 };
/// Of one login, from wherever: more networks than one household has must try at once before it counts.
const OF_AN_ACCOUNT: Limit = Limit { burst: 100, seconds: 5 };
/// From one address: a whole town hall may sit behind it.
const OF_AN_ADDRESS: Limit = Limit { burst: 60, seconds: 5 };
/// Refusals of one person or from one address that the journal is told.
const TOLD_OF_ONE: Limit = Limit { burst: 20, seconds: 60 };
/// Refusals that the journal is told altogether.
const TOLD: Limit = Limit { burst: 200, seconds: 5 };
/// After so many tries those that are long past are forgotten.
const SWEEP_EVERY: u32 = 1024;

#[derive(Debug, Clone, Copy)]
struct Limit {
    burst: u32,
    /// Another one after so many seconds.
    seconds: u64,
}

impl Limit {
    fn quota(self) -> Quota {
        let burst = NonZeroU32::new(self.burst).unwrap_or(NonZeroU32::MIN);
        Quota::with_period(Duration::from_secs(self.seconds)).unwrap_or(Quota::per_minute(burst)).allow_burst(burst)
    }
}

/// Counts tries.
#[derive(Debug)]
pub(super) struct Throttle {
    /// By login, network and how often it was known there.
    accounts_here: DefaultKeyedRateLimiter<String>,
    accounts: DefaultKeyedRateLimiter<String>,
    addresses: DefaultKeyedRateLimiter<String>,
    told_of_one: DefaultKeyedRateLimiter<String>,
    told: DefaultDirectRateLimiter,
    /// How often the password of a login was known in a network.
    known: Mutex<HashMap<String, u64>>,
    tries: AtomicU32,
}

impl Default for Throttle {
    fn default() -> Self {
        Self {
            accounts_here: RateLimiter::keyed(OF_AN_ACCOUNT_HERE.quota()),
            accounts: RateLimiter::keyed(OF_AN_ACCOUNT.quota()),
            addresses: RateLimiter::keyed(OF_AN_ADDRESS.quota()),
            told_of_one: RateLimiter::keyed(TOLD_OF_ONE.quota()),
            told: RateLimiter::direct(TOLD.quota()),
            known: Mutex::default(),
            tries: AtomicU32::new(0),
        }
    }
}

impl Throttle {
    /// Whether a password may be tried; if not, after how many seconds.
    pub(super) fn may_try(&self, login: &str, address: &str) -> Result<(), WebError> {
        self.sweep();
        let login = hashed(login);
        let here = format!("{login} {}", network(address));
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner).get(&here).copied().unwrap_or_default();
        // The widest last: what is refused before uses up nothing of what the account has elsewhere.
        for (limiter, key) in [
            (&self.addresses, neighbourhood(address)),
            (&self.accounts_here, format!("{here} {known}")),
            (&self.accounts, login),
        ] {
            if let Err(until) = limiter.check_key(&key) {
                let seconds = until.wait_time_from(DefaultClock::default().now()).as_secs();
                return Err(WebError::TooMany(seconds.max(1)));
            }
        }
        Ok(())
    }

    /// The password was known: of this login, tries from this network are counted anew.
    pub(super) fn known(&self, login: &str, address: &str) {
        let here = format!("{} {}", hashed(login), network(address));
        *self.known.lock().unwrap_or_else(PoisonError::into_inner).entry(here).or_default() += 1;
    }

    /// Whether the journal is told of one more refusal of this person, or from this address.
    pub(super) fn may_tell(&self, of: &str) -> bool {
        self.sweep();
        self.told_of_one.check_key(&neighbourhood(of)).is_ok() && self.told.check().is_ok()
    }

    fn sweep(&self) {
        if self.tries.fetch_add(1, Ordering::Relaxed) % SWEEP_EVERY == SWEEP_EVERY - 1 {
            for keyed in [&self.accounts_here, &self.accounts, &self.addresses, &self.told_of_one] {
                keyed.retain_recent();
                keyed.shrink_to_fit();
            }
        }
    }
}

/// What is typed may be long, and may be a password in the wrong field.
fn hashed(login: &str) -> String {
    sha256_hex(&people::login(login))
}

/// An address, or the network that one household or office is given: with IPv6 everyone has addresses without end.
fn neighbourhood(address: &str) -> String {
    address.parse().map_or_else(|_| address.to_owned(), |ip| neighbours(ip).to_string())
}

/// The same of an address that is one.
pub(super) fn neighbours(ip: IpAddr) -> IpAddr {
    match ip.to_canonical() {
        IpAddr::V6(ip) => {
            let [a, b, c, d, ..] = ip.segments();
            Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).into()
        }
        v4 @ IpAddr::V4(_) => v4,
    }
}

/// What somebody has who has more than one address: the 256 around it, or what a provider gives one customer.
fn network(address: &str) -> String {
    let cut = |net: Result<IpNet, _>| net.map(|net| net.trunc().to_string());
    match address.parse::<IpAddr>().map(|ip| ip.to_canonical()) {
        Ok(ip) => cut(IpNet::new(ip, if ip.is_ipv4() { 24 } else { 48 })).unwrap_or_else(|_| ip.to_string()),
        Err(_) => address.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_is_tried_ten_times_from_one_network() {
        for (here, elsewhere) in [("10.0.0.", "10.0.1.1"), ("2001:db8:1:", "2001:db8:2::1")] {
            let throttle = Throttle::default();
            let near = |n: u32| if here.contains(':') { format!("{here}{n}::1") } else { format!("{here}{n}") };
            for n in 0..10 {
                assert!(throttle.may_try("petrova", &near(n)).is_ok());
            }
            let Err(WebError::TooMany(seconds)) = throttle.may_try(" Petrova ", &near(99)) else { panic!("no limit") };
            assert!((1..=30).contains(&seconds), "{seconds}");
            assert!(throttle.may_try("ivanov", &near(99)).is_ok());
            assert!(throttle.may_try("petrova", elsewhere).is_ok(), "its owner sits elsewhere");
        }
    }

    #[test]
    fn who_knows_the_password_comes_as_often_as_they_like() {
        let throttle = Throttle::default();
        for _ in 0..30 {
            assert!(throttle.may_try("petrova", "10.0.0.1").is_ok());
            throttle.known(" Petrova ", "10.0.0.2");
        }
        let here = (0..20).filter(|_| throttle.may_try("petrova", "10.0.0.1").is_ok()).count();
        assert_eq!(here, 10, "then somebody guesses");
    }

    #[test]
    fn an_account_is_tried_a_hundred_times_from_wherever() {
        let throttle = Throttle::default();
        let tried = (0..200).filter(|n| throttle.may_try("petrova", &format!("10.0.{n}.1")).is_ok()).count();
        assert!((100..=102).contains(&tried), "{tried}");
        assert!(throttle.may_try("ivanov", "10.0.0.1").is_ok());
    }

    #[test]
    fn an_address_is_its_network_where_addresses_are_free() {
        let throttle = Throttle::default();
        for n in 0..60 {
            assert!(throttle.may_try(&format!("login-{n}"), &format!("2001:db8:1:2::{n:x}")).is_ok());
        }
        assert!(throttle.may_try("login-60", "2001:db8:1:2:ffff::1").is_err());
        assert!(throttle.may_try("login-60", "2001:db8:1:3::1").is_ok());
        assert_eq!(neighbourhood("::ffff:192.0.2.1"), neighbourhood("192.0.2.1"));
    }

    #[test]
    fn the_journal_is_not_flooded() {
        let throttle = Throttle::default();
        assert_eq!((0..1000).filter(|_| throttle.may_tell("petrova")).count(), 20);
        let all = (0..1000).filter(|n| throttle.may_tell(&format!("somebody-{n}"))).count();
        assert!((180..=185).contains(&all), "{all}");
    }
}
