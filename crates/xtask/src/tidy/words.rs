//! Every sentence a page asks for exists in both languages with the same placeables, and none lies about unused.

use super::Report;
use crate::house::{House, Room};
use crate::lex::{self, Literal, Source};
use crate::tree;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

const LANGUAGES: [&str; 2] = ["zh-CN", "en"];

/// One message of a Fluent file.
#[derive(Debug, Clone, Default)]
struct Message {
    file: PathBuf,
    line: usize,
    placeables: BTreeSet<String>,
}

type Messages = BTreeMap<String, Message>;

/// One place that asks for a sentence.
struct Use {
    file: PathBuf,
    line: usize,
    key: String,
    /// The arguments given.
    given: BTreeSet<String>,
}

/// What a room's sources ask for.
#[derive(Default)]
struct Asked {
    uses: Vec<Use>,
    /// Any string that could be a key, or (ending in `{`) the beginning of one.
    strings: BTreeSet<String>,
}

/// Every room that has sentences or asks for some.
pub fn check(house: &House, report: &mut Report<'_>) {
    let said: BTreeMap<&str, Messages> =
        house.rooms.iter().map(|r| (r.name.as_str(), both(r, report))).collect();
    let asked: BTreeMap<&str, Asked> =
        house.rooms.iter().filter(|r| !r.in_yard()).map(|r| (r.name.as_str(), asked(r))).collect();
    let none = Messages::new();
    let shared = said.get("page").unwrap_or(&none);
    for (room, wants) in &asked {
        let own = said.get(room).unwrap_or(&none);
        missing(wants, own, shared, report);
        // The words of page are there for every room.
        let everybody = *room == "page";
        let users: Vec<&Asked> =
            asked.iter().filter(|(name, _)| everybody || *name == room).map(|(_, a)| a).collect();
        unused(own, &users, report);
    }
}

/// The messages of a room, after comparing its two languages.
fn both(room: &Room, report: &mut Report<'_>) -> Messages {
    let [zh, en] = LANGUAGES.map(|language| {
        let mut messages = Messages::new();
        for path in tree::files(&room.dir.join("locales").join(language), &[".ftl"]) {
            fluent(&path, &mut messages, report);
        }
        messages
    });
    for (here, there, other) in [(&zh, &en, LANGUAGES[1]), (&en, &zh, LANGUAGES[0])] {
        for (key, message) in here {
            match there.get(key) {
                None => {
                    let what = format!("{key} is missing in {other}");
                    report.add(&message.file, message.line, what, "write the sentence in both languages");
                }
                Some(twin) if twin.placeables != message.placeables => {
                    let (a, b) = (list(&message.placeables), list(&twin.placeables));
                    let what = format!("{key} holds {a} here and {b} in {other}");
                    report.add(&message.file, message.line, what, "use the same placeables in both");
                }
                Some(_) => {}
            }
        }
    }
    zh.into_iter().chain(en).collect()
}

fn list(names: &BTreeSet<String>) -> String {
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    if names.is_empty() { "nothing".to_owned() } else { names.join(", ") }
}

/// Reads a Fluent file: `key = …` at the beginning of a line, `$name` anywhere in its lines.
fn fluent(path: &Path, messages: &mut Messages, report: &mut Report<'_>) {
    let mut key: Option<String> = None;
    for (line, text) in (1..).zip(tree::text(path).lines()) {
        if text.starts_with('#') || text.trim().is_empty() {
            continue;
        }
        let begins = text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '-');
        let name = text.split_once('=').map(|(name, _)| name.trim().to_owned()).filter(|n| is_key(n));
        if begins && name.is_none() {
            report.add(path, line, "neither a message nor part of one", "write `key = sentence`");
        }
        if let (true, Some(name)) = (begins, name) {
            let message = Message { file: path.to_path_buf(), line, placeables: BTreeSet::new() };
            if messages.insert(name.clone(), message).is_some() {
                report.add(path, line, format!("{name} stands here twice"), "keep one");
            }
            key = Some(name);
        }
        if let Some(message) = key.as_ref().and_then(|k| messages.get_mut(k)) {
            message.placeables.extend(variables(text));
        }
    }
}

fn is_key(text: &str) -> bool {
    let text = text.strip_prefix('-').unwrap_or(text);
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
}

fn variables(text: &str) -> impl Iterator<Item = String> + '_ {
    let name = |rest: &str| {
        rest.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '-' || *c == '_').collect()
    };
    text.split('$').skip(1).map(name).filter(|n: &String| !n.is_empty())
}

fn asked(room: &Room) -> Asked {
    let mut asked = Asked::default();
    for path in tree::files(&room.dir.join("src"), &[".rs"]) {
        scan(&path, &lex::read(&tree::text(&path)), &mut asked);
    }
    for path in tree::files(&room.dir.join("templates"), &[".html", ".txt", ".xml"]) {
        scan(&path, &lex::read(&expressions(&tree::text(&path))), &mut asked);
    }
    asked
}

/// A template with everything but the insides of `{{ }}` and `{% %}` blanked; lines stay.
fn expressions(template: &str) -> String {
    let mut inside = false;
    let mut before = ' ';
    let mut kept = String::with_capacity(template.len());
    for c in template.chars() {
        match (before, c) {
            ('{', '{' | '%') => inside = true,
            ('}' | '%', '}') => inside = false,
            _ => {}
        }
        kept.push(if c == '\n' || (inside && !matches!(c, '{' | '}' | '%')) { c } else { ' ' });
        before = c;
    }
    kept
}

