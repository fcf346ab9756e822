//! exchange: to be written.
