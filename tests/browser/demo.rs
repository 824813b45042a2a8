//! The program: `vestnik demo --desk`, and what it prints.

use std::collections::HashMap;
use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

/// The running demo. It ends, and clears up, with this.
pub struct Demo {
    /// `http://127.0.0.1:PORT`.
    pub desk: String,
    /// Where readers look, by platform.
    pub readers: HashMap<String, String>,
    passwords: HashMap<String, String>,
    process: Child,
}

impl Demo {
    /// Starts it and reads everything that it tells a newcomer.
    pub fn start() -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_vestnik"))
            .args(["demo", "--desk"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program that was just built");
        let lines = BufReader::new(process.stdout.take().expect("stdout is a pipe")).lines();
        let (mut desk, mut readers, mut passwords) = (None, HashMap::new(), HashMap::new());
        for line in lines.map(Result::unwrap) {
            if let Some(address) = line.strip_prefix("Desk: ") {
                desk = Some(address.trim_end_matches('/').to_owned());
            }
            let words: Vec<&str> = line.split_whitespace().collect();
            match words.as_slice() {
                [platform, address] if line.starts_with("  ") && address.starts_with("http://") => {
                    readers.insert((*platform).to_owned(), (*address).to_owned());
                }
                [login, password, _, ..] if line.starts_with("  ") => {
                    passwords.insert((*login).to_owned(), (*password).to_owned());
                }
                _ => {}
            }
            if line.contains("Ctrl-C") {
                break;
            }
        }
        let desk = desk.expect("the demo prints `Desk: URL`");
        Self { desk, readers, passwords, process }
    }

    /// The password of a login.
    pub fn password(&self, login: &str) -> &str {
        self.passwords.get(login).unwrap_or_else(|| panic!("the demo names no {login}"))
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        // As Ctrl-C does: the demo takes its folder with it.
        let asked = Command::new("kill").args(["-INT", &self.process.id().to_string()]).status();
        if !asked.is_ok_and(|status| status.success()) {
            drop(self.process.kill());
        }
        drop(self.process.wait());
    }
}
