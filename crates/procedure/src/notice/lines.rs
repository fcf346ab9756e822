//! A notice as plain lines, in the order of the paper: for pages, for reading aloud, and for tests that a lawyer reads.

use crate::Notice;
use crate::running::day;
use kernel::{Lang, clock};

/// The notice in one language, line by line.
pub fn lines(n: &Notice, lang: Lang) -> Vec<String> {
    let (body, content) = (n.body(), &n.content);
    let zh = lang == Lang::ZhCn;
    let mut out = vec![body.get(lang).to_owned(), n.name().get(lang).to_owned(), n.number.clone()];
    out.push(if zh { format!("{}：", n.addressee) } else { format!("To {}", n.addressee) });
    out.extend(content.paragraphs.iter().map(|p| p.get(lang).to_owned()));
    let section = |out: &mut Vec<String>, title: (&str, &str), items: Vec<String>| {
        if !items.is_empty() {
            out.push(format!("[{}]", if zh { title.0 } else { title.1 }));
            out.extend(items);
        }
    };
    let colon = if zh { "：" } else { ": " };
    let facts = content.facts.iter().map(|(label, value)| format!("{}{colon}{value}", label.get(lang)));
    section(&mut out, ("事项", "Particulars"), facts.collect());
    section(&mut out, ("理由", "Reasons"), content.reasons.iter().map(|t| t.get(lang).to_owned()).collect());
    let demands = content.demands.iter().map(|(what, wrong)| format!("{what}{colon}{wrong}"));
    section(&mut out, ("需要提供", "What is needed"), demands.collect());
    section(
        &mut out,
        ("期限计算", "How the date was reckoned"),
        content.reckoning.iter().map(|t| t.get(lang).to_owned()).collect(),
    );
    section(
        &mut out,
        ("依据", "By law"),
        content.laws.iter().map(|l| l.cite().get(lang).to_owned()).collect(),
    );
    section(
        &mut out,
        ("救济", "Remedies"),
        content.remedies.iter().map(|t| t.get(lang).to_owned()).collect(),
    );
    out.push(day(clock::legal_date(n.at), lang));
    if let Some(seal) = &n.seal {
        out.push(if zh { format!("（印章：{}）", seal.name) } else { format!("(Seal: {})", seal.name) });
    }
    out
}
