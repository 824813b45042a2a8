//! The signature that every call carries (OK API, "signature calculation").

use std::collections::BTreeMap;

use md5::{Digest as _, Md5};
use secrecy::{ExposeSecret as _, SecretString};

/// The parameters of a call, raw and sorted by name bytewise, as they are signed.
pub(crate) type Parameters = BTreeMap<&'static str, String>;

/// The secret that calls with an OAuth token are signed with: MD5 of the token and the application's secret key.
pub(crate) fn session_secret(access_token: &SecretString, application_secret_key: &SecretString) -> SecretString {
    let mut hash = Md5::new();
    hash.update(access_token.expose_secret());
    hash.update(application_secret_key.expose_secret());
    SecretString::from(hex::encode(hash.finalize()))
}

/// Signs the raw UTF-8 values, before any URL encoding. `access_token` and `sig` are never among `parameters`.
pub(crate) fn sign(parameters: &Parameters, session_secret: &SecretString) -> String {
    let mut hash = Md5::new();
    for (name, value) in parameters {
        hash.update(name);
        hash.update("=");
        hash.update(value);
    }
    hash.update(session_secret.expose_secret());
    hex::encode(hash.finalize())
}

#[cfg(test)]
mod tests {
    use super::*;

    const ATTACHMENT: &str = r#"{"media":[{"type":"text","text":"Привет"}],"onBehalfOfGroup":"true"}"#;

    fn secret() -> SecretString {
        session_secret(&"tkn1AbCdEfGh".into(), &"A1B2C3D4E5F6".into())
    }

    fn post(attachment: &str) -> Parameters {
        Parameters::from([
            ("application_key", "CBAEXAMPLEKEY".into()),
            ("attachment", attachment.into()),
            ("format", "json".into()),
            ("gid", "53038939046008".into()),
            ("method", "mediatopic.post".into()),
            ("type", "GROUP_THEME".into()),
        ])
    }

    #[test]
    fn the_session_secret_is_made_of_token_and_application_secret() {
        assert_eq!(secret().expose_secret(), "ae8a288912f79c1e909c16bb774734cf");
    }

    #[test]
    fn a_plain_call_is_signed() {
        let parameters = Parameters::from([
            ("method", "users.getCurrentUser".into()),
            ("format", "json".into()),
            ("application_key", "CBAEXAMPLEKEY".into()),
        ]);
        assert_eq!(sign(&parameters, &secret()), "3d6b0fa2398047c5f0f643b91f15c313");
    }

    #[test]
    fn cyrillic_is_signed_as_raw_utf_8() {
        assert_eq!(sign(&post(ATTACHMENT), &secret()), "ed01d9f48999dc1e75bb347eb64474cc");
    }

    #[test]
    fn the_classic_mistakes_give_other_signatures() {
        let mut encoded = post(ATTACHMENT);
        for value in encoded.values_mut() {
            *value = url::form_urlencoded::byte_serialize(value.as_bytes()).collect();
        }
        assert_eq!(sign(&encoded, &secret()), "cf5ec28e760fd03b398ed1b453becf32");
        let mut with_token = post(ATTACHMENT);
        with_token.insert("access_token", "tkn1AbCdEfGh".into());
        assert_eq!(sign(&with_token, &secret()), "0c0efaef5479b23c798f986f482f7f0c");
        let ascii: String = ATTACHMENT.chars().map(|c| if c.is_ascii() { c } else { '?' }).collect();
        assert_eq!(sign(&post(&ascii), &secret()), "edb0179e3fe46ea14252d0b8dc2d6add");
    }

    #[test]
    fn a_recorded_call_of_the_path_form_is_signed_alike() {
        let secret = session_secret(&"token".into(), &"client_secret".into());
        let parameters = Parameters::from([("application_key", "application_key".into())]);
        assert_eq!(sign(&parameters, &secret), "4784959f6620c78221bff139d6cf9309");
    }
}
