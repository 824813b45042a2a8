//! What vestnik asks of a platform.
//!
//! A platform is one crate that implements [`Adapter`] and knows nothing of vestnik but this crate: no database,
//! no schedule, no hold. Start reading at [`adapter`], then [`error`]: the split of the errors is what makes
//! "nothing twice, nothing lost" possible. A new adapter passes the `conformance` suite before anything else.

pub mod adapter;
pub mod clock;
mod codes;
#[cfg(feature = "conformance")]
pub mod conformance;
pub mod content;
pub mod error;
pub mod figure;
pub mod finding;
pub mod http;
pub mod markdown;
pub mod misfit;
pub mod prepared;
pub mod reading;
pub mod rendered;
pub mod renewals;
pub mod secret;
pub mod settings;
pub mod text;
mod tls;
pub mod told;

pub use adapter::{Adapter, DoubtPolicy, Pace, Purpose, Traits};
pub use clock::{Clock, SetClock, SystemClock};
pub use content::{Content, Media, MediaKind};
pub use error::{AdapterError, PublishError};
pub use figure::{Figure, Figures};
pub use finding::{Finding, FindingKind};
pub use misfit::{Misfit, MisfitCode};
pub use prepared::{DeliveryKey, Evidence, Prepared, Receipt, RemoteId};
pub use reading::{Found, Health, PlatformClock, Presence, RemotePost, Shown, Sighting};
pub use rendered::{Drawn, LengthUnit, Limits, Markup, Rendered};
pub use renewals::Renewals;
pub use secret::{Secret, SecretError, SecretSource};
pub use settings::{BaseUrl, ChannelSettings, Context, SettingsError};
pub use told::{Told, ToldKind};
