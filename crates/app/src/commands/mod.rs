//! What `yimen` can do besides serving.

pub mod backup;
pub mod doctor;
pub mod due;
pub mod equipment;
pub mod pack;
pub mod records;
pub mod verify;
