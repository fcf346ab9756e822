//! Just enough of Rust's lexer to look at code without its strings and comments, and at the strings alone.

/// A string literal: where it stands and what is written between its quotes (escapes left as they are).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Literal {
    /// The line of the opening quote, from 1.
    pub line: usize,
    /// The index of the opening quote in [`Source::code`].
    pub at: usize,
    /// The index after the closing quote in [`Source::code`].
    pub end: usize,
    /// The text between the quotes.
    pub text: String,
}

/// A file taken apart.
pub struct Source {
    /// The text with comments blanked and the insides of strings replaced by `_`; same number of characters.
    pub code: Vec<char>,
    /// The string literals in order.
    pub literals: Vec<Literal>,
    /// The line on which each character of `code` stands, from 1.
    lines: Vec<usize>,
}

struct Reader {
    text: Vec<char>,
    at: usize,
    source: Source,
}

/// Takes a Rust file (or an expression of a template) apart.
pub fn read(text: &str) -> Source {
    let text: Vec<char> = text.chars().collect();
    let mut line = 1;
    let lines = text
        .iter()
        .map(|c| {
            let here = line;
            line += usize::from(*c == '\n');
            here
        })
        .collect();
    let source = Source { code: text.clone(), literals: Vec::new(), lines };
    let mut reader = Reader { text, at: 0, source };
    while reader.at < reader.text.len() {
        reader.step();
    }
    reader.source
}

impl Reader {
    fn peek(&self, ahead: usize) -> Option<char> {
        self.text.get(self.at + ahead).copied()
    }

    fn blank(&mut self, from: usize, to: usize, with: char) {
        for c in self.source.code.iter_mut().take(to).skip(from) {
            if *c != '\n' {
                *c = with;
            }
        }
    }

    fn step(&mut self) {
        match (self.peek(0), self.peek(1)) {
            (Some('/'), Some('/')) => self.line_comment(),
            (Some('/'), Some('*')) => self.block_comment(),
            (Some('"'), _) => self.string(),
            (Some('r'), Some('"' | '#')) if self.starts_word() => self.raw_string(),
            (Some('\''), _) => self.quote(),
            _ => self.at += 1,
        }
    }

    /// Whether the `r` here begins a raw string rather than ending a word (`br"…"` counts as a beginning).
    fn starts_word(&self) -> bool {
        let before = |n: usize| self.at.checked_sub(n).and_then(|i| self.text.get(i)).copied();
        match before(1) {
            Some('b' | 'c') => !before(2).is_some_and(is_word),
            Some(c) => !is_word(c),
            None => true,
        }
    }

    fn line_comment(&mut self) {
        let from = self.at;
        while self.peek(0).is_some_and(|c| c != '\n') {
            self.at += 1;
        }
        self.blank(from, self.at, ' ');
    }

    fn block_comment(&mut self) {
        let from = self.at;
        let mut depth = 0usize;
        while let Some(c) = self.peek(0) {
            match (c, self.peek(1)) {
                ('/', Some('*')) => (depth, self.at) = (depth + 1, self.at + 2),
                ('*', Some('/')) => (depth, self.at) = (depth.saturating_sub(1), self.at + 2),
                _ => self.at += 1,
            }
            if depth == 0 {
                break;
            }
        }
        self.blank(from, self.at, ' ');
    }

    fn string(&mut self) {
        let from = self.at;
        self.at += 1;
        while let Some(c) = self.peek(0) {
            match c {
                '\\' => self.at += 2,
                '"' => break,
                _ => self.at += 1,
            }
        }
        let inner_end = self.at.min(self.text.len());
        self.at = (inner_end + 1).min(self.text.len());
        self.literal(from, from + 1, inner_end);
    }

    fn raw_string(&mut self) {
        let from = self.at;
        let mut hashes = 0;
        while self.peek(1 + hashes) == Some('#') {
            hashes += 1;
        }
        if self.peek(1 + hashes) != Some('"') {
            self.at += 1; // a raw identifier such as r#type
            return;
        }
        self.at += 2 + hashes;
        let inner = self.at;
        while self.at < self.text.len() {
            if self.peek(0) == Some('"') && (1..=hashes).all(|n| self.peek(n) == Some('#')) {
                break;
            }
            self.at += 1;
        }
        let inner_end = self.at;
        self.at = (self.at + 1 + hashes).min(self.text.len());
        self.literal(from, inner, inner_end);
    }

