//! Tests of packs: the real ones load, and mutated ones are answered by complaints.

mod full;
mod mutants;
pub mod packs;
