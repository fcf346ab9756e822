//! The other cases of the same matter (一件事): which agencies hold them, where they stand, and what this one waits for. Of the others
//! nothing is told but that.

use crate::{Room, WORDS};
use cases::show::{self, Names};
use cases::{Awaited, CaseView, MatterMember, Scope};
use kernel::{Lang, Outcome};
use page::{Html, Say, format};

/// Another case of the matter.
pub(crate) struct Sibling {
    /// Where it can be opened; only within the right.
    pub href: Option<String>,
    pub item: String,
    pub number: String,
    pub holder: String,
    pub badge: Html,
    pub until: String,
    /// The others it waits for itself.
    pub waits: String,
}

/// What this case waits for from another.
pub(crate) struct Wait {
    pub item: String,
    pub why: String,
    pub badge: Html,
}

/// The matter of a case with several members.
pub(crate) struct Joint {
    pub siblings: Vec<Sibling>,
    pub waits: Vec<Wait>,
}

/// The others, unless the case is alone in its matter.
///
/// # Errors
/// A fault of the store.
pub(crate) async fn joint(
    room: &Room,
    view: &CaseView,
    scope: &Scope,
    names: &Names,
    lang: Lang,
) -> Outcome<Option<Joint>> {
    let store = &room.house.ground.store;
    let members = cases::matter_view(store, view.row.matter, scope).await?.members;
    if members.len() < 2 {
        return Ok(None);
    }
    let w = WORDS.say(lang);
    let mut siblings = Vec::new();
    for member in members.iter().filter(|m| m.number != view.row.number) {
        // Whoever may open it is led there; for anybody else it is a line of text.
        let mine = cases::progress(store, &member.number, scope).await.is_ok();
        siblings.push(sibling(member, &members, mine, names, lang));
    }
    let waits = view.case.awaits.iter().map(|a| wait(a, lang, w)).collect();
    Ok(Some(Joint { siblings, waits }))
}

fn sibling(member: &MatterMember, all: &[MatterMember], mine: bool, names: &Names, lang: Lang) -> Sibling {
    let w = WORDS.say(lang);
    let holder = match (&member.holder, member.running) {
        (Some(agency), true) => names.of(agency, lang),
        (None, true) => w.t("with-applicant").into_owned(),
        (_, false) => names.of(&member.agency, lang),
    };
    let until = match (member.running, member.due_at, member.closed_at) {
        (true, Some(due), _) => w.with("sibling-until", &[("at", format::moment(lang, due))]),
        (false, _, Some(at)) => w.with("sibling-closed", &[("at", format::moment(lang, at))]),
        _ => String::new(),
    };
    let name = |key: &String| {
        let of = all.iter().find(|m| m.item_key == *key);
        of.map_or_else(|| key.clone(), |m| m.item_name.get(lang).to_owned())
    };
    let money = member.unpaid.then(|| w.t("unpaid-title").into_owned());
    let waits: Vec<String> = member.waits_for.iter().map(|(item, _)| name(item)).chain(money).collect();
    Sibling {
        href: mine.then(|| format!("/desk/cases/{}", member.number)),
        item: member.item_name.get(lang).to_owned(),
        number: member.number.to_string(),
        holder,
        badge: show::badge(&member.state, member.outcome.as_deref(), lang),
        until,
        waits: waits.join(w.t("list-gap").as_ref()),
    }
}

fn wait(a: &Awaited, lang: Lang, w: Say) -> Wait {
    let (kind, word) = match (&a.came, &a.failed) {
        (Some(_), _) => ("good", "wait-came"),
        (None, Some(_)) => ("bad", "wait-failed"),
        (None, None) => ("wait", "wait-open"),
    };
    let why = match &a.failed {
        Some((_, why)) => why.get(lang).to_owned(),
        None => a.say.get(lang).to_owned(),
    };
    Wait { item: a.name.get(lang).to_owned(), why, badge: page::badge(kind, &w.t(word)) }
}
