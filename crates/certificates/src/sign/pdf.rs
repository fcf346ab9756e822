//! Puts a signature into a PDF as an incremental update: every byte that was there stays, and every byte is covered.

use super::check::{self, Doubt};
use super::cms;
use crate::keys::Signer;
use kernel::{Fault, Timestamp, clock};
use lopdf::xref::XrefType;
use lopdf::{Dictionary, Document, Object, ObjectId, StringFormat, Writer, dictionary};

/// Room for the CMS in bytes; two small certificates need a quarter of it, a real chain somewhat more.
const ROOM: usize = 8192;

/// Room for a time stamp with its own chain, which may come later.
const ROOM_FOR_STAMP: usize = 16_384;

/// The width of the number fields of the byte range.
const NUMBER: usize = 10;

/// The key under which the certificate's identifier stands in the signature dictionary.
pub(crate) const IDENTIFIER_KEY: &[u8] = b"YIMEN_Identifier";

/// What is said in the signature.
#[derive(Debug, Clone)]
pub struct Seal<'a> {
    /// When.
    pub at: Timestamp,
    /// Why: 签发电子证照.
    pub reason: &'a str,
    /// For whom one signs: the issuing agency.
    pub issuer: &'a str,
    /// The certificate's identifier.
    pub identifier: &'a str,
    /// Where it can be verified.
    pub contact: &'a str,
}

/// Signs `pdf` and certifies it: any change afterwards breaks the signature (DocMDP level 1).
///
/// # Errors
/// A [`Fault`] when the PDF cannot be read or carries a form already.
pub fn seal(pdf: &[u8], signer: &Signer, about: &Seal<'_>) -> Result<Vec<u8>, Fault> {
    let document = Document::load_mem(pdf).map_err(|e| Fault::from("reading the PDF to sign", e))?;
    let mut update = Update::new(pdf, &document);
    let (field, value) = (update.new_id()?, update.new_id()?);
    let root = reference(&document.trailer, b"Root")?;
    let mut catalog = document.get_dictionary(root).map_err(unreadable)?.clone();
    if catalog.has(b"AcroForm") || catalog.has(b"Perms") {
        return Err(Fault::new("the PDF to sign carries a form or a signature already"));
    }
    let page_id = document.page_iter().next().ok_or_else(|| Fault::new("the PDF to sign has no page"))?;
    let mut page = document.get_dictionary(page_id).map_err(unreadable)?.clone();
    let mut notes = match page.get(b"Annots") {
        Ok(found) => {
            let (_, found) = document.dereference(found).map_err(unreadable)?;
            found.as_array().map_err(unreadable)?.clone()
        }
        Err(_) => Vec::new(),
    };
    notes.push(Object::Reference(field));
    page.set("Annots", notes);
    catalog.set("AcroForm", dictionary! { "Fields" => vec![Object::Reference(field)], "SigFlags" => 3 });
    catalog.set("Perms", dictionary! { "DocMDP" => Object::Reference(value) });
    update.write(root, &Object::Dictionary(catalog))?;
    update.write(page_id, &Object::Dictionary(page))?;
    update.write(field, &Object::Dictionary(widget(page_id, value)))?;
    let room = ROOM + if signer.clocks().is_empty() { 0 } else { ROOM_FOR_STAMP };
    let holes = update.write_signature(value, about, room)?;
    update.finish(&document)?;
    fill(update.out, &holes, signer)
}

/// The invisible field; a zero rectangle needs no appearance (PDF/A-2, 6.3.3).
fn widget(page: ObjectId, value: ObjectId) -> Dictionary {
    dictionary! {
        "Type" => "Annot",
        "Subtype" => "Widget",
        "FT" => "Sig",
        "T" => Object::string_literal("Signature1"),
        "F" => 132,
        "Rect" => vec![0.into(), 0.into(), 0.into(), 0.into()],
        "P" => Object::Reference(page),
        "V" => Object::Reference(value),
    }
}

/// Where the signature's numbers and bytes go once everything else is written.
struct Holes {
    range: usize,
    contents: usize,
    room: usize,
}

struct Update {
    out: Vec<u8>,
    next: u32,
    written: Vec<(ObjectId, usize)>,
}

