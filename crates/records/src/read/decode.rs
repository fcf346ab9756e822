//! Bytes of any of the encodings that files arrive in, as UTF-8 without a byte-order mark.

use crate::mapping::Encoding;
use encoding_rs::{CoderResult, Decoder};
use std::io::{self, BufRead, BufReader, Read};

/// Reads `R` and gives UTF-8; what is wrong becomes U+FFFD, which whoever reads a row refuses.
pub(crate) struct Decoding<R> {
    from: R,
    decoder: Decoder,
    raw: Box<[u8]>,
    start: usize,
    end: usize,
    over: bool,
    finished: bool,
}

const RAW: usize = 16 << 10;

impl<R: Read> Decoding<R> {
    /// A reader of `from`, buffered.
    pub fn new(from: R, encoding: Encoding) -> BufReader<Self> {
        let decoder = match encoding {
            Encoding::Utf8 => encoding_rs::UTF_8,
            Encoding::Gb18030 => encoding_rs::GB18030,
            Encoding::Utf16 => encoding_rs::UTF_16LE,
        };
        let decoder = decoder.new_decoder();
        let raw = vec![0; RAW].into_boxed_slice();
        BufReader::with_capacity(
            4 * RAW,
            Self { from, decoder, raw, start: 0, end: 0, over: false, finished: false },
        )
    }
}

impl<R: Read> Read for Decoding<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        loop {
            if self.finished {
                return Ok(0);
            }
            if self.start == self.end && !self.over {
                self.end = self.from.read(&mut self.raw)?;
                self.start = 0;
                self.over = self.end == 0;
            }
            let input = self.raw.get(self.start..self.end).unwrap_or_default();
            let (result, read, written, _) = self.decoder.decode_to_utf8(input, out, self.over);
            self.start += read;
            self.finished = self.over && result == CoderResult::InputEmpty;
            if written > 0 || (result == CoderResult::OutputFull && read == 0) {
                return Ok(written);
            }
        }
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
        let have = self.fill_buf()?;
        let n = have.len().min(out.len());
        if let (Some(to), Some(from)) = (out.get_mut(..n), have.get(..n)) {
            to.copy_from_slice(from);
        }
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
        assert_eq!(decoded(b"\xFF\xFEW\x53\xAC\x4E", Encoding::Utf16), "南京".replace('南', "\u{5357}"));
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
