//! Whom a client trusts: the system's roots and, where a platform needs it, a certificate more.

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use rustls::ClientConfig;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls_platform_verifier::Verifier;

use crate::settings::SettingsError;

/// The settings of a client that trusts the system's roots and the certificates in `extra_root` (PEM).
///
/// Clients that trust the same share one set: the system's roots are read once, not once a channel.
pub(crate) fn trusting(extra_root: Option<&Path>) -> Result<ClientConfig, SettingsError> {
    static SETS: Mutex<Option<HashMap<Option<Vec<u8>>, ClientConfig>>> = Mutex::new(None);
    let pem = extra_root.map(|path| std::fs::read(path).map_err(|e| unusable(path, &e.to_string()))).transpose()?;
    let mut sets = SETS.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = sets.get_or_insert_default().get(&pem) {
        return Ok(known.clone());
    }
    let extra = match (extra_root, &pem) {
        (Some(path), Some(pem)) => certificates(path, pem)?,
        _ => vec![],
    };
    let config = config(extra)?;
    sets.get_or_insert_default().insert(pem, config.clone());
    Ok(config)
}

fn config(extra: Vec<CertificateDer<'static>>) -> Result<ClientConfig, SettingsError> {
    let provider =
        CryptoProvider::get_default().cloned().unwrap_or_else(|| Arc::new(rustls::crypto::ring::default_provider()));
    let cannot = |e: rustls::Error| {
        SettingsError::new(
            "tls",
            format!("no HTTP client can be made ({e}); is the package ca-certificates installed?"),
        )
    };
    let verifier = Verifier::new_with_extra_roots(extra, Arc::clone(&provider)).map_err(cannot)?;
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(cannot)?
        // The name rustls gives to any verifier but its own; this is the one that reqwest sets, too.
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_no_client_auth();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(config)
}

fn certificates(path: &Path, pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, SettingsError> {
    let found = CertificateDer::pem_slice_iter(pem)
        .collect::<Result<Vec<_>, _>>()
        .map_err(|e| unusable(path, &e.to_string()))?;
    if found.is_empty() { Err(unusable(path, "no certificate in it")) } else { Ok(found) }
}

fn unusable(path: &Path, cause: &str) -> SettingsError {
    SettingsError::new(
        "root_certificate",
        format!(
            "{} cannot be used ({cause}); give a PEM file, for MAX the Russian Trusted Root CA from gosuslugi.ru/crt",
            path.display()
        ),
    )
}
