//! The whole program from outside; lives and rights are programs of their own.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests only")]

#[macro_use]
#[path = "../city/mod.rs"]
mod city;
mod commands;
mod doctor;
mod packs;
mod plans;
mod proxies;
mod refusals;
mod walk;
