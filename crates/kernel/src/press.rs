//! The socket for paper: a template and data go in, a PDF, an OFD or a picture comes out. `paper` implements it, app plugs it in.

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

    /// The document of `job` for an OFD package (GB/T 33190): its files by their paths, all below `Doc_0/`, with those that the
    /// template attaches. Whoever packs them adds `OFD.xml` and signatures.
    ///
    /// # Errors
    /// A [`Fault`] as with [`Press::pdf`], or when the press knows no OFD.
    fn ofd(&self, job: &PressJob<'_>) -> Result<Vec<(String, Vec<u8>)>, Fault> {
        let _ = job;
        Err(Fault::new("this press knows no OFD"))
    }

    /// The first page of `job` as a PNG of so many pixels across.
    ///
    /// # Errors
    /// A [`Fault`] as with [`Press::pdf`], or when the press draws no pictures.
    fn picture(&self, job: &PressJob<'_>, width: u32) -> Result<Vec<u8>, Fault> {
        let _ = (job, width);
        Err(Fault::new("this press draws no pictures"))
    }
}
