//! Faithful loopback servers of the platforms: worlds with an HTTP face.
//!
//! A world is a plain struct of channels, posts and uploads. Tests change it and look at it afterwards; the HTTP
//! handlers only translate. Every server takes faults through [`faults::Switches`], has a clock of its own that can
//! be wrong ([`clock::WorldClock`]) and keeps a log of every request ([`server::Logged`]).

pub mod clock;
pub mod faults;
mod reader;
pub mod server;

#[cfg(feature = "manual")]
pub mod manual;
#[cfg(feature = "max")]
pub mod max;
#[cfg(feature = "ok")]
pub mod ok;
#[cfg(feature = "town")]
pub mod town;
#[cfg(feature = "vk")]
pub mod vk;
#[cfg(feature = "webhook")]
pub mod webhook;
#[cfg(feature = "wordpress")]
pub mod wordpress;

pub use clock::WorldClock;
pub use faults::{Fault, Switches};
pub use server::{Call, Logged, Server};
