//! Signing (Standard Webhooks 1.0.0, symmetric scheme `v1`).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use secrecy::{ExposeSecret as _, SecretString};
use standardwebhooks::Webhook;
use vestnik_contract::{Secret, SecretError};

/// The specification's range for a secret, in bytes after decoding.
const KEY_BYTES: std::ops::RangeInclusive<usize> = 24..=64;

/// Signs with the present secret and, while it is being changed, with the one before.
#[derive(Debug)]
pub(crate) struct Signer {
    present: Secret,
    previous: Option<Secret>,
}

/// The secrets of one call, read when it is made.
pub(crate) struct Keys {
    webhooks: Vec<Webhook>,
    secrets: Vec<SecretString>,
}

/// Why there is nothing to sign with; a sentence that names where the secrets should be, never what they are.
#[derive(Debug)]
pub(crate) enum NoKeys {
    /// A person has to put a secret there.
    Unusable(String),
    /// It could not be read just now.
    ForNow(String),
}

impl From<SecretError> for NoKeys {
    fn from(error: SecretError) -> Self {
        let reason = error.to_string();
        if error.may_pass() { Self::ForNow(reason) } else { Self::Unusable(reason) }
    }
}

impl Signer {
    pub(crate) fn new(present: Secret, previous: Option<Secret>) -> Self {
        Self { present, previous }
    }

    /// Reads the secrets now.
    pub(crate) fn keys(&self) -> Result<Keys, NoKeys> {
        let mut keys = Keys { webhooks: Vec::new(), secrets: Vec::new() };
        for (key, secret) in [("secret", Some(&self.present)), ("previous_secret", self.previous.as_ref())] {
            let Some(secret) = secret else { continue };
            let text = secret.get()?;
            let decoded = text.expose_secret().strip_prefix("whsec_").and_then(|bare| STANDARD.decode(bare).ok());
            let Some(decoded) = decoded.filter(|d| KEY_BYTES.contains(&d.len())) else {
                return Err(NoKeys::Unusable(format!(
                    "`{key}` is not a Standard Webhooks secret; it must be `whsec_` and then 24 to 64 random bytes in \
                     base64"
                )));
            };
            keys.webhooks
                .push(Webhook::from_bytes(decoded).map_err(|_| NoKeys::Unusable(format!("`{key}` cannot be used")))?);
            // A careless receiver may give back the secret without its prefix.
            keys.secrets.push(SecretString::from(text.expose_secret().trim_start_matches("whsec_").to_owned()));
            keys.secrets.push(text);
        }
        Ok(keys)
    }
}

impl Keys {
    /// The value of `webhook-signature`: one signature a key, the present key's first.
    pub(crate) fn sign(&self, id: &str, timestamp: i64, body: &str) -> Result<String, String> {
        let signed: Result<Vec<_>, _> = self.webhooks.iter().map(|w| w.sign(id, timestamp, body.as_bytes())).collect();
        signed.map(|s| s.join(" ")).map_err(|e| format!("the request cannot be signed ({e})"))
    }

    /// What must not stand in an error or in evidence.
    pub(crate) fn secrets(&self) -> Vec<&SecretString> {
        self.secrets.iter().rev().collect()
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use vestnik_contract::SecretSource;

    use super::*;

    fn keys(present: &str, previous: Option<&str>) -> Result<Keys, NoKeys> {
        let dir = tempfile::tempdir().unwrap();
        let secret = |name: &str, text: &str| {
            std::fs::write(dir.path().join(name), text).unwrap();
            SecretSource::File(Path::new(name).into()).open(dir.path())
        };
        Signer::new(secret("present", present), previous.map(|p| secret("previous", p))).keys()
    }

    /// The vector of the Standard Webhooks project's own libraries.
    #[test]
    fn the_published_vector_is_met() {
        let keys = keys("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n", None).unwrap();
        let signature = keys.sign("msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, r#"{"test": 2432232314}"#).unwrap();
        assert_eq!(signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn while_a_secret_is_changed_both_sign() {
        let (old, new) = ("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD");
        let both = keys(new, Some(old)).unwrap().sign("a", 1, "{}").unwrap();
        let (first, second) = both.split_once(' ').unwrap();
        assert_ne!(first, second);
        assert_eq!(keys(old, None).unwrap().sign("a", 1, "{}").unwrap(), second);
    }

    #[test]
    fn a_wrong_secret_is_named_and_not_repeated() {
        for text in ["hunter2hunter2hunter2hunter2hunter2", "whsec_AAAA", "whsec_*нет*"] {
            let Err(NoKeys::Unusable(error)) = keys(text, None) else { panic!("{text} is taken") };
            assert!(error.contains("`secret`") && !error.contains(text), "{error}");
        }
    }
}
