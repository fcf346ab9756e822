//! From laid-out pages to the document of an OFD package (GB/T 33190-2016). Text stays text, with the glyphs it uses inside the
//! package; what OFD has no word for (a clipped group, a tiling) is drawn as a picture.

mod draw;
mod faces;
mod paint;
mod sfnt;
mod text;

use draw::Pen;
pub(crate) use draw::png;
use faces::Face;
use kernel::{Fault, PressJob};
use typst::foundations::NativeElement as _;
use typst::introspection::Introspector as _;
use typst::pdf::AttachElem;
use typst_layout::{Page, PagedDocument};

/// The name of everything in an OFD package.
const NAMESPACE: &str = "xmlns:ofd=\"http://www.ofdspec.org/2016\"";
const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

/// A file of the package, by its path in it.
type Part = (String, Vec<u8>);

/// What the pages of one document share: numbers, fonts and pictures.
#[derive(Default)]
struct Book {
    last_id: u32,
    faces: Vec<Face>,
    pictures: Vec<(u32, Vec<u8>)>,
}

impl Book {
    fn id(&mut self) -> u32 {
        self.last_id += 1;
        self.last_id
    }
}

/// The files of the document, all below `Doc_0/`; whoever packs them adds `OFD.xml`.
pub(crate) fn write(document: &PagedDocument, job: &PressJob<'_>) -> Result<Vec<Part>, Fault> {
    let mut book = Book::default();
    let mut parts = Vec::new();
    let mut list = String::new();
    for (n, page) in document.pages().iter().enumerate() {
        let id = book.id();
        list.push_str(&format!("<ofd:Page ID=\"{id}\" BaseLoc=\"Pages/Page_{n}/Content.xml\"/>"));
        parts.push((format!("Doc_0/Pages/Page_{n}/Content.xml"), self::page(&mut book, page)?));
    }
    let attached = attach(document, job, &mut parts);
    let fonts = fonts(&book, &mut parts)?;
    let pictures = pictures(&book, &mut parts);
    let box_ = document.pages().first().map(physical_box).unwrap_or_default();
    let fonts_at = if fonts { "<ofd:PublicRes>PublicRes.xml</ofd:PublicRes>" } else { "" };
    let pictures_at = if pictures { "<ofd:DocumentRes>DocumentRes.xml</ofd:DocumentRes>" } else { "" };
    let attached = if attached { "<ofd:Attachments>Attachs/Attachments.xml</ofd:Attachments>" } else { "" };
    let root = format!(
        "{HEAD}<ofd:Document {NAMESPACE}><ofd:CommonData><ofd:MaxUnitID>{}</ofd:MaxUnitID><ofd:PageArea>{box_}</ofd:PageArea>\
         {fonts_at}{pictures_at}</ofd:CommonData><ofd:Pages>{list}</ofd:Pages>{attached}</ofd:Document>",
        book.last_id
    );
    parts.insert(0, ("Doc_0/Document.xml".to_owned(), root.into_bytes()));
    Ok(parts)
}

fn physical_box(page: &Page) -> String {
    let size = page.frame.size();
    let (width, height) = (number(size.x.to_mm()), number(size.y.to_mm()));
    format!("<ofd:PhysicalBox>0 0 {width} {height}</ofd:PhysicalBox>")
}

fn page(book: &mut Book, page: &Page) -> Result<Vec<u8>, Fault> {
    let layer = book.id();
    let drawn = Pen::draw(book, page)?;
    let area = physical_box(page);
    Ok(format!(
        "{HEAD}<ofd:Page {NAMESPACE}><ofd:Area>{area}</ofd:Area><ofd:Content>\
         <ofd:Layer ID=\"{layer}\" Type=\"Body\">{drawn}</ofd:Layer></ofd:Content></ofd:Page>"
    )
    .into_bytes())
}

/// The fonts, each with the glyphs that are used; answers whether there are any.
fn fonts(book: &Book, parts: &mut Vec<Part>) -> Result<bool, Fault> {
    let mut list = String::new();
    for face in &book.faces {
        let (id, family, name) = (face.id, escape(&face.family()), escape(&face.name()));
        let bold = if face.bold() { " Bold=\"true\"" } else { "" };
        list.push_str(&format!(
            "<ofd:Font ID=\"{id}\" FontName=\"{name}\" FamilyName=\"{family}\"{bold}>\
             <ofd:FontFile>font_{id}.otf</ofd:FontFile></ofd:Font>"
        ));
        parts.push((format!("Doc_0/Res/font_{id}.otf"), face.file()?));
    }
    resources("PublicRes.xml", "Fonts", &list, parts);
    Ok(!list.is_empty())
}

fn pictures(book: &Book, parts: &mut Vec<Part>) -> bool {
    let mut list = String::new();
    for (id, png) in &book.pictures {
        list.push_str(&format!(
            "<ofd:MultiMedia ID=\"{id}\" Type=\"Image\" Format=\"PNG\"><ofd:MediaFile>image_{id}.png</ofd:MediaFile></ofd:MultiMedia>"
        ));
        parts.push((format!("Doc_0/Res/image_{id}.png"), png.clone()));
    }
    resources("DocumentRes.xml", "MultiMedias", &list, parts);
    !list.is_empty()
}

fn resources(file: &str, kind: &str, list: &str, parts: &mut Vec<Part>) {
    if !list.is_empty() {
        let text =
            format!("{HEAD}<ofd:Res {NAMESPACE} BaseLoc=\"Res\"><ofd:{kind}>{list}</ofd:{kind}></ofd:Res>");
        parts.push((format!("Doc_0/{file}"), text.into_bytes()));
    }
}

/// The files that the template attaches; answers whether there are any.
fn attach(document: &PagedDocument, job: &PressJob<'_>, parts: &mut Vec<Part>) -> bool {
    let mut list = String::new();
    for element in document.introspector().query(&AttachElem::ELEM.select()) {
        let Some(file) = element.to_packed::<AttachElem>() else { continue };
        let name = file.path.derived.as_str().rsplit('/').next().unwrap_or_default();
        let (n, format) =
            (list.matches("<ofd:Attachment ").count() + 1, name.rsplit('.').next().unwrap_or_default());
        let kilobytes = number(file.data.len() as f64 / 1024.0);
        list.push_str(&format!(
            "<ofd:Attachment ID=\"{n}\" Name=\"{}\" Format=\"{}\" CreationDate=\"{}\" Size=\"{kilobytes}\" Visible=\"true\">\
             <ofd:FileLoc>{}</ofd:FileLoc></ofd:Attachment>",
            escape(name),
            escape(format),
            job.date,
            escape(name)
        ));
        parts.push((format!("Doc_0/Attachs/{name}"), file.data.to_vec()));
    }
    if list.is_empty() {
        return false;
    }
    let text = format!("{HEAD}<ofd:Attachments {NAMESPACE}>{list}</ofd:Attachments>");
    parts.push(("Doc_0/Attachs/Attachments.xml".to_owned(), text.into_bytes()));
    true
}

/// A number as short as it can be said to a ten-thousandth.
fn number(n: f64) -> String {
    let text = format!("{n:.4}");
    let short = text.trim_end_matches('0').trim_end_matches('.');
    if short == "-0" { "0".to_owned() } else { short.to_owned() }
}

/// `text` as it may stand in XML; what XML cannot carry is left out.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c if c.is_control() || matches!(c, '\u{FFFE}' | '\u{FFFF}') => {}
            c => out.push(c),
        }
    }
    out
}
