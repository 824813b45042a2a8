//! A disk of a few megabytes, which only the program under test sees.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use crate::press::{Press, not_run};

/// Gone when dropped.
pub struct NarrowDisk {
    keeper: Child,
    orders: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl NarrowDisk {
    /// Puts the office's database and media on it; `None`, with a word about it, where nobody may mount.
    pub fn mount(press: &mut Press) -> Option<Self> {
        std::fs::create_dir(press.path("disk")).unwrap();
        press.reconfigure("sqlite:vestnik.db", "sqlite:disk/vestnik.db");
        press.reconfigure("dir = \"media\"", "dir = \"disk/media\"");
        // A namespace of its own: no other process sees the disk, and it ends with this one.
        let mut keeper = Command::new("unshare")
            .args(["-m", "sh"])
            .current_dir(press.path(""))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .ok()?;
        let orders = keeper.stdin.take()?;
        let answers = BufReader::new(keeper.stdout.take()?);
        let mut disk = Self { keeper, orders, answers };
        if !disk.order("mount -t tmpfs -o size=8m none disk") {
            not_run("this user may not mount a small disk");
            return None;
        }
        let keeper = disk.keeper.id().to_string();
        let folder = format!("--wd={}", press.path("").display());
        press.through = ["nsenter", "-m", "-t", &keeper, &folder, "--"].map(str::to_owned).to_vec();
        Some(disk)
    }

    /// Leaves no room.
    pub fn fill(&mut self) {
        assert!(self.order("head -c 9M /dev/zero > disk/filler 2>/dev/null; [ -s disk/filler ]"));
    }

    /// Makes room again.
    pub fn empty(&mut self) {
        assert!(self.order("rm disk/filler"));
    }

    fn order(&mut self, order: &str) -> bool {
        let asked = writeln!(self.orders, "{order}; echo $?").and_then(|()| self.orders.flush());
        let mut answer = String::new();
        asked.and_then(|()| self.answers.read_line(&mut answer)).is_ok() && answer.trim() == "0"
    }
}

impl Drop for NarrowDisk {
    fn drop(&mut self) {
        drop(self.keeper.kill());
        drop(self.keeper.wait());
    }
}
