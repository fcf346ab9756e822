//! The fonts of a document: which glyphs of them it uses, and the small files that hold just those.

use super::{Book, sfnt};
use kernel::Fault;
use std::collections::BTreeMap;
use subsetter::GlyphRemapper;
use typst::text::FontInstance;

/// The weight from which a font is bold.
const BOLD: u16 = 600;

/// One font of the document.
pub(super) struct Face {
    pub(super) id: u32,
    font: FontInstance,
    glyphs: GlyphRemapper,
    /// Which glyph of the small file shows which character.
    characters: BTreeMap<u32, u16>,
}

impl Book {
    /// The place of `font` among the fonts.
    pub(super) fn face(&mut self, font: FontInstance) -> usize {
        if let Some(at) = self.faces.iter().position(|f| f.font == font) {
            return at;
        }
        let id = self.id();
        self.faces.push(Face { id, font, glyphs: GlyphRemapper::new(), characters: BTreeMap::new() });
        self.faces.len() - 1
    }

    /// The number that `glyph` has in the small file of the font; it shows `characters`.
    pub(super) fn glyph(&mut self, face: usize, glyph: u16, characters: &str) -> u16 {
        let Some(face) = self.faces.get_mut(face) else { return 0 };
        let own = face.glyphs.remap(glyph);
        let mut all = characters.chars();
        if let (Some(one), None) = (all.next(), all.next()) {
            face.characters.entry(u32::from(one)).or_insert(own);
        }
        own
    }
}

impl Face {
    pub(super) fn family(&self) -> String {
        self.font.font().info().family.clone()
    }

    /// The name for people: family and weight.
    pub(super) fn name(&self) -> String {
        if self.bold() { format!("{} Bold", self.family()) } else { self.family() }
    }

    pub(super) fn bold(&self) -> bool {
        self.font.font().info().variant.weight.to_number() >= BOLD
    }

    /// The font with nothing but the glyphs that are used, and the tables that readers ask for.
    pub(super) fn file(&self) -> Result<Vec<u8>, Fault> {
        let doing = || format!("taking the glyphs of {} for an OFD", self.family());
        let font = self.font.font();
        let small = subsetter::subset(font.data(), font.index(), &self.glyphs)
            .map_err(|e| Fault::from(doing(), e))?;
        let os2 = self.font.ttf().raw_face().table(ttf_parser::Tag::from_bytes(b"OS/2")).unwrap_or_default();
        sfnt::complete(&small, &self.name(), os2, &self.characters).ok_or_else(|| Fault::new(doing()))
    }
}
