//! Checks an exported trace without a server and names the first broken link.

use crate::canon::{self, Fields};
use crate::export::{end_line, moment};
use crate::model::Algorithm;
use crate::root;
use kernel::{Lang, Text, Timestamp};
use p256::ecdsa::VerifyingKey;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// An export in which everything fits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// Whose trace it is.
    pub subject: String,
    /// How many events it holds.
    pub events: i64,
    /// How many of their bodies were legally deleted.
    pub erased: i64,
    /// The hash of the last event, in hexadecimal.
    pub head: String,
    /// The signed root that the export carries, if one covered it already.
    pub signed: Option<Signed>,
    /// Up to which event the trust file's own roots confirm it.
    pub confirmed: Option<i64>,
}

/// The signed root in an export.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed {
    /// The root's number.
    pub root: i64,
    /// When it was signed.
    pub at: Timestamp,
    /// Up to which event it covers the subject.
    pub seq: i64,
    /// The signer's key id.
    pub key: String,
    /// Whether that key is one the reader trusts.
    pub trusted: bool,
}

/// The first broken link.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {}", say.en)]
pub struct Broken {
    /// The line of the file, from 1.
    pub line: usize,
    /// The event, when it is one.
    pub seq: Option<i64>,
    /// What does not fit.
    pub say: Text,
}

impl Broken {
    /// What does not fit, and where, as one sentence.
    pub fn sentence(&self, lang: Lang) -> String {
        match (lang, self.seq) {
            (Lang::ZhCn, Some(seq)) => format!("第{}行，第{seq}条记录：{}", self.line, self.say.zh),
            (Lang::ZhCn, None) => format!("第{}行：{}", self.line, self.say.zh),
            (Lang::En, Some(seq)) => format!("line {}, event {seq}: {}", self.line, self.say.en),
            (Lang::En, None) => format!("line {}: {}", self.line, self.say.en),
        }
    }
}

