//! The roof: configuration, command line and wiring. It alone knows every room.
//!
//! **Invariant:** no rule, table or page lives here; whatever decides something belongs to a room.

pub mod cli;
pub mod clock;
pub mod commands;
pub mod config;
pub mod deliveries;
pub mod environment;
pub mod health;
pub mod lines;
pub mod metrics;
pub mod outside;
pub mod partner;
pub mod payments;
pub mod plugs;
pub mod post;
pub mod proxies;
pub mod serve;
pub mod wiring;
