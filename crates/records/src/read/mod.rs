//! Files that arrive, read case by case: what stands in them and on which line, before anybody asks what it means.

mod csv;
mod decode;
mod xes;

pub(crate) use csv::{CsvRows, Grouped};
pub(crate) use xes::XesRows;

use crate::mapping::{Format, Layout, Mapping};
use crate::report::Problem;
use std::collections::BTreeMap;
use std::io::Read;

/// The named values of a row, a trace or an event.
pub(crate) type Fields = BTreeMap<String, String>;

/// A case as it stands in the file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Raw {
    /// The line it begins on, from 1.
    pub line: u64,
    /// Its values.
    pub fields: Fields,
    /// Its acts, when the file has them one by one.
    pub acts: Vec<RawAct>,
    /// How many rows of the file it took.
    pub rows: u64,
}

/// An act as it stands in the file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct RawAct {
    /// Its line.
    pub line: u64,
    /// Its values.
    pub fields: Fields,
}

/// What could not be read.
#[derive(Debug)]
pub(crate) struct Spoilt {
    /// Where and what.
    pub problem: Problem,
    /// Whether nothing after it can be read either.
    pub fatal: bool,
}

/// So many acts of one case are held at once; a file that says more is not of cases.
pub(crate) const ACTS_MAX: usize = 10_000;
/// So many bytes of one row or one element are held at once.
pub(crate) const PIECE_MAX: usize = 1 << 20;

/// A file, case by case.
pub(crate) trait Rows: Send {
    /// The next case, or what is wrong in its place.
    fn next(&mut self) -> Option<Result<Raw, Spoilt>>;
}

/// Opens the file as the mapping says.
///
/// # Errors
/// What is wrong with its beginning: no heading, a column missing.
pub(crate) fn open(mapping: &Mapping, file: impl Read + Send + 'static) -> Result<Box<dyn Rows>, Spoilt> {
    let text = decode::Decoding::new(file, mapping.encoding);
    match (mapping.format, mapping.layout) {
        (Format::Xes, _) => Ok(Box::new(XesRows::new(text))),
        (Format::Csv, Layout::Cases) => Ok(Box::new(CsvRows::open(text, mapping)?)),
        (Format::Csv, Layout::Acts) => Ok(Box::new(Grouped::new(CsvRows::open(text, mapping)?, mapping))),
    }
}

impl Spoilt {
    fn fatal(problem: Problem) -> Self {
        Self { problem, fatal: true }
    }

    fn here(problem: Problem) -> Self {
        Self { problem, fatal: false }
    }
}
