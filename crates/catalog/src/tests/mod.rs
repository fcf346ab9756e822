//! Tests of packs: the real ones load, and mutated ones are answered by complaints.

mod backwards;
mod cover;
mod fees;
mod full;
mod joint;
mod matter;
mod mutants;
mod oracle;
pub mod packs;
mod themes;
mod world;
