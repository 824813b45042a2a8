//! The people of the desk: who they are, how they come in, what they may do. Rules stand here; the desk, its interface
//! for programs and the command line ask them alike.
//!
//! How long a secret is good (a one-time address, a token, a session) is counted in the machine's time; the journal has
//! the office's clock, which runs faster in a demonstration.

mod arrive;
mod error;
mod hash;
mod invite;
mod names;
mod password;
mod rights;
mod ruler;
mod secret;
mod sign_in;
mod token;

pub use arrive::{FIRST_HOURS, INVITATION_DAYS};
pub use error::{PeopleError, Refusal};
pub use invite::{Colleague, Invited};
pub use password::{PASSWORD_CHARS_MAX, PASSWORD_CHARS_MIN};
pub use ruler::Ruler;
pub use secret::{random_secret, sha256_hex};
pub use sign_in::Recognised;
pub use token::{Bearer, TOKEN_DAYS, TOKEN_PREFIX, TokenWish};

use chrono::{DateTime, Utc};
use vestnik_contract::{Clock as _, SystemClock};

/// The machine's time, by which secrets end.
pub fn real_now() -> DateTime<Utc> {
    SystemClock.now()
}
