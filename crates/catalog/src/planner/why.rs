//! Why: the reasons of a plan in words a citizen understands, in both languages.

use super::demand::Free;
use super::papers::{Choice, Fate, Group};
use super::{HeldAs, Holding, Matter};
use crate::{APPLICANT, function_name};
use kernel::Text;
use std::collections::{BTreeMap, BTreeSet};

/// Texts one after another: 身份、户籍; identity and household.
pub(super) fn list(texts: &[Text]) -> Text {
    let zh: Vec<&str> = texts.iter().map(|t| t.zh.as_str()).collect();
    let en: Vec<String> = texts.iter().map(|t| lower(&t.en)).collect();
    let en = match en.split_last() {
        Some((last, before)) if !before.is_empty() => format!("{} and {last}", before.join(", ")),
        Some((last, _)) => last.clone(),
        None => String::new(),
    };
    Text::new(zh.join("、"), en)
}

/// A name inside a sentence: only words that begin with one capital are made small.
fn lower(name: &str) -> String {
    let mut chars = name.chars();
    let (first, second) = (chars.next(), chars.next());
    match (first, second) {
        (Some(a), Some(b)) if a.is_ascii_uppercase() && b.is_ascii_lowercase() => {
            format!("{}{}", a.to_ascii_lowercase(), name.get(1..).unwrap_or_default())
        }
        _ => name.to_owned(),
    }
}

/// Who a holder is, by the roles of the matter; nothing for whoever applies.
pub(super) fn holder(matter: &Matter<'_>, holder: &str) -> Option<Text> {
    if holder == APPLICANT {
        return None;
    }
    let roles = matter.q.theme.iter().flat_map(|t| &t.roles);
    let mut roles = roles.chain(matter.items.iter().flat_map(|i| &i.roles));
    let role = roles.find(|r| r.id == holder).map(|r| r.name.clone());
    Some(role.unwrap_or_else(|| matter.q.knowledge.holder_name(holder)))
}

/// Why a paper comes in as it does.
pub(super) fn paper(choice: &Choice<'_, '_, '_>, group: &Group<'_, '_>, fate: &Fate<'_>) -> Text {
    match fate {
        Fate::Asked => asked(choice, group),
        Fate::Optional if group.demands.iter().any(|d| d.open) => Text::new(
            "多数人用不着。要不要交，提交时由登记数据决定；手边有的现在就可以上传。",
            "Most people do not need it. The registers tell on handing in; upload it now if you have it at hand.",
        ),
        Fate::Optional => {
            Text::new("有就交，没有也能办。", "Hand it in if you have it; it can be done without.")
        }
        Fate::SameAs(by) => same_as(choice, group, by),
        Fate::Declared => declared(group),
        Fate::Free(frees) => free(choice, frees),
    }
}

fn asked(choice: &Choice<'_, '_, '_>, group: &Group<'_, '_>) -> Text {
    let members: BTreeSet<usize> = group.demands.iter().map(|d| d.member).collect();
    let claims: Vec<Text> = group.claims.iter().filter_map(|c| choice.claim(*c)).collect();
    let (mut zh, mut en) =
        match group.demands.first().and_then(|d| d.kind).map(|k| (k.effort, k.issuer.as_str())) {
            Some((3.., issuer)) if !issuer.is_empty() && issuer != APPLICANT => {
                let by = function_name(issuer);
                (format!("要由您向{}取得", by.zh), format!("You get it from: {}", by.en))
            }
            Some((2, _)) => ("要由您写好或者准备好".to_owned(), "You write or prepare it".to_owned()),
            _ => ("只有您手里有".to_owned(), "Only you have it".to_owned()),
        };
    if !claims.is_empty() {
        let claims = list(&claims);
        zh.push_str(&format!("，用来证明{}", claims.zh));
        en.push_str(&format!("; it proves {}", claims.en));
    }
    zh.push('。');
    en.push('.');
    if members.len() > 1 {
        zh.push_str(&format!("{}个事项都要，只交一次。", members.len()));
        en.push_str(&format!(" {} items need it; it is handed in once.", members.len()));
    }
    Text::new(zh, en)
}

