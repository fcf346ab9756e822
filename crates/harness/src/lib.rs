//! harness: to be written.
