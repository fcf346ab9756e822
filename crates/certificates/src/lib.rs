//! certificates: to be written.