fn same_as(choice: &Choice<'_, '_, '_>, group: &Group<'_, '_>, by: &[usize]) -> Text {
    let names: Vec<Text> = by.iter().map(|b| choice.name(*b)).collect();
    let quoted_zh: Vec<String> = names.iter().map(|n| format!("“{}”", n.zh)).collect();
    let quoted_en: Vec<String> = names.iter().map(|n| format!("“{}”", n.en)).collect();
    let claims: Vec<Text> = group.claims.iter().filter_map(|c| choice.claim(*c)).collect();
    let (zh, en) = (quoted_zh.join("、"), quoted_en.join(" and "));
    let (verb, prove) = if names.len() > 1 {
        ("合起来已经证明", "together prove")
    } else {
        ("已经证明", "already proves")
    };
    let what = list(&claims);
    if claims.is_empty() {
        return Text::new(
            format!("有{zh}就够了，不用另交。"),
            format!("{en} will do; nothing else is needed."),
        );
    }
    Text::new(
        format!("{zh}{verb}{}，不用另交。", what.zh),
        format!("{en} {prove} {}; this need not be handed in as well.", what.en),
    )
}

fn declared(group: &Group<'_, '_>) -> Text {
    let basis = group.demands.iter().find_map(|d| d.kind?.declaration.as_ref()).map(|d| &d.basis);
    match basis {
        Some(basis) => Text::new(
            format!("由您书面声明代替（{}）。", basis.zh),
            format!("Your written declaration stands for it ({}).", basis.en),
        ),
        None => Text::new("由您书面声明代替。", "Your written declaration stands for it."),
    }
}

fn free(choice: &Choice<'_, '_, '_>, frees: &[(Option<usize>, Free<'_>)]) -> Text {
    let matter = choice.matter;
    // What one thing proves is said together.
    let mut by: BTreeMap<String, (Free<'_>, Vec<Text>)> = BTreeMap::new();
    for (claim, free) in frees {
        let entry = by.entry(key(free)).or_insert((*free, Vec::new()));
        entry.1.extend(claim.and_then(|c| choice.claim(c)));
    }
    let several = by.len() > 1;
    let said = by.values().map(|(free, claims)| {
        let sentence = one(matter, free);
        if !several || claims.is_empty() {
            return sentence;
        }
        let what = list(claims);
        Text::new(format!("{}：{}", what.zh, sentence.zh), format!("As for {}: {}", what.en, sentence.en))
    });
    let (zh, en): (Vec<String>, Vec<String>) = said.map(|t| (t.zh, t.en)).unzip();
    Text::new(zh.concat(), en.join(" "))
}

fn key(free: &Free<'_>) -> String {
    match free {
        Free::Form => "0".to_owned(),
        Free::Produced(m) => format!("1{m:06}"),
        Free::Held(h) => format!("2{}{}{}", h.kind, h.holder, h.reference),
        Free::Fetched(r) => format!("3{r}"),
    }
}

fn one(matter: &Matter<'_>, free: &Free<'_>) -> Text {
    match free {
        Free::Form => Text::new(
            "您在网上填的这张表就是它，不用另交。",
            "The form that you fill in here is it; nothing else is handed in.",
        ),
        Free::Produced(m) => {
            let name = matter.name(*m);
            Text::new(
                format!("一起办的“{}”办好就有了，不用您交。", name.zh),
                format!("“{}”, done in the same matter, makes it; you need not hand it in.", name.en),
            )
        }
        Free::Held(holding) => held(holding),
        Free::Fetched(register) => {
            let name = matter.register(register).map_or_else(|| Text::same(*register), |r| r.name.clone());
            if matter.q.down.contains(*register) {
                return Text::new(
                    format!("由“{}”的数据核对，不用提交。它暂时没有应答，您照常办，部门稍后核对。", name.zh),
                    format!(
                        "It is checked against the {}; nothing to hand in. It does not answer just now: go on, the agency checks later.",
                        lower(&name.en)
                    ),
                );
            }
            Text::new(
                format!("由“{}”的数据直接核对，不用提交。", name.zh),
                format!("It is checked against the {}; it need not be handed in.", lower(&name.en)),
            )
        }
    }
}

fn held(holding: &Holding) -> Text {
    let since = |day: &jiff::civil::Date| {
        (page::format::date(kernel::Lang::ZhCn, *day), page::format::date(kernel::Lang::En, *day))
    };
    match (holding.by, holding.since.as_ref().map(since)) {
        (HeldAs::Certificate, _) => Text::new(
            "您的电子证照就在这里，不用再交。",
            "You hold it here as an electronic certificate; it need not be handed in.",
        ),
        (HeldAs::Proof(grade), Some((zh, en))) => Text::new(
            format!("您{zh}交过（{}），可以直接用，不用再交。", grade.name().zh),
            format!("You handed it in on {en} ({}); it can be used again.", grade.name().en),
        ),
        (HeldAs::Proof(grade), None) => Text::new(
            format!("您以前交过（{}），可以直接用，不用再交。", grade.name().zh),
            format!("You handed it in before ({}); it can be used again.", grade.name().en),
        ),
    }
}
