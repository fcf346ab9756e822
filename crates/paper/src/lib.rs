//! paper: to be written.