impl Update {
    fn new(pdf: &[u8], document: &Document) -> Self {
        let mut out = pdf.to_vec();
        if !out.ends_with(b"\n") {
            out.push(b'\n');
        }
        Self { out, next: document.max_id, written: Vec::new() }
    }

    fn new_id(&mut self) -> Result<ObjectId, Fault> {
        self.next =
            self.next.checked_add(1).ok_or_else(|| Fault::new("the PDF has no object numbers left"))?;
        Ok((self.next, 0))
    }

    fn write(&mut self, id: ObjectId, object: &Object) -> Result<(), Fault> {
        self.begin(id);
        Writer::write_object(&mut self.out, object).map_err(|e| Fault::from("writing a PDF object", e))?;
        self.out.extend_from_slice(b"\nendobj\n");
        Ok(())
    }

    fn begin(&mut self, id: ObjectId) {
        self.written.push((id, self.out.len()));
        self.out.extend_from_slice(format!("{} {} obj\n", id.0, id.1).as_bytes());
    }

    /// Writes the signature dictionary with its two holes.
    fn write_signature(&mut self, id: ObjectId, about: &Seal<'_>, room: usize) -> Result<Holes, Fault> {
        self.begin(id);
        let fixed = dictionary! {
            "Type" => "Sig",
            "Filter" => "Adobe.PPKLite",
            "SubFilter" => "ETSI.CAdES.detached",
            "M" => Object::string_literal(pdf_time(about.at)),
            "Name" => utf16(about.issuer),
            "Reason" => utf16(about.reason),
            "ContactInfo" => utf16(about.contact),
            IDENTIFIER_KEY => Object::string_literal(about.identifier),
            "Reference" => vec![Object::Dictionary(dictionary! {
                "Type" => "SigRef",
                "TransformMethod" => "DocMDP",
                "TransformParams" => dictionary! { "Type" => "TransformParams", "P" => 1, "V" => "1.2" },
            })],
        };
        let mut body = Vec::new();
        Writer::write_object(&mut body, &Object::Dictionary(fixed))
            .map_err(|e| Fault::from("writing a PDF object", e))?;
        body.truncate(body.len().saturating_sub(2)); // the closing `>>` comes after the holes
        self.out.extend_from_slice(&body);
        self.out.extend_from_slice(b"/ByteRange [");
        let range = self.out.len();
        self.out.extend_from_slice(" ".repeat(4 * (NUMBER + 1)).as_bytes());
        self.out.extend_from_slice(b"]/Contents <");
        let contents = self.out.len() - 1;
        self.out.extend_from_slice("0".repeat(2 * room).as_bytes());
        self.out.extend_from_slice(b">>>\nendobj\n");
        Ok(Holes { range, contents, room })
    }

    /// The cross-reference section of the update.
    fn finish(&mut self, document: &Document) -> Result<(), Fault> {
        let mut trailer = Dictionary::new();
        for key in ["Root", "Info", "ID"] {
            if let Ok(value) = document.trailer.get(key.as_bytes()) {
                trailer.set(key, value.clone());
            }
        }
        let previous = i64::try_from(document.xref_start).map_err(|e| Fault::from("a PDF offset", e))?;
        trailer.set("Prev", previous);
        let start = self.out.len();
        if !matches!(document.reference_table.cross_reference_type, XrefType::CrossReferenceTable) {
            return Err(Fault::new(
                "the PDF to sign has a cross-reference stream, which the press never writes",
            ));
        }
        self.table(trailer)?;
        self.out.extend_from_slice(format!("startxref\n{start}\n%%EOF\n").as_bytes());
        Ok(())
    }

    fn table(&mut self, mut trailer: Dictionary) -> Result<(), Fault> {
        trailer.set("Size", i64::from(self.next) + 1);
        self.written.sort_unstable();
        self.out.extend_from_slice(b"xref\n");
        for ((number, generation), at) in &self.written {
            self.out.extend_from_slice(format!("{number} 1\n{at:010} {generation:05} n \n").as_bytes());
        }
        self.out.extend_from_slice(b"trailer\n");
        Writer::write_object(&mut self.out, &Object::Dictionary(trailer))
            .map_err(|e| Fault::from("writing the trailer", e))?;
        self.out.push(b'\n');
        Ok(())
    }
}

