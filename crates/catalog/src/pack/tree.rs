//! Where everything stands in a YAML file: paths such as `form[0].fields[2].show` to line and column.

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_saphyr::Spanned;

/// A YAML value of which only the places are kept.
#[derive(Debug, Default)]
pub struct Tree {
    line: usize,
    column: usize,
    node: Node,
}

#[derive(Debug, Default)]
enum Node {
    #[default]
    Leaf,
    Map(Vec<(String, Tree)>),
    Seq(Vec<Tree>),
}

impl Tree {
    /// Reads the places of a file; an empty tree when it is no YAML.
    pub fn read(text: &str) -> Self {
        // A code such as 2033E33220 looks like a number beyond all bounds; here only its place matters.
        let mut options = serde_saphyr::Options::default();
        options.non_finite_float_policy = serde_saphyr::NonFiniteFloatPolicy::AsString;
        serde_saphyr::from_str_with_options(text, options).unwrap_or_default()
    }

    /// The place of `path`, or of the nearest thing around it.
    pub fn place(&self, path: &str) -> (usize, usize) {
        let mut here = self;
        for part in path.split(['.', '[']).map(|p| p.trim_end_matches(']')).filter(|p| !p.is_empty()) {
            let next = match &here.node {
                Node::Map(entries) => entries.iter().find(|(key, _)| key == part).map(|(_, tree)| tree),
                Node::Seq(items) => part.parse::<usize>().ok().and_then(|i| items.get(i)),
                Node::Leaf => None,
            };
            match next {
                Some(next) => here = next,
                None => break,
            }
        }
        (here.line.max(1), here.column.max(1))
    }
}

/// The place of `at` (line and column from 1) inside the text that stands at `place` in `source`.
pub fn inside(source: &str, place: (usize, usize), at: (usize, usize)) -> (usize, usize) {
    let first = source.lines().nth(place.0 - 1).and_then(|l| l.chars().nth(place.1 - 1));
    let indent =
        |line: usize| source.lines().nth(line - 1).map_or(0, |l| l.chars().take_while(|c| *c == ' ').count());
    match first {
        Some('|' | '>') => (place.0 + at.0, indent(place.0 + at.0) + at.1),
        Some('\'' | '"') if at.0 == 1 => (place.0, place.1 + at.1),
        _ if at.0 == 1 => (place.0, place.1 + at.1 - 1),
        _ => (place.0 + at.0 - 1, indent(place.0 + at.0 - 1) + at.1),
    }
}

impl<'de> Deserialize<'de> for Tree {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let spanned = Spanned::<Node>::deserialize(from)?;
        let number = |n: u64| usize::try_from(n).unwrap_or(0);
        Ok(Self {
            line: number(spanned.referenced.line()),
            column: number(spanned.referenced.column()),
            node: spanned.value,
        })
    }
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(NodeVisitor)
    }
}

struct NodeVisitor;

impl<'de> Visitor<'de> for NodeVisitor {
    type Value = Node;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("anything")
    }
    fn visit_bool<E>(self, _: bool) -> Result<Node, E> {
        Ok(Node::Leaf)
    }
    fn visit_i64<E>(self, _: i64) -> Result<Node, E> {
        Ok(Node::Leaf)
    }
    fn visit_u64<E>(self, _: u64) -> Result<Node, E> {
        Ok(Node::Leaf)
    }
    fn visit_i128<E>(self, _: i128) -> Result<Node, E> {
        Ok(Node::Leaf)
    }
    fn visit_u128<E>(self, _: u128) -> Result<Node, E> {
        Ok(Node::Leaf)
    }
    fn visit_f64<E>(self, _: f64) -> Result<Node, E> {
        Ok(Node::Leaf)
    }
    fn visit_str<E>(self, _: &str) -> Result<Node, E> {
        Ok(Node::Leaf)
    }
    fn visit_bytes<E>(self, _: &[u8]) -> Result<Node, E> {
        Ok(Node::Leaf)
    }
    fn visit_unit<E>(self) -> Result<Node, E> {
        Ok(Node::Leaf)
    }
    fn visit_none<E>(self) -> Result<Node, E> {
        Ok(Node::Leaf)
    }
    fn visit_some<D: Deserializer<'de>>(self, from: D) -> Result<Node, D::Error> {
        Node::deserialize(from)
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Node, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = map.next_entry()? {
            entries.push(entry);
        }
        Ok(Node::Map(entries))
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Node, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element()? {
            items.push(item);
        }
        Ok(Node::Seq(items))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn real_packs_have_places() {
        let text = crate::tests::packs::text("nanjing/charter-bus-sticker/item.yaml");
        let read: Result<Tree, _> = serde_saphyr::from_str(&text);
        assert!(read.is_ok(), "{:?}", read.err().map(|e| e.to_string()));
        assert_eq!(Tree::read(&text).place("code"), (1, 7));
    }

    #[test]
    fn paths_lead_to_places() {
        let text = "a: 1\nform:\n  - id: x\n    fields:\n      - {id: y, show: 'form.z'}\n";
        let tree = Tree::read(text);
        assert_eq!(tree.place("a"), (1, 4));
        assert_eq!(tree.place("form[0].id"), (3, 9));
        assert_eq!(tree.place("form[0].fields[0].show"), (5, 23));
        assert_eq!(tree.place("form[0].fields[0].gone"), tree.place("form[0].fields[0]"));
        assert_eq!(inside(text, (5, 23), (1, 6)), (5, 29));
        assert_eq!(Tree::read("a: [").place("a"), (1, 1));
        let block = "rule: |\n  a &&\n  b.c\n";
        assert_eq!(inside(block, Tree::read(block).place("rule"), (2, 3)), (3, 5));
    }
}
