//! Secrets come from the environment or from files, never from the configuration's text, and are read when needed,
//! so that a rotated token counts from the next call.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use secrecy::{ExposeSecret, SecretString};
use serde::de::{Error as _, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

/// Where a secret lies: `{ env = "NAME" }` or `{ file = "PATH" }`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SecretSource {
    /// An environment variable.
    Env(String),
    /// A file whose content, less surrounding white space, is the secret. Relative to the configuration's folder.
    File(PathBuf),
}

impl<'de> Deserialize<'de> for SecretSource {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct V;
        const SHAPE: &str = "a secret as { env = \"NAME\" } or { file = \"PATH\" }";
        impl<'de> Visitor<'de> for V {
            type Value = SecretSource;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(SHAPE)
            }

            // The text is most likely a token: it must not come back in the error.
            fn visit_str<E: serde::de::Error>(self, _: &str) -> Result<Self::Value, E> {
                Err(E::custom(format!("a secret must not stand in the configuration; write {SHAPE}")))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let Some((key, value)) = map.next_entry::<String, String>()? else {
                    return Err(A::Error::custom(format!("expected {SHAPE}")));
                };
                if map.next_key::<String>()?.is_some() {
                    return Err(A::Error::custom(format!("expected {SHAPE}, not both")));
                }
                match key.as_str() {
                    // A token typed here by mistake must not come back in an error either.
                    "env" if is_variable_name(&value) => Ok(SecretSource::Env(value)),
                    "env" => {
                        Err(A::Error::custom("`env` takes the name of an environment variable, like VESTNIK_MAX_TOKEN"))
                    }
                    "file" => Ok(SecretSource::File(value.into())),
                    _ => Err(A::Error::custom(format!("expected {SHAPE}"))),
                }
            }
        }
        deserializer.deserialize_any(V)
    }
}

fn is_variable_name(text: &str) -> bool {
    let mut bytes = text.bytes();
    bytes.next().is_some_and(|b| b.is_ascii_alphabetic() || b == b'_')
        && bytes.all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

impl SecretSource {
    /// The secret itself, to be read later; relative files lie under `base`.
    pub fn open(&self, base: &Path) -> Secret {
        Secret(match self {
            Self::Env(name) => Self::Env(name.clone()),
            Self::File(path) => Self::File(base.join(path)),
        })
    }
}

/// A secret that is read at every use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Secret(SecretSource);

/// Why a secret cannot be had. Names where it should be, never what it is.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SecretError {
    /// The variable is not set or not text.
    #[error("environment variable {0} is not set; set it to the secret and start again")]
    Env(String),
    /// The file is not there, or not one that may be read.
    #[error("secret file {path} cannot be read ({cause}); create it with mode 0600 and the secret as its only line")]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        cause: String,
    },
    /// The file may be in order: the machine could not read it this time.
    #[error("secret file {path} could not be read this time ({cause}); it is read again by itself")]
    ForNow {
        /// The file.
        path: PathBuf,
        /// What the system said.
        cause: String,
    },
    /// There is nothing in it.
    #[error("{0} is empty; put the secret there")]
    Empty(String),
    /// A renewed credential cannot be kept.
    #[error(
        "a renewed secret cannot be written to {path} ({cause}); give it as {{ file = … }} in a folder vestnik may write"
    )]
    Write {
        /// The place.
        path: String,
        /// What the system said.
        cause: String,
    },
}

impl SecretError {
    fn of_file(path: &Path, error: &std::io::Error) -> Self {
        use std::io::ErrorKind::{InvalidData, IsADirectory, NotADirectory, NotFound, PermissionDenied};
        let (path, cause) = (path.to_owned(), error.to_string());
        match error.kind() {
            NotFound | PermissionDenied | IsADirectory | NotADirectory | InvalidData => Self::File { path, cause },
            // No descriptor left, no memory, a disk that does not answer: says nothing about the secret.
            _ => Self::ForNow { path, cause },
        }
    }

    /// Whether it may be read the next time without anybody doing anything. No channel is paused for that.
    pub fn may_pass(&self) -> bool {
        matches!(self, Self::ForNow { .. })
    }
}

impl Secret {
    /// Reads it now.
    pub fn get(&self) -> Result<SecretString, SecretError> {
        let (value, place) = match &self.0 {
            SecretSource::Env(name) => (
                std::env::var(name).map_err(|_| SecretError::Env(name.clone()))?,
                format!("environment variable {name}"),
            ),
            SecretSource::File(path) => (
                std::fs::read_to_string(path).map_err(|e| SecretError::of_file(path, &e))?,
                format!("secret file {}", path.display()),
            ),
        };
        let value = value.trim();
        if value.is_empty() {
            return Err(SecretError::Empty(place));
        }
        Ok(SecretString::from(value.to_owned()))
    }

    /// Replaces a credential that the platform renewed: written beside, synced, renamed, mode 0600.
    pub fn replace(&self, value: &SecretString) -> Result<(), SecretError> {
        let SecretSource::File(path) = &self.0 else {
            let SecretSource::Env(name) = &self.0 else { unreachable!("two kinds of secrets") };
            return Err(SecretError::Write {
                path: format!("environment variable {name}"),
                cause: "the environment cannot be changed".into(),
            });
        };
        let failed =
            |cause: std::io::Error| SecretError::Write { path: path.display().to_string(), cause: cause.to_string() };
        let folder = path.parent().unwrap_or_else(|| Path::new("."));
        // tempfile makes it with mode 0600.
        let mut file = tempfile::NamedTempFile::new_in(folder).map_err(failed)?;
        file.write_all(value.expose_secret().as_bytes()).map_err(failed)?;
        file.as_file().sync_all().map_err(failed)?;
        file.persist(path).map_err(|e| failed(e.error))?;
        std::fs::File::open(folder).and_then(|f| f.sync_all()).map_err(failed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_typed_into_the_configuration_is_refused_and_not_repeated() {
        let error = serde_json::from_str::<SecretSource>(r#""vk1.a.hunter2""#).unwrap_err().to_string();
        assert!(error.contains("{ env = \"NAME\" }") && !error.contains("hunter2"), "{error}");
    }

    #[test]
    fn only_what_a_person_can_mend_needs_one() {
        let dir = tempfile::tempdir().unwrap();
        let read = |path: &Path| SecretSource::File(path.to_owned()).open(dir.path()).get().unwrap_err();
        std::fs::write(dir.path().join("empty"), "\n").unwrap();
        std::fs::write(dir.path().join("not-text"), [0xff, 0xfe]).unwrap();
        for place in ["absent", "empty", "not-text", ".", "empty/token"] {
            let error = read(Path::new(place));
            assert!(!error.may_pass(), "{place}: {error}");
        }
        // The system reads nothing at the beginning of this file: "Input/output error".
        let error = read(Path::new("/proc/self/mem"));
        assert!(error.may_pass(), "{error}");
    }

    #[test]
    fn a_rotated_file_counts_at_once_and_a_replaced_one_is_private() {
        use std::os::unix::fs::PermissionsExt as _;
        let dir = tempfile::tempdir().unwrap();
        let source: SecretSource = serde_json::from_str(r#"{"file":"token"}"#).unwrap();
        let secret = source.open(dir.path());
        assert!(matches!(secret.get(), Err(SecretError::File { .. })));
        std::fs::write(dir.path().join("token"), "one\n").unwrap();
        assert_eq!(secret.get().unwrap().expose_secret(), "one");
        secret.replace(&SecretString::from("two".to_owned())).unwrap();
        assert_eq!(secret.get().unwrap().expose_secret(), "two");
        let mode = std::fs::metadata(dir.path().join("token")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}
