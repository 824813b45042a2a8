//! Channels that a person works by hand: sites without an interface (the federal Gosweb), and the MAX channel of an
//! office that has no bot yet.
//!
//! vestnik says when and what to publish; the person publishes, then enters the public address; vestnik fetches the
//! page and records what it saw. `publish`, `edit` and `retract` therefore always end in
//! [`vestnik_contract::PublishError::Handed`] with one sentence that says what to do.
//!
//! What vestnik cannot see here: whether a page shows the text that was queued (a site's theme stands around it, so
//! texts are [`opaque`](vestnik_contract::Shown::opaque)), and, unless `sees_deletion` says otherwise, whether a
//! page is gone (a single-page application such as `max.ru` may answer 200 to anything).

mod adapter;
mod address;
mod page;
mod render;
mod settings;

pub use settings::Settings;
