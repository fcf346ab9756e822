//! What every official procedure shares: its frame with its law, and terms that run and say why.
#![doc = include_str!("../README.md")]

pub mod frame;
pub mod term;

pub use frame::{Frame, Law, Remedy};
pub use term::{RunningTerm, TermKind, TermState};