type Checked<T> = Result<T, Text>;
/// The hash function's name and the subject's digest under it.
type HeadKey = (&'static str, [u8; 32]);

/// What a reader trusts beforehand: public keys, and roots with their heads that were kept elsewhere.
#[derive(Debug, Clone, Default)]
pub struct Trust {
    keys: BTreeMap<String, VerifyingKey>,
    heads: BTreeMap<HeadKey, (i64, [u8; 32])>,
}

impl Trust {
    /// Trusts the public key in `pem`.
    ///
    /// # Errors
    /// A sentence when it is none.
    pub fn key(mut self, pem: &str) -> Result<Self, Text> {
        let key = root::public_key(pem)
            .ok_or_else(|| Text::new("不是P-256公钥（PEM）。", "This is no P-256 public key in PEM."))?;
        self.keys.insert(root::key_id(&key), key);
        Ok(self)
    }

    /// Trusts the roots of a file made by [`crate::export_roots`]; its signatures must fit, and if a key is trusted
    /// already, be by a trusted one.
    ///
    /// # Errors
    /// The first line that does not fit.
    pub fn roots(mut self, text: &str) -> Result<Self, Broken> {
        let lines = Lines::read(text, "yimen-roots")?;
        for (number, line) in &lines.between {
            self.take_root(line).map_err(|say| Broken { line: *number, seq: None, say })?;
        }
        lines.check_end(text)?;
        Ok(self)
    }

    fn take_root(&mut self, line: &Map<String, Value>) -> Checked<()> {
        let root = Root::read(object(line, "root")?)?;
        if !self.keys.is_empty() && !self.keys.contains_key(&root.key_id) {
            return Err(Text::new(
                "根不是由受信任的密钥签名的。",
                "The root is not signed by a trusted key.",
            ));
        }
        let heads = line.get("heads").and_then(Value::as_array).ok_or_else(|| missing("heads"))?;
        let mut leaves = Vec::with_capacity(heads.len());
        for head in heads {
            let (Some(digest), Some(seq), Some(hash)) = (
                head.get(0).and_then(bytes32),
                head.get(1).and_then(Value::as_i64),
                head.get(2).and_then(bytes32),
            ) else {
                return Err(missing("heads"));
            };
            // Files may be given in any order: the furthest head counts.
            let furthest = self.heads.entry((root.algorithm.name(), digest)).or_insert((seq, hash));
            if seq > furthest.0 {
                *furthest = (seq, hash);
            }
            leaves.push(crate::store::LeafRow { subject: String::new(), digest, seq, hash });
        }
        if root::merkle(root.algorithm, &leaves) != root.merkle {
            return Err(Text::new("根与所列链头不符。", "The root does not fit the heads listed under it."));
        }
        Ok(())
    }

    /// Whether a trusted key made `signature`; without any trusted key nothing is accepted.
    pub(crate) fn accepts(&self, key_id: &str, statement: &[u8], signature: &[u8]) -> bool {
        self.keys.get(key_id).is_some_and(|key| root::signed_by(key, statement, signature))
    }

    fn head_of(&self, subject: &str) -> Option<(i64, [u8; 32])> {
        [Algorithm::Sha256, Algorithm::Sm3]
            .into_iter()
            .filter_map(|a| self.heads.get(&(a.name(), canon::subject_digest(a, subject))).copied())
            .max_by_key(|(seq, _)| *seq)
    }
}

/// Checks an export by itself: every byte, every body, every link, and the signature of the root it carries.
///
/// # Errors
/// The first broken link.
pub fn verify(text: &str) -> Result<Verified, Broken> {
    verify_with(text, &Trust::default())
}

/// As [`verify`], and against what the reader trusts: a chain that was made anew or cut short is found here.
///
/// # Errors
/// The first broken link.
pub fn verify_with(text: &str, trust: &Trust) -> Result<Verified, Broken> {
    let lines = Lines::read(text, "yimen-trace")?;
    let mut chain = Chain::begin(&lines.first).map_err(|say| Broken { line: 1, seq: None, say })?;
    for (number, line) in &lines.between {
        chain.next(line, trust).map_err(|(seq, say)| Broken { line: *number, seq, say })?;
    }
    lines.check_end(text)?;
    chain.end(trust).map_err(|(seq, say)| Broken { line: lines.between.len() + 1, seq, say })
}

/// The lines of an export, each in canonical form.
struct Lines {
    first: Map<String, Value>,
    between: Vec<(usize, Map<String, Value>)>,
    end: Value,
}

impl Lines {
    fn read(text: &str, format: &str) -> Result<Self, Broken> {
        let broken = |line: usize, zh: &str, en: &str| Broken { line, seq: None, say: Text::new(zh, en) };
        let count = text.lines().count();
        let mut read = Vec::with_capacity(count);
        for (i, line) in text.split_inclusive('\n').enumerate() {
            let value: Option<Value> = line.strip_suffix('\n').and_then(|l| serde_json::from_str(l).ok());
            match value {
                Some(Value::Object(map)) if canon_line(&map) == line => read.push((i + 1, map)),
                _ => {
                    return Err(broken(
                        i + 1,
                        "这一行被改动过：不是规范形式的记录。",
                        "This line was changed: it is no record in canonical form.",
                    ));
                }
            }
        }
        let mut read = read.into_iter();
        let first = read.next().map(|(_, map)| map).unwrap_or_default();
        if first.get(format) != Some(&Value::from(1)) {
            return Err(broken(1, "文件不是本系统导出的留痕。", "This file is no exported trace."));
        }
        let mut between: Vec<_> = read.collect();
        match between.pop() {
            Some((_, end)) if end.contains_key("end") => Ok(Self { first, between, end: Value::Object(end) }),
            _ => Err(broken(
                count.max(1),
                "文件被截断：没有结尾行。",
                "The file was cut off: its last line is missing.",
            )),
        }
    }

    fn check_end(&self, text: &str) -> Result<(), Broken> {
        let count = text.lines().count();
        let above: String = text.split_inclusive('\n').take(count - 1).collect();
        if self.end == end_line(count - 1, &above) {
            return Ok(());
        }
        let say =
            Text::new("结尾行的摘要与文件内容不符。", "The digest in the last line does not fit the file.");
        Err(Broken { line: count, seq: None, say })
    }
}

fn canon_line(map: &Map<String, Value>) -> String {
    let mut line = canon::json(&Value::Object(map.clone()));
    line.push('\n');
    line
}

fn missing(name: &str) -> Text {
    Text::new(format!("“{name}”缺失或形式不对。"), format!("{name:?} is missing or of the wrong form."))
}

fn number(map: &Map<String, Value>, name: &str) -> Checked<i64> {
    map.get(name).and_then(Value::as_i64).ok_or_else(|| missing(name))
}

fn string<'a>(map: &'a Map<String, Value>, name: &str) -> Checked<&'a str> {
    map.get(name).and_then(Value::as_str).ok_or_else(|| missing(name))
}

