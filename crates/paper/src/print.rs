//! From a job to the bytes of a PDF/A file, of an OFD's document or of a picture, and from the typesetter's complaints to one that names the line.

use crate::fonts::Shelf;
use crate::ofd;
use crate::world::{JobWorld, day};
use kernel::{Fault, PressJob};
use std::sync::Arc;
use typst::diag::SourceDiagnostic;
use typst::foundations::{NativeElement as _, Smart};
use typst::introspection::Introspector as _;
use typst::pdf::AttachElem;
use typst::utils::LazyHash;
use typst::{Library, World, WorldExt};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

/// How many complaints are passed on.
const COMPLAINTS_MAX: usize = 5;

/// A job laid out, and the world that it was laid out in.
pub(crate) struct LaidOut<'a, 'j> {
    world: JobWorld<'a>,
    job: &'a PressJob<'j>,
    document: PagedDocument,
}

/// Lays `job` out.
pub(crate) fn lay_out<'a, 'j>(
    library: &'a LazyHash<Library>,
    shelf: &Arc<Shelf>,
    job: &'a PressJob<'j>,
) -> Result<LaidOut<'a, 'j>, Fault> {
    let world = JobWorld::new(library, shelf, job)?;
    if let Some(missing) = shelf.lacks(&job.data.to_string()) {
        let number = u32::from(missing);
        return Err(Fault::new(format!(
            "no font here has the character {missing} (U+{number:04X}), and a name must not be printed without it; \
             install a font that has it (Debian: fonts-hanazono, fonts-noto-cjk-extra)"
        ))
        .transient());
    }
    let laid_out = typst::compile::<PagedDocument>(&world);
    for warning in &laid_out.warnings {
        tracing::debug!(at = place(&world, warning), warning = %warning.message, "the typesetter warns");
    }
    let document = laid_out.output.map_err(|errors| complain(&world, "laying out", &errors))?;
    Ok(LaidOut { world, job, document })
}

/// Writes it as PDF/A-2a, tagged, with every font inside; as PDF/A-3a when the template attaches a file.
pub(crate) fn pdf(laid_out: &LaidOut<'_, '_>) -> Result<Vec<u8>, Fault> {
    let LaidOut { world, job, document } = laid_out;
    // only PDF/A-3 may carry a file that is no PDF/A itself
    let attaches = !document.introspector().query(&AttachElem::ELEM.select()).is_empty();
    let standard = if attaches { PdfStandard::A_3a } else { PdfStandard::A_2a };
    let standards =
        PdfStandards::new(&[standard]).map_err(|e| Fault::new(format!("choosing PDF/A: {}", e.message())))?;
    let options = PdfOptions {
        ident: Smart::Custom(job.data.to_string()),
        creator: Smart::Custom(Some("Yimen".to_owned())),
        timestamp: day(job.date).map(Timestamp::new_utc),
        standards,
        ..PdfOptions::default()
    };
    typst_pdf::pdf(document, &options).map_err(|errors| complain(world, "writing the PDF", &errors))
}

/// Writes it as the document of an OFD package.
pub(crate) fn ofd(laid_out: &LaidOut<'_, '_>) -> Result<Vec<(String, Vec<u8>)>, Fault> {
    ofd::write(&laid_out.document, laid_out.job)
}

/// Draws its first page as a PNG of `width` pixels.
pub(crate) fn picture(laid_out: &LaidOut<'_, '_>, width: u32) -> Result<Vec<u8>, Fault> {
    let page = laid_out.document.pages().first().ok_or_else(|| Fault::new("the document has no page"))?;
    ofd::png(page, f64::from(width) / page.frame.size().x.to_pt())
}

/// The first complaints, each with its line and column in the template and its hints.
fn complain(world: &JobWorld<'_>, doing: &str, errors: &[SourceDiagnostic]) -> Fault {
    let said: Vec<String> = errors
        .iter()
        .take(COMPLAINTS_MAX)
        .map(|error| {
            let hints: String = error.hints.iter().map(|h| format!(" ({})", h.v)).collect();
            format!("{}{}{hints}", place(world, error), error.message)
        })
        .collect();
    Fault::new(format!("{doing} the document: {}", said.join("; ")))
}

/// `template line 3, column 5: `, or nothing when the typesetter points nowhere.
fn place(world: &JobWorld<'_>, error: &SourceDiagnostic) -> String {
    let in_main = error.span.id() == Some(world.main());
    let calls = error
        .trace
        .iter()
        .rev()
        .map(|t| t.span.into())
        .filter(|s: &typst::syntax::DiagSpan| s.id() == Some(world.main()));
    let Some(span) = in_main.then_some(error.span).into_iter().chain(calls).next() else {
        return String::new();
    };
    let position = world.range(span).and_then(|range| {
        let source = world.source(world.main()).ok()?;
        source.lines().byte_to_line_column(range.start)
    });
    position.map_or_else(String::new, |(line, column)| {
        format!("template line {}, column {}: ", line + 1, column + 1)
    })
}
