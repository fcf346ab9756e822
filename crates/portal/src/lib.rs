//! portal: to be written.