    fn literal(&mut self, from: usize, inner: usize, inner_end: usize) {
        let text = self.text.get(inner..inner_end).map(String::from_iter).unwrap_or_default();
        self.blank(inner, inner_end, '_');
        let line = self.source.line_of(from);
        self.source.literals.push(Literal { line, at: from, end: self.at, text });
    }

    /// A character literal or a lifetime.
    fn quote(&mut self) {
        let from = self.at;
        match (self.peek(1), self.peek(2)) {
            (Some('\\'), _) => {
                self.at += 3;
                while self.peek(0).is_some_and(|c| c != '\'' && c != '\n') {
                    self.at += 1;
                }
                self.at += 1;
                self.blank(from + 1, self.at.saturating_sub(1), '_');
            }
            (Some(_), Some('\'')) => {
                self.at += 3;
                self.blank(from + 1, self.at - 1, '_');
            }
            _ => self.at += 1,
        }
    }
}

impl Source {
    /// The line of a character, from 1.
    pub fn line_of(&self, at: usize) -> usize {
        self.lines.get(at).or(self.lines.last()).copied().unwrap_or(1)
    }

    /// Whether the code right before `at` (white space apart) ends with `what`.
    pub fn ends_with(&self, at: usize, what: &str) -> bool {
        let before: Vec<char> =
            self.code.iter().take(at).rev().skip_while(|c| c.is_whitespace()).copied().collect();
        let mut wanted = what.chars().rev();
        let mut had = before.iter();
        wanted.all(|w| had.next() == Some(&w))
    }

    /// The next character of code at or after `at` that is no white space.
    pub fn next_sign(&self, at: usize) -> Option<char> {
        self.code.iter().skip(at).find(|c| !c.is_whitespace()).copied()
    }

    /// The index of the bracket that closes the one at `open`.
    pub fn closing(&self, open: usize) -> Option<usize> {
        let (opens, closes) = match self.code.get(open)? {
            '{' => ('{', '}'),
            '(' => ('(', ')'),
            '[' => ('[', ']'),
            _ => return None,
        };
        let mut depth = 0usize;
        for (i, c) in self.code.iter().enumerate().skip(open) {
            if *c == opens {
                depth += 1;
            } else if *c == closes {
                depth -= 1;
                if depth == 0 {
                    return Some(i);
                }
            }
        }
        None
    }

    /// Where each occurrence of `what` begins.
    pub fn find_all(&self, what: &str) -> Vec<usize> {
        let what: Vec<char> = what.chars().collect();
        let Some(last) = self.code.len().checked_sub(what.len()) else { return Vec::new() };
        (0..=last).filter(|i| self.code.iter().skip(*i).zip(&what).all(|(a, b)| a == b)).collect()
    }

    /// The lines from the first to the last of every `#[cfg(test)] mod … { … }`.
    pub fn test_lines(&self) -> Vec<(usize, usize)> {
        let mut found = Vec::new();
        for at in self.find_all("#[cfg(test)]") {
            let Some(open) = (at..self.code.len()).find(|i| matches!(self.code.get(*i), Some('{' | ';')))
            else {
                continue;
            };
            if let Some(close) = self.closing(open) {
                found.push((self.line_of(at), self.line_of(close)));
            }
        }
        found
    }
}

/// Whether a character can stand in a word.
pub fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_and_comments_are_told_from_code() {
        let text = "let a = \"x // {\"; // { \"no\"\nlet b = r#\"q\"{\"#; /* { /* { */ */ let c: &'a str = '{';\nlet d = '\\'';";
        let source = read(text);
        let code = String::from_iter(&source.code);
        assert!(!code.contains('{'), "{code}");
        let found: Vec<_> = source.literals.iter().map(|l| (l.line, l.text.as_str())).collect();
        assert_eq!(found, [(1, "x // {"), (2, "q\"{")]);
    }

    #[test]
    fn a_test_module_is_found_with_its_end() {
        let source = read("fn a() {}\n#[cfg(test)]\nmod tests {\n  fn b() { }\n}\nfn c() {}\n");
        assert_eq!(source.test_lines(), [(2, 5)]);
    }
}
