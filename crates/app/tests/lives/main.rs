//! Whole lives of cases through the API, on both databases, by a clock that the test turns.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests only")]

#[path = "../city/mod.rs"]
mod city;

mod allowance;
mod appointed;
mod catering;
mod declared;
mod ends;
mod hearing;
mod later;
mod matter;
mod promises;
mod rated;
mod renewal;
mod review;
mod served;
mod servers;
mod supplement;
mod town;

/// Runs a test body on each database; it makes its own town.
#[macro_export]
macro_rules! on_both {
    ($name:ident, |$backend:ident| $body:block) => {
        mod $name {
            use super::*;
            async fn body($backend: harness::Backend) $body
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                body(harness::Backend::Sqlite).await;
            }
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                body(harness::Backend::Postgres).await;
            }
        }
    };
}
