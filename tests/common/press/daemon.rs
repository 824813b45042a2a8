//! The daemon as a process.

use std::fs::{File, OpenOptions};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use super::run::{code, decent};
use super::wait::wait_for;

/// A running `vestnik serve`; killed when dropped.
pub struct Daemon {
    child: Child,
    log: PathBuf,
    /// Where this daemon's part of the log begins.
    start: usize,
}

/// How a daemon is asked to end.
#[derive(Debug, Clone, Copy)]
pub enum Signal {
    Term,
    Int,
}

impl Daemon {
    pub fn start(program: Command, log: PathBuf) -> Self {
        let mut daemon = Self::launch(program, log);
        wait_for("the daemon is at work", || {
            let ended = daemon.child.try_wait().unwrap();
            assert!(ended.is_none(), "it ended at once ({ended:?}):\n{}", daemon.log());
            daemon.log().contains("vestnik is at work").then_some(())
        });
        daemon
    }

    /// Starts it without waiting for anything.
    pub(super) fn launch(mut program: Command, log: PathBuf) -> Self {
        let start = std::fs::metadata(&log).map_or(0, |meta| usize::try_from(meta.len()).unwrap());
        let file: File = OpenOptions::new().create(true).append(true).open(&log).unwrap();
        let child = program.arg("serve").stdout(Stdio::null()).stderr(file).spawn().unwrap();
        Self { child, log, start }
    }

    /// What it logged so far.
    pub fn log(&self) -> String {
        let all = std::fs::read(&self.log).unwrap();
        String::from_utf8_lossy(&all[self.start..]).into_owned()
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }

    pub fn is_running(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }

    /// Asks it to end, without waiting.
    pub fn ask_to_end(&self, signal: Signal) {
        let name = match signal {
            Signal::Term => "TERM",
            Signal::Int => "INT",
        };
        send_signal(self.child.id(), name);
    }

    /// Stops it between two instructions, as a suspended machine does; it notices nothing.
    pub fn freeze(&self) {
        send_signal(self.child.id(), "STOP");
    }

    /// Lets it go on.
    pub fn thaw(&self) {
        send_signal(self.child.id(), "CONT");
    }

    /// Waits for its end; gives the exit code.
    pub fn ended(mut self) -> Option<i32> {
        wait_for("the daemon ends", || self.child.try_wait().unwrap()).code()
    }

    /// Asks it to end, and it does so in order.
    pub fn stop(self) {
        self.ask_to_end(Signal::Term);
        let log = self.log.clone();
        assert_eq!(self.ended(), Some(0), "{}", std::fs::read_to_string(log).unwrap());
    }

    /// Ends it as a power cut would.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        assert_eq!(code(self.child.wait().unwrap()), None);
    }
}

/// Sends a signal to a process that this test started.
pub fn send_signal(process: u32, name: &str) {
    let sent = Command::new("sh").args(["-c", &format!("kill -{name} {process}")]).status().unwrap();
    assert!(sent.success());
}

impl Drop for Daemon {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
        if !std::thread::panicking() {
            decent(&self.log());
        }
    }
}

impl super::Press {
    /// Starts the daemon and does not wait until it is at work.
    pub fn launch(&self) -> Daemon {
        Daemon::launch(self.program(), self.path("serve.log"))
    }
}
