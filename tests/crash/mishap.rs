//! What goes wrong on the platforms meanwhile.

use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;
use rand::{Rng as _, RngExt as _};
use vestnik_sandbox::Fault;
use vestnik_sandbox::faults::Canned;

use crate::PLATFORMS;
use crate::press::Press;

/// Up to two calls of this life fail, most of them the one that publishes.
pub fn befall(press: &Press, chance: &mut StdRng) {
    for _ in 0..chance.random_range(0..3) {
        let platform = *PLATFORMS.choose(chance).unwrap();
        let call = match chance.random_range(0..10) {
            0..6 => platform.publishing_call(),
            6 => platform.editing_call(),
            7 => platform.retracting_call(),
            _ => None,
        };
        press.town.server(platform).switches.next(call.unwrap_or("*"), fault(chance));
    }
}

/// Everything works again.
pub fn end(press: &Press) {
    for platform in PLATFORMS {
        press.town.server(platform).switches.clear();
    }
}

fn fault(chance: &mut StdRng) -> Fault {
    match chance.next_u32() % 6 {
        0 | 1 => Fault::CommitThenDrop,
        2 => Fault::DropBefore,
        3 => Fault::CommitThenAnswer(Canned::html(502)),
        4 => Fault::Truncate,
        _ => Fault::Refuse(Canned::html(503).retry_after(chance.random_range(1..30))),
    }
}