fn scan(path: &Path, source: &Source, asked: &mut Asked) {
    for literal in &source.literals {
        let text = literal.text.as_str();
        let beginning = text.split_once('{').map(|(start, _)| start).filter(|s| s.len() > 2 && is_key(s));
        if let Some(start) = beginning {
            asked.strings.insert(format!("{start}{{"));
        }
        if !is_key(text) {
            continue;
        }
        asked.strings.insert(text.to_owned());
        // Other things have a `.with` too; ours takes a list.
        let given = match source.ends_with(literal.at, ".t(") {
            true => Some(BTreeSet::new()),
            false if source.ends_with(literal.at, ".with(") => arguments(source, literal),
            false => None,
        };
        if let Some(given) = given {
            asked.uses.push(Use {
                file: path.to_path_buf(),
                line: literal.line,
                key: text.to_owned(),
                given,
            });
        }
    }
}

/// The names in `.with("key", &[("name", …), …])`; none when it is something else.
fn arguments(source: &Source, key: &Literal) -> Option<BTreeSet<String>> {
    let signs: String = source.code.iter().skip(key.end).filter(|c| !c.is_whitespace()).take(3).collect();
    let list = (key.end..source.code.len()).find(|i| source.code.get(*i) == Some(&'['))?;
    let end = source.closing(list)?;
    let names = source.literals.iter().filter(|l| (list..end).contains(&l.at)).filter(|l| {
        let mut before = source.code.iter().take(l.at).rev().filter(|c| !c.is_whitespace());
        let begins_pair = before.next() == Some(&'(') && matches!(before.next(), Some('[' | ','));
        begins_pair && source.next_sign(l.end) == Some(',')
    });
    (signs == ",&[" || signs.starts_with(",[")).then(|| names.map(|l| l.text.clone()).collect())
}

fn missing(asked: &Asked, own: &Messages, shared: &Messages, report: &mut Report<'_>) {
    for used in &asked.uses {
        let in_template = used.file.extension().is_none_or(|e| e != "rs");
        let Some(message) = own.get(&used.key).or_else(|| shared.get(&used.key)) else {
            if in_template || !own.is_empty() {
                let what = format!("no sentence is called {}", used.key);
                report.add(&used.file, used.line, what, "write it into locales/zh-CN and locales/en");
            }
            continue;
        };
        if used.given != message.placeables {
            let what =
                format!("{} wants {} and gets {}", used.key, list(&message.placeables), list(&used.given));
            report.add(&used.file, used.line, what, "give exactly the placeables of the sentence");
        }
    }
}

fn unused(own: &Messages, users: &[&Asked], report: &mut Report<'_>) {
    for (key, message) in own.iter().filter(|(k, _)| !k.starts_with('-')) {
        let asked = users.iter().any(|a| {
            a.strings.contains(key)
                || a.strings.iter().any(|s| s.strip_suffix('{').is_some_and(|s| key.starts_with(s)))
        });
        if !asked {
            report.add(
                &message.file,
                message.line,
                format!("nobody asks for {key}"),
                "delete it in both languages",
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::house::Floor;
    use crate::tidy::yard::{Plot, said};

    #[test]
    fn sentences_exist_in_both_languages_and_are_asked_for() {
        let zh =
            "# 词\ntitle = 标题\ncount = 共 { $n } 件\nstate-open = 开\nold = 旧\nonly-zh = 独\nfoot = 尾\n";
        let en =
            "title = Title\ncount = { $count } in all\nstate-open = Open\nold = Old\nfoot = Foot { $year }\n";
        let page = "<p>it's</p>\n{{ w.t(\"title\") }}{{ w.t(\"nowhere\") }}\n{{ w.with(\"count\", &[(\"m\", n.clone())]) }}";
        let code = "//! C.\nfn a() { w.t(&format!(\"state-{}\", s)); let k = \"only-zh\"; w.t(\"foot\"); w.t(\"next\"); }\n";
        let plot = Plot::new("words")
            .room("page", Floor::Number(0), &[])
            .room("cases", Floor::Number(5), &[])
            .file("crates/page/locales/zh-CN/page.ftl", "next = 下一步\n")
            .file("crates/page/locales/en/page.ftl", "next = Next\n")
            .file("crates/cases/locales/zh-CN/cases.ftl", zh)
            .file("crates/cases/locales/en/cases.ftl", en)
            .file("crates/cases/templates/a.html", page)
            .file("crates/cases/src/a.rs", code);
        let found = plot.complaints(check);
        let chinese = "crates/cases/locales/zh-CN/cases.ftl";
        said(&found, chinese, 6, "only-zh is missing in en");
        said(&found, chinese, 3, "count holds n here and count in en");
        said(&found, "crates/cases/locales/en/cases.ftl", 4, "nobody asks for old");
        said(&found, "crates/cases/templates/a.html", 2, "no sentence is called nowhere");
        said(&found, "crates/cases/templates/a.html", 3, "gets m");
        said(&found, "crates/cases/src/a.rs", 2, "foot wants year");
        // count and foot are told from both sides.
        assert_eq!(found.len(), 9, "{found:#?}");
    }
}
