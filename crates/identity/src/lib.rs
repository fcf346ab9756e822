//! identity: to be written.
