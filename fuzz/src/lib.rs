//! What strangers send to vestnik, and what must hold whatever they send.
//!
//! Each target is a plain function that takes any bytes and panics where a property does not hold. libFuzzer calls them
//! (`fuzz_targets`), and so do the ordinary tests with a small mutator (`tests/fuzz`).

pub mod answers;
pub mod config;
pub mod history;
mod html;
mod office;
pub mod post_file;
pub mod render;
pub mod upload;
mod wire;

/// Takes any bytes; panics where a property does not hold.
pub type Check = fn(&[u8]);

/// Every target, under the name of its corpus.
pub const TARGETS: [(&str, Check); 11] = [
    ("post_file", post_file::check),
    ("render", render::check),
    ("upload", upload::check),
    ("config", config::check),
    ("history", history::check),
    ("max", |input| answers::check("max", input)),
    ("vk", |input| answers::check("vk", input)),
    ("ok", |input| answers::check("ok", input)),
    ("wordpress", |input| answers::check("wordpress", input)),
    ("webhook", |input| answers::check("webhook", input)),
    ("manual", |input| answers::check("manual", input)),
];
