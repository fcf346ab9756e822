//! Seals (印章): which an agency has, who may apply them, each use recorded.

mod model;

pub use model::{Imprint, Seal, SealId, SealKind, SealState};
