//! Text: its characters for whoever searches and copies, its glyphs for whoever draws.

use super::draw::{Pen, line, upright};
use super::{escape, number, paint};
use typst::layout::{Abs, Transform};
use typst::text::TextItem;

/// One glyph and the characters that it stands for, in the order of the text.
struct Piece {
    characters: String,
    glyph: u16,
    x: f64,
    y: f64,
    width: f64,
}

impl Piece {
    /// One character, and none that readers who count in UTF-16 take for two.
    fn plain(&self) -> bool {
        self.characters.encode_utf16().count() == 1
    }
}

impl Pen<'_> {
    /// Puts `text` down: one object for each stretch in which every character has one glyph on one line.
    pub(super) fn text(&mut self, text: &TextItem, at: Transform) {
        let pieces = self.pieces(text);
        let mut rest = pieces.as_slice();
        while let Some(first) = rest.first() {
            let same = |p: &&Piece| first.plain() && p.plain() && (p.y - first.y).abs() < 1e-6;
            let length = rest.iter().take_while(same).count().max(1);
            let (run, after) = rest.split_at(length);
            self.run(text, run, at);
            rest = after;
        }
    }

    fn pieces(&mut self, text: &TextItem) -> Vec<Piece> {
        let face = self.book.face(text.font.clone());
        let (mut x, mut y) = (Abs::zero(), Abs::zero());
        let mut pieces: Vec<Piece> = Vec::new();
        let mut last = None;
        for glyph in &text.glyphs {
            // a second glyph of the same characters carries none
            let characters =
                text.text.get(glyph.range()).filter(|_| last != Some(glyph.range())).unwrap_or_default();
            last = Some(glyph.range());
            let own = self.book.glyph(face, glyph.id, characters);
            let (across, up) = (x + glyph.x_offset.at(text.size), y + glyph.y_offset.at(text.size));
            let characters = characters.to_owned();
            let width = glyph.x_advance.at(text.size).to_mm();
            pieces.push(Piece { characters, glyph: own, x: across.to_mm(), y: -up.to_mm(), width });
            x += glyph.x_advance.at(text.size);
            y += glyph.y_advance.at(text.size);
        }
        pieces
    }

    fn run(&mut self, text: &TextItem, run: &[Piece], at: Transform) {
        let blank = |p: &Piece| p.characters.chars().all(char::is_whitespace) && !p.characters.is_empty();
        let (Some(begin), Some(end)) =
            (run.iter().position(|p| !blank(p)), run.iter().rposition(|p| !blank(p)))
        else {
            return;
        };
        let Some(run) = run.get(begin..=end) else { return };
        let Some(first) = run.first() else { return };
        let face = self.book.face(text.font.clone());
        let font = self.book.faces.get(face).map_or(0, |f| f.id);
        let id = self.book.id();
        let (bounds, x, y, matrix) = if upright(at) {
            let (rises, falls) = (text.font.metrics().ascender, text.font.metrics().descender);
            let (rises, falls) = (rises.at(text.size).to_mm(), -falls.at(text.size).to_mm());
            let width = run.last().map_or(0.0, |last| last.x + last.width - first.x);
            let (left, base) = (first.x + at.tx.to_mm(), first.y + at.ty.to_mm());
            ([left, base - rises, width, rises + falls].map(number).join(" "), 0.0, rises, String::new())
        } else {
            (self.bounds.clone(), first.x, first.y, matrix(at))
        };
        let fill = paint::of_text(&text.fill);
        let stroke = text.stroke.as_ref().map(|s| (line(s, Transform::identity()), paint::of_text(&s.paint)));
        let (line, stroke) = stroke.map_or_else(Default::default, |(line, colour)| {
            (format!(" Stroke=\"true\"{line}"), colour.element("StrokeColor", (0.0, 0.0)))
        });
        let size = number(text.size.to_mm());
        let steps: Vec<String> =
            run.windows(2).filter_map(|w| Some(number(w.get(1)?.x - w.first()?.x))).collect();
        let steps = if steps.is_empty() { String::new() } else { format!(" DeltaX=\"{}\"", steps.join(" ")) };
        let characters: String = run.iter().map(|p| p.characters.as_str()).collect();
        let glyphs: Vec<String> = run.iter().map(|p| p.glyph.to_string()).collect();
        let codes = characters.chars().count().max(1);
        self.out.push_str(&format!(
            "<ofd:TextObject ID=\"{id}\" Boundary=\"{}\"{matrix} Font=\"{font}\" Size=\"{size}\"{line}>{}{stroke}\
             <ofd:CGTransform CodePosition=\"0\" CodeCount=\"{codes}\" GlyphCount=\"{}\"><ofd:Glyphs>{}</ofd:Glyphs></ofd:CGTransform>\
             <ofd:TextCode X=\"{}\" Y=\"{}\"{steps}>{}</ofd:TextCode></ofd:TextObject>",
            bounds,
            fill.element("FillColor", (0.0, 0.0)),
            glyphs.len(),
            glyphs.join(" "),
            number(x),
            number(y),
            escape(&characters)
        ));
    }
}

/// The matrix of a turned or stretched text.
fn matrix(at: Transform) -> String {
    let parts = [at.sx, at.ky, at.kx, at.sy].map(|r| number(r.get())).join(" ");
    format!(" CTM=\"{parts} {} {}\"", number(at.tx.to_mm()), number(at.ty.to_mm()))
}
