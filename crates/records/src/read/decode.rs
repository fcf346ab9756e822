//! Bytes of any of the encodings that files arrive in, as UTF-8 without a byte-order mark.

use crate::mapping::Encoding;
use encoding_rs::Decoder;
use std::io::{self, BufRead, Read};
use std::ops::Range;

/// Reads `R` and gives UTF-8; what is wrong becomes U+FFFD, which whoever reads a row refuses.
pub(crate) struct Decoding<R> {
    from: R,
    decoder: Decoder,
    raw: Box<[u8]>,
    text: Box<[u8]>,
    /// What of `raw` is not decoded yet.
    left: Range<usize>,
    /// What of `text` is not taken yet.
    ready: Range<usize>,
    over: bool,
}

const RAW: usize = 16 << 10;
/// No character grows more than threefold.
const TEXT: usize = 3 * RAW + 16;

impl<R: Read> Decoding<R> {
    /// A buffered reader of `from`.
    pub fn new(from: R, encoding: Encoding) -> Self {
        let encoding = match encoding {
            Encoding::Utf8 => encoding_rs::UTF_8,
            Encoding::Gb18030 => encoding_rs::GB18030,
            Encoding::Utf16 => encoding_rs::UTF_16LE,
        };
        let room = |size| vec![0; size].into_boxed_slice();
        let (decoder, raw, text) = (encoding.new_decoder(), room(RAW), room(TEXT));
        Self { from, decoder, raw, text, left: 0..0, ready: 0..0, over: false }
    }

    /// Decodes until there is something to take, or nothing more to come.
    fn decode(&mut self) -> io::Result<()> {
        while self.ready.is_empty() && !self.over {
            if self.left.is_empty() {
                self.left = 0..self.from.read(&mut self.raw)?;
                self.over = self.left.is_empty();
            }
            let input = self.raw.get(self.left.clone()).unwrap_or_default();
            let (_, read, written, _) = self.decoder.decode_to_utf8(input, &mut self.text, self.over);
            self.left.start += read;
            self.ready = 0..written;
        }
        Ok(())
    }
}

impl<R: Read> Read for Decoding<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let n = self.fill_buf()?.read(out)?;
        self.consume(n);
        Ok(n)
    }
}

impl<R: Read> BufRead for Decoding<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.decode()?;
        Ok(self.text.get(self.ready.clone()).unwrap_or_default())
    }

    fn consume(&mut self, n: usize) {
        self.ready.start += n;
    }
}

/// A reader that knows on which line it is, and stops when one piece grows beyond measure.
pub(crate) struct Counting<R> {
    from: R,
    /// The line of the next byte, from 1.
    pub line: u64,
    taken: usize,
}

impl<R: BufRead> Counting<R> {
    pub fn new(from: R) -> Self {
        Self { from, line: 1, taken: 0 }
    }

    /// A new piece begins.
    pub fn begin(&mut self) {
        self.taken = 0;
    }
}

impl<R: BufRead> Read for Counting<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let n = self.fill_buf()?.read(out)?;
        self.consume(n);
        Ok(n)
    }
}

impl<R: BufRead> BufRead for Counting<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.taken > super::PIECE_MAX {
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, "one piece of the file is too long"));
        }
        self.from.fill_buf()
    }

    fn consume(&mut self, n: usize) {
        let lines = self
            .from
            .fill_buf()
            .map_or(0, |have| have.get(..n).unwrap_or_default().iter().filter(|b| **b == b'\n').count());
        self.line += lines as u64;
        self.taken += n;
        self.from.consume(n);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(bytes: &'static [u8], encoding: Encoding) -> String {
        let mut out = String::new();
        Decoding::new(bytes, encoding).read_to_string(&mut out).unwrap();
        out
    }

    #[test]
    fn the_encodings_of_offices() {
        assert_eq!(decoded(b"\xEF\xBB\xBFa,\xE5\x8D\x97", Encoding::Utf8), "a,南");
        assert_eq!(decoded(b"\xC4\xCF\xBE\xA9", Encoding::Gb18030), "南京");
        assert_eq!(decoded(b"\xFF\xFEW\x53\xAC\x4E", Encoding::Utf16), "南京");
        assert_eq!(decoded(b"a\xFFb", Encoding::Utf8), "a\u{FFFD}b");
    }

    #[test]
    fn long_texts_come_through_whole() {
        let text = "办件𠮷".repeat(50_000);
        let (bytes, _, _) = encoding_rs::GB18030.encode(&text);
        let mut out = String::new();
        Decoding::new(io::Cursor::new(bytes.into_owned()), Encoding::Gb18030)
            .read_to_string(&mut out)
            .unwrap();
        assert_eq!(out, text);
    }
}
