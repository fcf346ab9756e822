//! How HTTP is spoken to line systems, the national identity service and the SMS gateway: one request a connection, TLS by the system's authorities, no redirects.

use async_trait::async_trait;
use axum::body::Bytes;
use axum::http::{HeaderName, HeaderValue, Method, Request, Uri, header};
use exchange::Post;
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use kernel::Fault;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

/// The longest answer that is read: keys and tokens are short, and of others nothing is needed.
const ANSWER_BYTES_MAX: usize = 65_536;
/// How long a machine may take to take the call at all.
const CONNECT_WITHIN: Duration = Duration::from_secs(5);
/// How long the whole may take, whatever a line system is granted by configuration.
const WHOLE_WITHIN: Duration = Duration::from_secs(120);

/// Where distributions keep the certificates of the authorities they trust; an agency's own belongs there too.
const BUNDLES: [&str; 4] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
];

/// HTTP/1.1 with or without TLS.
pub struct Web {
    tls: TlsConnector,
}

impl Web {
    /// Trusts the authorities of the file that `SSL_CERT_FILE` names, or else of the system; without any only `http://` works.
    ///
    /// # Errors
    /// A [`Fault`] when that file cannot be read, or `https` is needed and no authority is known.
    pub fn of_the_system(https: bool) -> Result<Self, Fault> {
        let named = std::env::var_os("SSL_CERT_FILE").map(PathBuf::from);
        let usual = || BUNDLES.iter().map(PathBuf::from).find(|path| path.is_file());
        let bundle = named.or_else(usual);
        if https && bundle.is_none() {
            return Err(Fault::new(
                "no certificate authorities are known for https to other systems: install them (Debian: apt install \
                 ca-certificates) or name a PEM file in SSL_CERT_FILE",
            ));
        }
        Self::trusting(bundle.as_deref())
    }

    /// Trusts the authorities in one PEM file.
    ///
    /// # Errors
    /// A [`Fault`] when it cannot be read.
    pub fn trusting(bundle: Option<&Path>) -> Result<Self, Fault> {
        let mut roots = RootCertStore::empty();
        if let Some(path) = bundle {
            let doing = || format!("reading the certificate authorities {} (PEM)", path.display());
            let all = CertificateDer::pem_file_iter(path).map_err(|e| Fault::from(doing(), e))?;
            let all = all.collect::<Result<Vec<_>, _>>().map_err(|e| Fault::from(doing(), e))?;
            roots.add_parsable_certificates(all);
        }
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|e| Fault::from("preparing TLS to other systems", e))?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Self { tls: TlsConnector::from(Arc::new(config)) })
    }

    /// Fetches what stands at `url`.
    ///
    /// # Errors
    /// What went wrong, in a sentence without a subject.
    pub async fn get(&self, url: &str) -> Result<(u16, Vec<u8>), String> {
        self.ask(Method::GET, url, &BTreeMap::new(), &[]).await
    }

    async fn ask(
        &self,
        method: Method,
        url: &str,
        headers: &BTreeMap<String, String>,
        body: &[u8],
    ) -> Result<(u16, Vec<u8>), String> {
        let late = |_| format!("no answer within {} s", WHOLE_WITHIN.as_secs());
        timeout(WHOLE_WITHIN, self.call(method, url, headers, body)).await.map_err(late)?
    }

    async fn call(
        &self,
        method: Method,
        url: &str,
        headers: &BTreeMap<String, String>,
        body: &[u8],
    ) -> Result<(u16, Vec<u8>), String> {
        let uri: Uri = url.parse().map_err(|e| format!("its address cannot be read: {e}"))?;
        let https = uri.scheme_str() == Some("https");
        let host = uri.host().ok_or("its address names no host")?;
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        let port = uri.port_u16().unwrap_or(if https { 443 } else { 80 });
        let request = request(method, &uri, headers, body)?;
        let stream = within("connect", TcpStream::connect((bare, port))).await?;
        if !https {
            return speak(stream, request).await;
        }
        let name = ServerName::try_from(bare.to_owned()).map_err(|e| format!("its host is no name: {e}"))?;
        speak(within("agree on TLS", self.tls.connect(name, stream)).await?, request).await
    }
}

#[async_trait]
impl Post for Web {
    async fn post(
        &self,
        url: &str,
        headers: &BTreeMap<String, String>,
        body: &[u8],
    ) -> Result<(u16, Vec<u8>), String> {
        self.ask(Method::POST, url, headers, body).await
    }
}

#[async_trait]
impl identity::national::Web for Web {
    async fn get(&self, url: &str) -> Result<(u16, Vec<u8>), String> {
        self.ask(Method::GET, url, &BTreeMap::new(), &[]).await
    }

    async fn post(
        &self,
        url: &str,
        headers: &BTreeMap<String, String>,
        body: &[u8],
    ) -> Result<(u16, Vec<u8>), String> {
        self.ask(Method::POST, url, headers, body).await
    }
}

async fn within<T>(what: &str, work: impl Future<Output = std::io::Result<T>>) -> Result<T, String> {
    match timeout(CONNECT_WITHIN, work).await {
        Ok(done) => done.map_err(|e| format!("could not {what}: {e}")),
        Err(_) => Err(format!("could not {what} within {} s", CONNECT_WITHIN.as_secs())),
    }
}

fn request(
    method: Method,
    uri: &Uri,
    headers: &BTreeMap<String, String>,
    body: &[u8],
) -> Result<Request<Full<Bytes>>, String> {
    let path = uri.path_and_query().map_or("/", |p| p.as_str());
    let authority = uri.authority().ok_or("its address names no host")?;
    // A name and password in an address are not for the `host` header.
    let host = authority.as_str().rsplit('@').next().unwrap_or_default();
    let mut request = Request::builder()
        .method(method)
        .uri(path)
        .header(header::HOST, host)
        .header(header::USER_AGENT, concat!("yimen/", env!("CARGO_PKG_VERSION")))
        .body(Full::new(Bytes::copy_from_slice(body)))
        .map_err(|e| format!("no request can be made for its address: {e}"))?;
    for (name, value) in headers {
        let name: HeaderName = name.parse().map_err(|e| format!("the header {name}: {e}"))?;
        let value: HeaderValue = value.parse().map_err(|e| format!("the header {name}: {e}"))?;
        request.headers_mut().insert(name, value);
    }
    Ok(request)
}

async fn speak<S>(stream: S, request: Request<Full<Bytes>>) -> Result<(u16, Vec<u8>), String>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let (mut sender, connection) =
        http1::handshake(TokioIo::new(stream)).await.map_err(|e| format!("no HTTP: {e}"))?;
    let asked = async move {
        let answer = sender.send_request(request).await.map_err(|e| format!("no answer: {e}"))?;
        let status = answer.status().as_u16();
        let body = Limited::new(answer.into_body(), ANSWER_BYTES_MAX).collect().await;
        let body = body.map_err(|e| format!("its answer broke off or is too long: {e}"))?;
        Ok((status, body.to_bytes().to_vec()))
    };
    let (mut asked, connection) = (pin!(asked), pin!(connection));
    // Both in one future: whoever stops waiting closes the connection with it.
    tokio::select! {
        biased;
        answered = &mut asked => answered,
        _ = connection => asked.await,
    }
}
