//! Secrets that the program makes, and the hashes under which they are kept.

use sha2::{Digest as _, Sha256};

/// A random secret: 256 bits, hexadecimal.
pub fn random_secret() -> String {
    #[expect(clippy::disallowed_methods, reason = "secrets are the one chance that nobody may repeat")]
    let bytes: [u8; 32] = rand::random();
    hex::encode(bytes)
}

/// The hash under which a random secret lies in the database. It needs no salt: nobody guesses 256 bits.
pub fn sha256_hex(secret: &str) -> String {
    hex::encode(Sha256::digest(secret))
}
