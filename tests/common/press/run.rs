//! One run of a command, and what it must never print.

use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};

use serde_json::Value;

/// The town's secrets: a word of any of them in what the program prints is a leak.
const SECRETS: [&str; 9] = [
    "sandbox-max-token",
    "sandbox-community",
    "sandbox-vk-service",
    "sandbox-user",
    "SANDBOX0OK0SECRET",
    "sandbox2ok3access",
    "abcd EFGH 1234",
    // The same behind its user, as HTTP sends both.
    "dmVzdG5pazphYmNkIEVGR0ggMTIzN",
    "whsec_",
];

/// What a command did.
#[derive(Debug)]
pub struct Ran {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

/// The program's file.
pub const PROGRAM: &str = env!("CARGO_BIN_EXE_vestnik");

/// The program in an office's folder, with an environment that says nothing.
pub fn program(folder: &Path, through: &[String]) -> Command {
    let mut program = match through {
        [] => Command::new(PROGRAM),
        [first, rest @ ..] => {
            let mut program = Command::new(first);
            program.args(rest).arg(PROGRAM);
            program
        }
    };
    program.current_dir(folder).stdin(Stdio::null());
    for name in ["VESTNIK_CONFIG", "VESTNIK_LOG", "RUST_LOG", "RUST_BACKTRACE", "USER"] {
        program.env_remove(name);
    }
    program.env("LOGNAME", "officer");
    program
}

/// Runs it to its end.
pub fn to_the_end(mut program: Command) -> Ran {
    let output = program.output().unwrap();
    let ran = Ran {
        code: code(output.status),
        stdout: String::from_utf8(output.stdout).expect("what is printed is UTF-8"),
        stderr: String::from_utf8(output.stderr).expect("what is told is UTF-8"),
    };
    decent(&ran.stdout);
    decent(&ran.stderr);
    ran
}

/// The exit code, none when a signal ended it.
pub fn code(status: ExitStatus) -> Option<i32> {
    status.code()
}

/// No panic, no secret and nothing that steers a terminal, wherever it is printed.
pub fn decent(text: &str) {
    let steers = text.chars().find(|c| c.is_control() && !matches!(c, '\n' | '\t'));
    assert_eq!(steers, None, "it steers the terminal:\n{text:?}");
    assert!(!text.contains("panicked at"), "the program panicked:\n{text}");
    if let Some(secret) = secret_in(text.as_bytes()) {
        panic!("{secret} was printed:\n{text}");
    }
}

/// The town's secret that stands there.
pub fn secret_in(bytes: &[u8]) -> Option<&'static str> {
    let text = String::from_utf8_lossy(bytes);
    SECRETS.into_iter().find(|secret| text.contains(secret))
}

impl Ran {
    /// It did what it was asked and had nothing to complain about.
    #[track_caller]
    pub fn done(self) -> Self {
        assert_eq!(self.code, Some(0), "{self:#?}");
        assert_eq!(self.stderr, "", "{self:#?}");
        self
    }

    /// It refused or failed with one sentence that holds these words; gives the sentence.
    #[track_caller]
    pub fn refused(self, words: &[&str]) -> String {
        assert_eq!(self.code, Some(1), "{self:#?}");
        assert_eq!(self.stdout, "", "what is refused prints no result: {self:#?}");
        let mut lines = self.stderr.lines();
        assert!(lines.next().is_some_and(|line| line.starts_with("vestnik: ")), "{self:#?}");
        assert!(lines.all(|line| line.starts_with("  ")), "one sentence, or a list of them: {self:#?}");
        self.says(words)
    }

    /// It was called wrongly, and says so with these words.
    #[track_caller]
    pub fn wrong_usage(self, words: &[&str]) -> String {
        assert_eq!(self.code, Some(2), "{self:#?}");
        self.says(words)
    }

    #[track_caller]
    fn says(self, words: &[&str]) -> String {
        for word in words {
            assert!(self.stderr.contains(word), "{word:?} is missing: {self:#?}");
        }
        self.stderr
    }

    /// What was printed, as JSON.
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {self:#?}"))
    }

    /// What was printed holds these words.
    #[track_caller]
    pub fn shows(&self, words: &[&str]) {
        for word in words {
            assert!(self.stdout.contains(word), "{word:?} is missing:\n{}", self.stdout);
        }
    }
}
