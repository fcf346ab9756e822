//! desk: to be written.
