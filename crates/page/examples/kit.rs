//! Serves the kit page and the error pages without a database: `cargo run -p page --example kit`.

use kernel::{SystemClock, SystemRng};
use page::{Frame, Site};
use std::sync::Arc;

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let frame =
        Frame { site: Arc::new(Site::demo()), rng: Arc::new(SystemRng), clock: Arc::new(SystemClock) };
    let app = page::dress(page::inner(axum::Router::new()), frame);
    let address = std::env::args().nth(1).unwrap_or_else(|| "127.0.0.1:8090".to_owned());
    let listener = tokio::net::TcpListener::bind(&address).await?;
    println!("http://{address}/kit");
    axum::serve(listener, app).await
}
