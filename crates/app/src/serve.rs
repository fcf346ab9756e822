//! `yimen serve`: open, migrate, publish packs, listen; stop gracefully.

use crate::config::{Config, Tls};
use crate::wiring::{self, Wired};
use axum_server::Handle;
use kernel::{ActorRef, Failure, Fault, Lang};
use std::net::SocketAddr;
use std::time::{Duration, Instant};
use store::command;

/// How long running requests may take to finish once a stop is asked for.
const GRACE: Duration = Duration::from_secs(10);

/// Serves until SIGTERM or Ctrl-C.
///
/// # Errors
/// A [`Fault`] that says why the server cannot start.
pub async fn run(config: Config) -> Result<(), Fault> {
    let started = Instant::now();
    let wired = wiring::wire(&config).await?;
    prepare(&config, &wired).await?;
    let listener = std::net::TcpListener::bind(config.listen).map_err(|e| {
        Fault::from(format!("listening on {} (another program may hold the port)", config.listen), e)
    })?;
    let address = listener.local_addr().map_err(|e| Fault::from("reading the address", e))?;
    let courier = wiring::courier(&wired).start();
    let handle = Handle::new();
    tokio::spawn(stop_on_signal(handle.clone()));
    let backend = format!("{:?}", wired.house.ground.store.backend());
    tracing::info!(%address, backend, ready_ms = started.elapsed().as_millis(), "ready");
    let site = wired.payments.with_stand_in(wiring::router(&wired));
    listen(&config, listener, handle, site).await?;
    courier.stop().await;
    tracing::info!("stopped");
    Ok(())
}

/// Publishes the packs that are newer than what is published, and fills the demonstration city.
///
/// # Errors
/// A [`Fault`] that names the pack and line, or the row, that is wrong.
pub async fn prepare(config: &Config, wired: &Wired) -> Result<(), Fault> {
    let ground = &wired.house.ground;
    if config.demo {
        identity::seed_demo(ground, &wiring::demo_city(config)?).await.map_err(as_fault)?;
        procedure::seed_demo_seals(ground).await.map_err(as_fault)?;
        // A folder of packs of one's own need not have halls.
        if config.packs.join("demo/halls.csv").is_file() {
            let halls = wiring::demo_text(config, "halls.csv")?;
            hall::seed_demo(ground, &halls).await.map_err(as_fault)?;
        }
    }
    if config.packs.is_dir() {
        let pack = catalog::pack::load(&config.packs).map_err(|complaints| {
            let lines: Vec<String> = complaints.iter().map(ToString::to_string).collect();
            Fault::new(format!(
                "the packs in {} are not published:\n{}",
                config.packs.display(),
                lines.join("\n")
            ))
        })?;
        command!(ground, Lang::ZhCn, ActorRef::system(), |cx| cases::publish(&mut cx, &pack).await)
            .map_err(as_fault)?;
    }
    Ok(())
}

fn as_fault(failure: Failure) -> Fault {
    match failure {
        Failure::Fault(fault) => fault,
        Failure::Refused(refusal) => Fault::new(refusal.sentence(Lang::En)),
    }
}

async fn listen(
    config: &Config,
    listener: std::net::TcpListener,
    handle: Handle<SocketAddr>,
    router: axum::Router,
) -> Result<(), Fault> {
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    listener.set_nonblocking(true).map_err(|e| Fault::from("preparing the socket", e))?;
    let served = match &config.tls {
        None => {
            let server = axum_server::from_tcp(listener).map_err(|e| Fault::from("taking the socket", e))?;
            server.handle(handle).serve(service).await
        }
        Some(tls) => {
            let rustls = tls_config(tls).await?;
            let server = axum_server::from_tcp_rustls(listener, rustls)
                .map_err(|e| Fault::from("taking the socket", e))?;
            server.handle(handle).serve(service).await
        }
    };
    served.map_err(|e| Fault::from("serving", e))
}

async fn tls_config(tls: &Tls) -> Result<axum_server::tls_rustls::RustlsConfig, Fault> {
    // A second start in one process finds the provider installed already, which is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    axum_server::tls_rustls::RustlsConfig::from_pem_file(&tls.certificate, &tls.key).await.map_err(|e| {
        Fault::from(format!("reading {} and {} (PEM)", tls.certificate.display(), tls.key.display()), e)
    })
}

async fn stop_on_signal(handle: Handle<SocketAddr>) {
    let interrupt = tokio::signal::ctrl_c();
    match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        Ok(mut terminate) => {
            tokio::select! {
                _ = interrupt => {}
                _ = terminate.recv() => {}
            }
        }
        Err(error) => {
            tracing::warn!(%error, "SIGTERM cannot be heard; Ctrl-C still works");
            let _ = interrupt.await;
        }
    }
    tracing::info!("stopping: no new requests, running ones have {} s", GRACE.as_secs());
    handle.graceful_shutdown(Some(GRACE));
}
