//! A machine that cannot read the files of tokens for a while, as one without a free descriptor.

use std::path::PathBuf;

use vestnik_sandbox::town::Platform;

use crate::press::{Press, wait_until};

/// Whoever reads the beginning of it is told of an input/output error.
const UNREADABLE: &str = "/proc/self/mem";

/// The files of the secrets whose names begin so, out of reach.
struct OutOfReach(Vec<PathBuf>);

impl OutOfReach {
    fn put(press: &Press, is_meant: impl Fn(&str) -> bool) -> Self {
        let files = std::fs::read_dir(press.path("secrets")).unwrap().map(|entry| entry.unwrap().path());
        let meant: Vec<_> = files.filter(|file| is_meant(file.file_name().unwrap().to_str().unwrap())).collect();
        assert!(!meant.is_empty(), "no secret is meant");
        for file in &meant {
            std::fs::rename(file, file.with_extension("kept")).unwrap();
            std::os::unix::fs::symlink(UNREADABLE, file).unwrap();
        }
        Self(meant)
    }

    fn give_back(self) {
        for file in self.0 {
            std::fs::rename(file.with_extension("kept"), file).unwrap();
        }
    }
}

#[test]
fn a_machine_that_reads_no_files_for_a_while_pauses_nothing() {
    let press = Press::fast();
    let of_max = OutOfReach::put(&press, |name| name.contains("max"));
    let of_others = OutOfReach::put(&press, |name| !name.contains("max"));
    let daemon = press.serve();
    let id = press.queue("Без описателей", "");
    let told = |channel: &str| {
        let post = press.json(["post", "show", &id]);
        let deliveries = post["deliveries"].as_array().unwrap().iter();
        deliveries.filter(|delivery| delivery["channel"] == channel).map(ToString::to_string).collect::<String>()
    };
    wait_until("MAX's token cannot be read", || told("gorod-max").contains("could not be read this time"));
    of_max.give_back();
    wait_until("it is out in MAX", || press.count(Platform::Max, "Без описателей") == 1);
    wait_until("the others' cannot", || {
        ["gorod-vk", "gorod-ok", "gorod-site"]
            .iter()
            .all(|channel| told(channel).contains("could not be read this time"))
    });
    for channel in press.json(["channel", "list"]).as_array().unwrap() {
        assert!(channel["paused_at"].is_null(), "{channel}");
    }
    of_others.give_back();
    wait_until("it is out everywhere", || press.is_out(&id));
    daemon.stop();
}
