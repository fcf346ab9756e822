//! Tests of packs: the real ones load, and mutated ones are answered by complaints.

mod mutants;
pub mod packs;
