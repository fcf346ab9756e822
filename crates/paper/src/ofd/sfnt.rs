//! A font file (ISO/IEC 14496-22) from a subset: what printing in a PDF needs not and readers of OFD ask for is put back: which
//! character is which glyph, a name, and the measures of the whole.

use std::collections::BTreeMap;

/// The sum of a whole font file (the table `head`).
const MAGIC: u32 = 0xB1B0_AFBA;

/// `subset` with the tables `cmap`, `name`, `post` and `OS/2`; `None` when it is no font file.
pub(super) fn complete(
    subset: &[u8],
    name: &str,
    os2: &[u8],
    characters: &BTreeMap<u32, u16>,
) -> Option<Vec<u8>> {
    let mut tables = read(subset)?;
    tables.insert(*b"cmap", cmap(characters)?);
    tables.insert(*b"name", names(name)?);
    tables.insert(*b"post", [&0x0003_0000_u32.to_be_bytes()[..], &[0; 28]].concat());
    if !os2.is_empty() {
        tables.insert(*b"OS/2", os2.to_vec());
    }
    tables.get_mut(b"head")?.get_mut(8..12)?.fill(0);
    write(subset.get(..4)?, &tables)
}

type Tables = BTreeMap<[u8; 4], Vec<u8>>;

fn short(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_be_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

fn long(bytes: &[u8], at: usize) -> Option<usize> {
    usize::try_from(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?)).ok()
}

fn read(font: &[u8]) -> Option<Tables> {
    let count = usize::from(short(font, 4)?);
    let table = |n: usize| {
        let record = font.get(12 + 16 * n..28 + 16 * n)?;
        let (at, length) = (long(record, 8)?, long(record, 12)?);
        Some((record.get(..4)?.try_into().ok()?, font.get(at..at.checked_add(length)?)?.to_vec()))
    };
    (0..count).map(table).collect()
}

/// All numbers of four bytes added up.
fn sum(bytes: &[u8]) -> u32 {
    bytes
        .chunks(4)
        .map(|c| c.iter().chain(&[0; 3]).take(4).fold(0_u32, |n, b| n << 8 | u32::from(*b)))
        .fold(0, u32::wrapping_add)
}

fn write(kind: &[u8], tables: &Tables) -> Option<Vec<u8>> {
    let count = u16::try_from(tables.len()).ok()?;
    let exponent = u16::try_from(count.checked_ilog2()?).ok()?;
    let range = 16 << exponent;
    let mut out = kind.to_vec();
    for number in [count, range, exponent, count * 16 - range] {
        out.extend_from_slice(&number.to_be_bytes());
    }
    let mut at = 12 + 16 * tables.len();
    let mut bodies = Vec::new();
    let mut head = None;
    for (tag, body) in tables {
        out.extend_from_slice(tag);
        for number in [sum(body), u32::try_from(at).ok()?, u32::try_from(body.len()).ok()?] {
            out.extend_from_slice(&number.to_be_bytes());
        }
        head = head.or((tag == b"head").then_some(at));
        bodies.extend_from_slice(body);
        bodies.resize(bodies.len().next_multiple_of(4), 0);
        at = 12 + 16 * tables.len() + bodies.len();
    }
    out.extend_from_slice(&bodies);
    let whole = MAGIC.wrapping_sub(sum(&out)).to_be_bytes();
    out.get_mut(head? + 8..head? + 12)?.copy_from_slice(&whole);
    Some(out)
}

/// The characters twice: those of the basic plane as old readers know them (format 4), and all (format 12).
fn cmap(characters: &BTreeMap<u32, u16>) -> Option<Vec<u8>> {
    let (old, all) = (format_4(characters)?, format_12(characters)?);
    let mut out = Vec::new();
    for number in [0_u16, 2, 3, 1] {
        out.extend_from_slice(&number.to_be_bytes());
    }
    out.extend_from_slice(&20_u32.to_be_bytes());
    for number in [3_u16, 10] {
        out.extend_from_slice(&number.to_be_bytes());
    }
    out.extend_from_slice(&u32::try_from(20 + old.len()).ok()?.to_be_bytes());
    Some([out, old, all].concat())
}

/// A segment for each character, and the closing one.
fn format_4(characters: &BTreeMap<u32, u16>) -> Option<Vec<u8>> {
    let basic: Vec<(u16, u16)> = characters
        .iter()
        .filter_map(|(c, g)| Some((u16::try_from(*c).ok().filter(|c| *c != u16::MAX)?, *g)))
        .collect();
    let segments = u16::try_from(basic.len()).ok()?.checked_add(1)?;
    let exponent = u16::try_from(segments.checked_ilog2()?).ok()?;
    let range = 2_u16.checked_shl(u32::from(exponent))?;
    let codes = || basic.iter().map(|(c, _)| *c).chain([u16::MAX]);
    let length = u16::try_from(16 + 8 * usize::from(segments)).ok()?;
    let mut numbers = vec![4, length, 0, segments * 2, range, exponent, (segments * 2).checked_sub(range)?];
    numbers.extend(codes());
    numbers.push(0);
    numbers.extend(codes());
    numbers.extend(basic.iter().map(|(c, g)| g.wrapping_sub(*c)).chain([1]));
    numbers.extend(std::iter::repeat_n(0, usize::from(segments)));
    Some(numbers.into_iter().flat_map(u16::to_be_bytes).collect())
}

fn format_12(characters: &BTreeMap<u32, u16>) -> Option<Vec<u8>> {
    let count = u32::try_from(characters.len()).ok()?;
    let mut out = [12_u16.to_be_bytes(), [0, 0]].concat();
    for number in [16 + 12 * count, 0, count] {
        out.extend_from_slice(&number.to_be_bytes());
    }
    for (character, glyph) in characters {
        for number in [*character, *character, u32::from(*glyph)] {
            out.extend_from_slice(&number.to_be_bytes());
        }
    }
    Some(out)
}

/// Family, style, full name and the name for printers.
fn names(name: &str) -> Option<Vec<u8>> {
    let printers: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
    let all = [(1_u16, name), (2, "Regular"), (4, name), (6, printers.as_str())];
    let (mut records, mut texts) = (Vec::new(), Vec::new());
    for (kind, text) in all {
        let text: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        let (length, at) = (u16::try_from(text.len()).ok()?, u16::try_from(texts.len()).ok()?);
        for number in [3, 1, 0x0409, kind, length, at] {
            records.extend_from_slice(&u16::to_be_bytes(number));
        }
        texts.extend_from_slice(&text);
    }
    let count = u16::try_from(all.len()).ok()?;
    let head: Vec<u8> = [0, count, 6 + 12 * count].into_iter().flat_map(u16::to_be_bytes).collect();
    Some([head, records, texts].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_font_finds_its_characters_in_and_beyond_the_basic_plane() {
        let characters = BTreeMap::from([(0x41, 1), (0x4DAE, 2), (0x20BB7, 3)]);
        let tables = BTreeMap::from([(*b"cmap", cmap(&characters).unwrap()), (*b"head", vec![0; 54])]);
        let font = write(&[0, 1, 0, 0], &tables).unwrap();
        assert_eq!(sum(&font), MAGIC, "the sum of the whole");
        let table = read(&font).unwrap().remove(b"cmap").unwrap();
        let table = ttf_parser::cmap::Table::parse(&table).unwrap();
        let found = |c: char| table.subtables.into_iter().find_map(|s| s.glyph_index(c.into())).map(|g| g.0);
        assert_eq!((found('A'), found('䶮'), found('𠮷'), found('B')), (Some(1), Some(2), Some(3), None));
    }
}
