//! The socket for paper: a template and data go in, a PDF comes out. `paper` implements it, app plugs it in.

use crate::Fault;

/// What is to be printed.
#[derive(Debug, Clone)]
pub struct PressJob<'a> {
    /// The typst source of the main file.
    pub template: &'a str,
    /// The data, readable in the template as `json("data.json")`.
    pub data: &'a serde_json::Value,
    /// Further files the template may read, by name (`qr.svg`).
    pub files: &'a [(String, Vec<u8>)],
    /// The document's date, for reproducible output.
    pub date: jiff::civil::Date,
}

/// Lays out and prints documents; blocking and CPU-bound: call it from a blocking thread.
pub trait Press: Send + Sync + 'static {
    /// The PDF of `job`, or a fault that names the template's line.
    ///
    /// # Errors
    /// A [`Fault`] with the typesetter's messages when the template does not compile.
    fn pdf(&self, job: &PressJob<'_>) -> Result<Vec<u8>, Fault>;
}
