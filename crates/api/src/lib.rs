//! api: to be written.