/// Fills the byte range, signs everything but the hole, and puts the signature into the hole.
fn fill(mut out: Vec<u8>, holes: &Holes, signer: &Signer) -> Result<Vec<u8>, Fault> {
    let after = holes.contents + 2 * holes.room + 2;
    let numbers = [0, holes.contents, after, out.len() - after];
    let text: String = numbers.iter().map(|n| format!("{n:<NUMBER$} ")).collect();
    put(&mut out, holes.range, text.as_bytes())?;
    let parts = [out.get(..holes.contents).unwrap_or_default(), out.get(after..).unwrap_or_default()];
    let signature = cms::sign(&signer.documents, &signer.algorithm().digest(&parts))?;
    put_signature(&mut out, holes.contents + 1, holes.room, &signature)?;
    Ok(out)
}

/// Puts the bytes of a CMS into a hole of `room` bytes, the rest zeros.
fn put_signature(out: &mut [u8], at: usize, room: usize, signature: &[u8]) -> Result<(), Fault> {
    if signature.len() > room {
        return Err(Fault::new(format!("the signature needs {} bytes of {room}", signature.len())));
    }
    let hex: String = signature.iter().map(|b| format!("{b:02x}")).collect();
    put(out, at, format!("{hex:0<width$}", width = 2 * room).as_bytes())
}

/// The octets of the signature in a PDF that [`seal`] made: what a time stamp is asked for.
///
/// # Errors
/// A [`Fault`] when it is no such PDF.
pub(crate) fn signature_value(pdf: &[u8]) -> Result<Vec<u8>, Fault> {
    let (_, _, der) = found(pdf)?;
    cms::value(&der).map_err(|e| Fault::from("reading a CMS signature", e))
}

/// Puts a time stamp beside the signature of a PDF that [`seal`] made; every byte outside the hole stays, so what is signed stays.
///
/// # Errors
/// A [`Fault`] when it is no such PDF, or its hole has no room.
pub(crate) fn with_time_stamp(pdf: &[u8], token: &[u8]) -> Result<Vec<u8>, Fault> {
    let (at, room, der) = found(pdf)?;
    let stamped = cms::with_time_stamp(&der, token)
        .map_err(|e| Fault::from("putting a time stamp beside a signature", e))?;
    let mut out = pdf.to_vec();
    put_signature(&mut out, at, room, &stamped)?;
    Ok(out)
}

/// Where the hole of the signature begins, its room, and the CMS in it.
fn found(pdf: &[u8]) -> Result<(usize, usize, Vec<u8>), Fault> {
    let doubtful = |doubt: Doubt| Fault::new(format!("reading a signed PDF: {doubt}"));
    let document = Document::load_mem(pdf).map_err(unreadable)?;
    let signature = check::only_signature(&document).map_err(doubtful)?;
    let (first, second) = check::range(pdf, signature).map_err(doubtful)?;
    let der = check::contents(pdf, signature).map_err(doubtful)?;
    Ok((first + 1, (second - first - 2) / 2, der))
}

fn put(out: &mut [u8], at: usize, bytes: &[u8]) -> Result<(), Fault> {
    let hole = out.get_mut(at..at + bytes.len()).ok_or_else(|| Fault::new("a hole outside the PDF"))?;
    hole.copy_from_slice(bytes);
    Ok(())
}

fn reference(dictionary: &Dictionary, key: &[u8]) -> Result<ObjectId, Fault> {
    dictionary.get(key).and_then(Object::as_reference).map_err(unreadable)
}

fn unreadable(error: lopdf::Error) -> Fault {
    Fault::from("reading the PDF to sign", error)
}

/// `D:20261122100000+08'00'`.
fn pdf_time(at: Timestamp) -> String {
    at.to_zoned(clock::legal_zone()).strftime("D:%Y%m%d%H%M%S+08'00'").to_string()
}

/// A text string in UTF-16 with its byte-order mark.
fn utf16(text: &str) -> Object {
    let mut bytes = vec![0xFE, 0xFF];
    bytes.extend(text.encode_utf16().flat_map(u16::to_be_bytes));
    Object::String(bytes, StringFormat::Hexadecimal)
}
