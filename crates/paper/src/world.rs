//! What a job can see: its template, its data, its files, the fonts, and its own date.

use crate::fonts::Shelf;
use kernel::{Fault, PressJob};
use std::path::PathBuf;
use std::sync::Arc;
use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, World};

/// The name of the template inside a job.
pub(crate) const MAIN: &str = "main.typ";

/// One job's world.
pub(crate) struct JobWorld<'a> {
    library: &'a LazyHash<Library>,
    shelf: Arc<Shelf>,
    main: Source,
    files: Vec<(String, Bytes)>,
    date: jiff::civil::Date,
}

impl<'a> JobWorld<'a> {
    pub(crate) fn new(
        library: &'a LazyHash<Library>,
        shelf: &Arc<Shelf>,
        job: &PressJob<'_>,
    ) -> Result<Self, Fault> {
        let path = VirtualPath::new(MAIN).map_err(|e| Fault::new(format!("naming the template: {e}")))?;
        let id = RootedPath::new(VirtualRoot::Project, path).intern();
        let data = serde_json::to_vec(job.data).map_err(|e| Fault::from("writing data.json", e))?;
        let mut files = vec![("data.json".to_owned(), Bytes::new(data))];
        files.extend(job.files.iter().map(|(name, bytes)| (name.clone(), Bytes::new(bytes.clone()))));
        let main = Source::new(id, job.template.to_owned());
        Ok(Self { library, shelf: shelf.clone(), main, files, date: job.date })
    }
}

impl World for JobWorld<'_> {
    fn library(&self) -> &LazyHash<Library> {
        self.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.shelf.book
    }

    fn main(&self) -> FileId {
        self.main.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.main.id() {
            return Ok(self.main.clone());
        }
        let bytes = self.file(id)?;
        Ok(Source::new(id, bytes.to_str()?.to_string()))
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        let path = id.get();
        if *path.root() != VirtualRoot::Project {
            return Err(FileError::Other(Some("packages are not available to templates".into())));
        }
        let name = path.vpath().get_without_slash();
        if name == MAIN {
            return Ok(Bytes::from_string(self.main.clone()));
        }
        let found = self.files.iter().find(|(n, _)| n == name);
        found.map(|(_, bytes)| bytes.clone()).ok_or_else(|| FileError::NotFound(PathBuf::from(name)))
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.shelf.font(index)
    }

    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        day(self.date)
    }
}

/// A typst date.
pub(crate) fn day(date: jiff::civil::Date) -> Option<Datetime> {
    let part = |n: i8| u8::try_from(n).ok();
    Datetime::from_ymd(i32::from(date.year()), part(date.month())?, part(date.day())?)
}
