//! Below a case: notices, what is said, what lies with line systems, and who else reads it now.

use crate::who::Who;
use crate::{Room, WORDS, lines, store as rows};
use cases::show::Names;
use cases::{CaseView, TalkKind, TalkRow};
use identity::Staff;
use kernel::{Lang, Outcome, Timestamp};
use page::format;

pub(crate) struct NoticeShown {
    pub name: String,
    pub number: String,
    pub at: String,
    pub seal: String,
    pub href: String,
}

pub(crate) struct TalkLine {
    pub who: String,
    pub at: String,
    pub text: String,
    pub note: bool,
    pub staff: bool,
    pub fresh: bool,
    /// What staff wrote to the applicant: whether it was read.
    pub seen: Option<bool>,
}

/// Everything below the case.
pub(crate) struct Below {
    pub notices: Vec<NoticeShown>,
    pub talk: Vec<TalkLine>,
    pub lines: Vec<lines::Line>,
    pub readers: Vec<String>,
    /// The last message that nobody here had read before.
    pub unread: Option<i64>,
}

/// Remembers that the body has read what is said; what was new stays marked so on this page.
///
/// # Errors
/// Faults of the store.
pub(crate) async fn read(
    room: &Room,
    who: Option<&Who>,
    view: &CaseView,
    unread: Option<i64>,
) -> Outcome<()> {
    let (Some(who), Some(seq)) = (who, unread) else { return Ok(()) };
    let (handler, number) = (&who.handler, &view.case.number);
    ::store::command!(room.house.ground, Lang::default(), handler.actor_ref(), |cx| {
        cases::read_talk_for_staff(&mut cx, handler, number, seq).await
    })
}

/// Reads it all.
///
/// # Errors
/// Faults of the store.
pub(crate) async fn below(
    room: &Room,
    view: &CaseView,
    (staff, who): (&Staff, Option<&Who>),
    names: &Names,
    notices: &[procedure::NoticeLine],
    (now, lang): (Timestamp, Lang),
) -> Outcome<Below> {
    let (store, w) = (&room.house.ground.store, WORDS.say(lang));
    let number = &view.case.number;
    let notice = |n: &procedure::NoticeLine| NoticeShown {
        name: n.name.get(lang).to_owned(),
        number: n.number.clone(),
        at: format::moment(lang, n.at),
        seal: n.seal.clone().unwrap_or_default(),
        href: format!("/desk/cases/{number}/notices/{}", n.id),
    };
    let talk = match who {
        Some(who) => cases::talk_for_staff(store, &who.handler, number, 0).await?,
        None => Vec::new(),
    };
    let said = |t: &TalkRow| TalkLine {
        who: match &t.agency {
            Some(agency) => names.of(agency, lang),
            None => w.t("talk-applicant").into_owned(),
        },
        at: format::moment(lang, t.at),
        text: t.text.clone(),
        note: t.kind == TalkKind::Note,
        staff: t.staff,
        fresh: !t.read && !t.staff,
        seen: (t.staff && t.kind == TalkKind::Message).then_some(t.seen),
    };
    let dispatched = exchange::dispatches_of(store, &format!("case:{}", view.row.id)).await?;
    let readers = rows::readers(store, number, staff.account(), now).await?;
    let reader = |r: &rows::Reader| {
        let minutes = (now.as_microsecond() - r.at.as_microsecond()) / 60_000_000;
        let name = if r.agency == staff.agency().as_str() {
            r.name.clone()
        } else {
            let agency = kernel::AgencyCode::parse(&r.agency);
            format!("{}（{}）", r.name, agency.map(|a| names.of(&a, lang)).unwrap_or_default())
        };
        let when = if minutes < 1 {
            w.t("reading-now").into_owned()
        } else {
            w.with("reading-ago", &[("n", minutes.to_string())])
        };
        w.with("reading", &[("name", name), ("when", when)])
    };
    Ok(Below {
        notices: notices.iter().map(notice).collect(),
        talk: talk.iter().map(said).collect(),
        lines: dispatched.iter().map(|d| lines::line(room, d, lang, w)).collect(),
        readers: readers.iter().map(reader).collect(),
        unread: talk.iter().filter(|t| !t.read).map(|t| t.seq).max(),
    })
}
