//! The program itself, as an operator runs it.

use std::error::Error;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

type Failure = Box<dyn Error + Send + Sync>;

/// What the program logs when it is ready.
const READY: &str = "vestnik is at work";

/// A running `vestnik serve`; it is ended when dropped.
pub struct Program {
    /// From its start to ready.
    pub start: Duration,
    child: Child,
}

impl Program {
    /// Starts it and waits until it is ready.
    pub fn serve(config: &Path) -> Result<Self, Failure> {
        let begun = Instant::now();
        let mut child = Command::new(env!("CARGO_BIN_EXE_vestnik"))
            .arg("--config")
            .arg(config)
            .arg("serve")
            .env("RUST_LOG", "info")
            .stderr(Stdio::piped())
            .spawn()?;
        let mut log = BufReader::new(child.stderr.take().ok_or("the program has no pipe")?);
        let mut line = String::new();
        while !line.contains(READY) {
            line.clear();
            if log.read_line(&mut line)? == 0 {
                return Err("the program ended before it was ready".into());
            }
        }
        let start = begun.elapsed();
        // A full pipe would stop the program.
        std::thread::spawn(move || std::io::copy(&mut log, &mut std::io::sink()));
        Ok(Self { start, child })
    }

    /// Its process id.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // It may have ended by itself.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
