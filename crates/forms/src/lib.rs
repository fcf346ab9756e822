//! forms: to be written.