fn object<'a>(map: &'a Map<String, Value>, name: &str) -> Checked<&'a Map<String, Value>> {
    map.get(name).and_then(Value::as_object).ok_or_else(|| missing(name))
}

/// Thirty-two bytes in lower-case hexadecimal.
fn bytes32(value: &Value) -> Option<[u8; 32]> {
    let text = value.as_str().filter(|t| !t.bytes().any(|b| b.is_ascii_uppercase()))?;
    let mut out = [0; 32];
    hex::decode_to_slice(text, &mut out).ok().map(|()| out)
}

fn hash(map: &Map<String, Value>, name: &str) -> Checked<[u8; 32]> {
    map.get(name).and_then(bytes32).ok_or_else(|| missing(name))
}

fn time(map: &Map<String, Value>, name: &str) -> Checked<Timestamp> {
    let text = string(map, name)?;
    text.parse().ok().filter(|t| moment(*t) == text).ok_or_else(|| missing(name))
}

fn algorithm(map: &Map<String, Value>) -> Checked<Algorithm> {
    string(map, "algorithm")?.parse().map_err(|_| missing("algorithm"))
}

/// A signed root as it stands in a file, its signature checked against the key beside it.
struct Root {
    number: i64,
    at: Timestamp,
    algorithm: Algorithm,
    merkle: [u8; 32],
    key_id: String,
    statement: Vec<u8>,
    signature: Vec<u8>,
}

impl Root {
    fn read(map: &Map<String, Value>) -> Checked<Self> {
        let algorithm = algorithm(map)?;
        let (number, at, merkle) = (number(map, "number")?, time(map, "at")?, hash(map, "merkle")?);
        let statement = canon::root_statement(
            algorithm,
            number,
            at,
            self::number(map, "leaves")?,
            &merkle,
            &hash(map, "prev")?,
        );
        let key = root::public_key(string(map, "public_key")?).ok_or_else(|| missing("public_key"))?;
        let signature = hex::decode(string(map, "signature")?).map_err(|_| missing("signature"))?;
        if root::key_id(&key) != string(map, "key")? || !root::signed_by(&key, &statement, &signature) {
            return Err(Text::new("根的签名不成立。", "The signature of the root does not hold."));
        }
        Ok(Self { number, at, algorithm, merkle, key_id: root::key_id(&key), statement, signature })
    }
}

/// The chain as far as it has been followed.
struct Chain {
    subject: String,
    hashes: Vec<[u8; 32]>,
    erased: i64,
    signed: Option<Signed>,
}

type Link<T> = Result<T, (Option<i64>, Text)>;

impl Chain {
    fn begin(first: &Map<String, Value>) -> Checked<Self> {
        let subject = string(first, "subject")?.to_owned();
        Ok(Self { subject, hashes: Vec::new(), erased: 0, signed: None })
    }

    fn seq(&self) -> i64 {
        i64::try_from(self.hashes.len()).unwrap_or(i64::MAX)
    }

    fn next(&mut self, line: &Map<String, Value>, trust: &Trust) -> Link<()> {
        if line.contains_key("root") {
            return self.root(line, trust).map_err(|say| (None, say));
        }
        let seq = self.seq() + 1;
        self.event(line, seq).map_err(|say| (Some(seq), say))
    }

    fn event(&mut self, line: &Map<String, Value>, expected: i64) -> Checked<()> {
        let (algorithm, seq) = (algorithm(line)?, number(line, "seq")?);
        if seq != expected {
            return Err(Text::new(
                format!("应为第{expected}条，却是第{seq}条：有记录被删除、插入或调换。"),
                format!(
                    "Event {expected} should stand here, not {seq}: events were removed, added or moved."
                ),
            ));
        }
        let (prev, commitment) = (hash(line, "prev")?, hash(line, "commitment")?);
        if prev != self.hashes.last().copied().unwrap_or([0; 32]) {
            return Err(Text::new("与上一条记录的链接断开。", "The link to the event before it is broken."));
        }
        match (line.get("salt"), line.get("body")) {
            (Some(salt), Some(body)) => {
                let salt = bytes32(salt).ok_or_else(|| missing("salt"))?;
                if canon::commitment(algorithm, &salt, &canon::json(body)) != commitment {
                    return Err(Text::new(
                        "内容与当时的承诺值不符。",
                        "The body is not the one that was committed to.",
                    ));
                }
            }
            (None, None) => self.erased += 1,
            _ => return Err(missing("salt")),
        }
        let actor = canon::json(line.get("actor").ok_or_else(|| missing("actor"))?);
        let computed = canon::event_hash(&Fields {
            algorithm,
            subject: &self.subject,
            seq,
            v: number(line, "v")?,
            kind: string(line, "kind")?,
            occurred_at: time(line, "occurred_at")?,
            recorded_at: time(line, "recorded_at")?,
            actor: &actor,
            commitment: &commitment,
            prev: &prev,
        });
        if computed != hash(line, "hash")? {
            return Err(Text::new(
                "记录被改动过：摘要不符。",
                "The event was changed: its hash does not fit.",
            ));
        }
        self.hashes.push(computed);
        Ok(())
    }

