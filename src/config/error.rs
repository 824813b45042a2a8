//! What is wrong with a configuration.

use std::fmt;
use std::path::{Path, PathBuf};

/// One key whose value cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The key, with everything it lies in: `organisation[gorod].channel[gorod-vk].group_id`.
    pub key: String,
    /// What stands there and what is allowed.
    pub problem: String,
}

impl Problem {
    pub(super) fn new(key: impl Into<String>, problem: impl Into<String>) -> Self {
        Self { key: key.into(), problem: problem.into() }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.key.is_empty() { f.write_str(&self.problem) } else { write!(f, "{}: {}", self.key, self.problem) }
    }
}

/// Why there is no configuration.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// No such file.
    #[error(
        "there is no configuration at {path}; name it with --config FILE, or put one there: the config.toml that comes \
         with vestnik runs as it stands"
    )]
    Missing {
        /// Where it was looked for.
        path: PathBuf,
    },
    /// There is something, but it is no text that can be read.
    #[error("the configuration {path} cannot be read: {cause}")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        cause: String,
    },
    /// It says what it must not, or does not say what it must.
    #[error("{}", list(.file.as_deref(), .problems))]
    Invalid {
        /// The file, when it came from one.
        file: Option<PathBuf>,
        /// Everything that was found. Never empty.
        problems: Vec<Problem>,
    },
}

impl ConfigError {
    pub(super) fn invalid(problems: Vec<Problem>) -> Self {
        Self::Invalid { file: None, problems }
    }

    pub(super) fn in_file(self, path: &Path) -> Self {
        match self {
            Self::Invalid { problems, .. } => Self::Invalid { file: Some(path.to_owned()), problems },
            other => other,
        }
    }
}

fn list(file: Option<&Path>, problems: &[Problem]) -> String {
    let file = file.map_or_else(|| "the configuration".into(), |path| path.display().to_string());
    match problems {
        [one] => format!("{file}: {one}"),
        many => many.iter().fold(format!("{file}: {} things must be changed:", many.len()), |text, problem| {
            format!("{text}\n  {problem}")
        }),
    }
}
