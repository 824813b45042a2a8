//! The machine's clock, set wrong while the program runs.

use std::path::PathBuf;

use chrono::TimeDelta;

use crate::SPEED;
use crate::press::{Press, not_run};

/// Shows every program of an office what time a file says it is.
pub struct Machine {
    file: PathBuf,
}

impl Machine {
    /// A wall clock that lies beside an elapsed time that is true: somebody sets the clock. `None`, with a word about
    /// it, where libfaketime is not installed.
    pub fn with_wrong_clock(press: &mut Press) -> Option<Self> {
        let machine = Self::asleep(press)?;
        press.environment.push(("FAKETIME_DONT_FAKE_MONOTONIC", "1".into()));
        press.environment.push(("DONT_FAKE_MONOTONIC", "1".into()));
        Some(machine)
    }

    /// Wall clock and elapsed time jump together: the machine was suspended, and the program did not notice.
    pub fn asleep(press: &mut Press) -> Option<Self> {
        let Some(library) = library() else {
            not_run("libfaketime is not installed (Debian's package faketime)");
            return None;
        };
        let machine = Self { file: press.path("time") };
        machine.says("+0");
        press.environment = vec![
            ("LD_PRELOAD", library.into()),
            ("FAKETIME_TIMESTAMP_FILE", machine.file.clone().into()),
            ("FAKETIME_NO_CACHE", "1".into()),
            ("NO_FAKE_STAT", "1".into()),
        ];
        Some(machine)
    }

    /// Sets it ahead by so much of the office's time; negative is back.
    pub fn set_ahead(&self, office_time: TimeDelta) {
        #[expect(clippy::cast_precision_loss, reason = "milliseconds of a few months")]
        let seconds = office_time.num_milliseconds() as f64 / 1000.0 / f64::from(SPEED);
        self.says(&format!("{seconds:+.6}"));
    }

    /// From the start of each program on, it runs this much faster than it should.
    pub fn runs(&self, times: &str) {
        self.says(&format!("+0 x{times}"));
    }

    /// In one step: a program reads the file whenever it asks for the time.
    fn says(&self, time: &str) {
        let draft = self.file.with_extension("draft");
        std::fs::write(&draft, time).unwrap();
        std::fs::rename(draft, &self.file).unwrap();
    }
}

fn library() -> Option<PathBuf> {
    let places = std::fs::read_dir("/usr/lib").ok()?;
    let files = places.flatten().map(|place| place.path().join("faketime/libfaketimeMT.so.1"));
    files.into_iter().find(|file| file.exists())
}