    /// The hash of event `seq`, if the file goes so far; a file may claim any number.
    fn at(&self, seq: i64) -> Checked<Option<&[u8; 32]>> {
        let before = seq.checked_sub(1).filter(|n| *n >= 0).ok_or_else(|| missing("seq"))?;
        Ok(usize::try_from(before).ok().and_then(|at| self.hashes.get(at)))
    }

    /// The event `seq` must be there with `hash`.
    fn must_hold(&self, seq: i64, hash: [u8; 32]) -> Checked<()> {
        match self.at(seq)? {
            Some(found) if *found == hash => Ok(()),
            Some(_) => Err(Text::new(
                format!("第{seq}条记录不是签名的根所确认的那一条：整条链被重做过。"),
                format!("Event {seq} is not the one a signed root confirms: the chain was made anew."),
            )),
            None => Err(Text::new(
                format!("签名的根确认到第{seq}条，文件只到第{}条：末尾被截去。", self.seq()),
                format!(
                    "A signed root confirms {seq} events, the file has {}: the tail was cut off.",
                    self.seq()
                ),
            )),
        }
    }

    fn root(&mut self, line: &Map<String, Value>, trust: &Trust) -> Checked<()> {
        let root = Root::read(object(line, "root")?)?;
        let proof = object(line, "proof")?;
        let (seq, index) = (number(proof, "seq")?, number(proof, "index")?);
        let index = usize::try_from(index).map_err(|_| missing("index"))?;
        let path = proof.get("path").and_then(Value::as_array).ok_or_else(|| missing("path"))?;
        let path: Vec<Option<[u8; 32]>> = path
            .iter()
            .map(|p| if p.is_null() { Ok(None) } else { bytes32(p).map(Some).ok_or_else(|| missing("path")) })
            .collect::<Checked<_>>()?;
        let Some(head) = self.at(seq)? else {
            return self.must_hold(seq, [0; 32]);
        };
        let digest = canon::subject_digest(root.algorithm, &self.subject);
        let leaf = canon::leaf_hash(root.algorithm, &digest, seq, head);
        if root::climb(root.algorithm, leaf, index, &path) != root.merkle {
            return Err(Text::new("签名的根并不覆盖这条链。", "The signed root does not cover this chain."));
        }
        let trusted = trust.accepts(&root.key_id, &root.statement, &root.signature);
        if !trust.keys.is_empty() && !trusted {
            return Err(Text::new(
                "根不是由受信任的密钥签名的。",
                "The root is not signed by a trusted key.",
            ));
        }
        self.signed = Some(Signed { root: root.number, at: root.at, seq, key: root.key_id, trusted });
        Ok(())
    }

    fn end(self, trust: &Trust) -> Link<Verified> {
        let kept = trust.head_of(&self.subject);
        if let Some((seq, hash)) = kept {
            self.must_hold(seq, hash).map_err(|say| (Some(seq), say))?;
        }
        Ok(Verified {
            events: self.seq(),
            erased: self.erased,
            head: self.hashes.last().map(hex::encode).unwrap_or_default(),
            signed: self.signed,
            confirmed: kept.map(|(seq, _)| seq),
            subject: self.subject,
        })
    }
}

impl std::fmt::Display for Verified {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {} events", self.subject, self.events)?;
        if self.erased > 0 {
            write!(f, ", {} of them without their body (legally deleted)", self.erased)?;
        }
        match &self.signed {
            Some(s) if s.trusted => write!(f, "; signed up to event {} by trusted key {}", s.seq, s.key)?,
            Some(s) => {
                write!(f, "; signed up to event {} by key {}, which was not given as trusted", s.seq, s.key)?
            }
            None => write!(f, "; no signed root covers it yet")?,
        }
        match self.confirmed {
            Some(seq) => write!(f, "; the roots kept elsewhere confirm it up to event {seq}"),
            None => Ok(()),
        }
    }
}
