//! page: to be written.
