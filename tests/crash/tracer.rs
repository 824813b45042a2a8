//! Makes the n-th system call of a running daemon its last, or fail.

use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, ChildStderr, Command, Stdio};

use crate::press::{Daemon, Press, not_run, send_signal};

/// What befalls a system call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Harm {
    /// The process dies on entering it.
    Kill,
    /// It fails with this error, once.
    Fails(&'static str),
    /// It and all that follow fail with this error.
    FailsFromNowOn(&'static str),
}

/// strace on a daemon; lets go when dropped.
pub struct Tracer {
    strace: Child,
    calls: PathBuf,
    // It goes on talking.
    _told: BufReader<ChildStderr>,
}

impl Tracer {
    /// From now on, the `nth` call of this name (counted for each thread) meets the harm.
    pub fn attach(press: &Press, daemon: &Daemon, call: &str, nth: usize, harm: Harm) -> Self {
        let harm = match harm {
            Harm::Kill => format!("signal=KILL:when={nth}"),
            Harm::Fails(error) => format!("error={error}:when={nth}"),
            Harm::FailsFromNowOn(error) => format!("error={error}:when={nth}+"),
        };
        let calls = press.path("calls");
        let mut strace = Command::new("strace")
            .args(["-f", "-p", &daemon.id().to_string(), "-e", &format!("trace={call}")])
            .args(["-e", &format!("inject={call}:{harm}"), "-o"])
            .arg(&calls)
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut told = BufReader::new(strace.stderr.take().unwrap());
        let mut first = String::new();
        told.read_line(&mut first).unwrap();
        assert!(first.contains("attached"), "strace: {first}");
        Self { strace, calls, _told: told }
    }

    /// Whether a call was made to fail so far.
    pub fn has_struck(&self) -> bool {
        std::fs::read_to_string(&self.calls).is_ok_and(|calls| calls.contains("(INJECTED)"))
    }
}

impl Drop for Tracer {
    fn drop(&mut self) {
        // It ends with the daemon, or lets go of it when asked.
        if matches!(self.strace.try_wait(), Ok(None)) {
            send_signal(self.strace.id(), "TERM");
        }
        drop(self.strace.wait());
    }
}

/// Whether this user may trace processes here. Where not, it is said.
pub fn is_permitted() -> bool {
    let tried = Command::new("strace").args(["-qq", "-o", "/dev/null", "true"]).output();
    let permitted = tried.as_ref().is_ok_and(|ran| ran.status.success());
    if !permitted {
        not_run(format!("strace cannot trace here: {tried:?}"));
    }
    permitted
}
