//! MAX's certificate stands in no ordinary trust store: the operator's root is trusted for MAX, and only then.

use std::net::SocketAddr;
use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use serde_json::json;
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::PrivatePkcs8KeyDer;
use tokio_rustls::rustls::{ServerConfig, pki_types::CertificateDer};
use vestnik_contract::{ChannelSettings as _, PublishError};

use crate::world::{City, content, publish};

/// A root of nobody's trust store, in PEM, with its issuer.
fn root() -> (String, Issuer<'static, KeyPair>) {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let key = KeyPair::generate().unwrap();
    let pem = params.self_signed(&key).unwrap().pem();
    (pem, Issuer::new(params, key))
}

/// Serves the city's MAX over TLS, with a certificate of this root.
async fn over_tls(city: &City, issuer: &Issuer<'static, KeyPair>) -> SocketAddr {
    let key = KeyPair::generate().unwrap();
    let certificate = CertificateParams::new(vec!["localhost".into()]).unwrap().signed_by(&key, issuer).unwrap();
    let chain = vec![CertificateDer::from(certificate)];
    let key = PrivatePkcs8KeyDer::from(key.serialize_der());
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(chain, key.into())
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let behind = city.max.server.address;
    tokio::spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            // A client that does not trust us ends the handshake: the next one may.
            if let Ok(mut outside) = acceptor.accept(socket).await
                && let Ok(mut inside) = TcpStream::connect(behind).await
            {
                tokio::spawn(async move { tokio::io::copy_bidirectional(&mut outside, &mut inside).await });
            }
        }
    });
    address
}

#[tokio::test]
async fn the_operators_root_is_trusted_and_without_it_check_says_what_to_do() {
    let city = City::start().await;
    let ((ours, issuer), (foreign, _)) = (root(), root());
    let address = over_tls(&city, &issuer).await;
    std::fs::write(city.base_dir.path().join("ours.pem"), ours).unwrap();
    std::fs::write(city.base_dir.path().join("foreign.pem"), foreign).unwrap();
    let base_url = format!("https://localhost:{}", address.port());
    let open = |changes: serde_json::Value| city.settings(changes).open(&city.context()).unwrap();

    let bare = open(json!({ "base_url": base_url }));
    let health = bare.check().await.unwrap();
    assert!(!health.may_publish);
    assert!(health.findings[0].what.contains("certificate"), "{:?}", health.findings);
    assert!(health.findings[0].todo.contains("root_certificate"), "{:?}", health.findings);
    let error = publish(&*bare, &content("Без доверия")).await.unwrap_err();
    assert!(matches!(error, PublishError::Retry { .. }), "nothing was sent: {error:?}");

    let wrong = open(json!({ "base_url": base_url, "root_certificate": "foreign.pem" }));
    assert!(wrong.check().await.unwrap().findings[0].todo.contains("Russian Trusted Root CA"));

    let trusted = open(json!({ "base_url": base_url, "root_certificate": "ours.pem" }));
    assert!(trusted.check().await.unwrap().may_publish);
    publish(&*trusted, &content("С доверием")).await.unwrap();
}
