//! `/desk/parcels`: what is to be packed, the oldest first; one parcel at the packing desk; what came back.

use super::addresses::{counties, typed};
use super::chooser::{Chooser, choice, chooser, form_of};
use super::view::{Line, how, line, state, timeline, titled};
use super::{From, id_of, status_of, told_on_page};
use crate::bag;
use crate::model::{How, Parcel, ParcelId, State as Stands};
use crate::room::Deliveries;
use crate::verbs::{self, Label};
use crate::{WORDS, store as rows};
use ::store::command;
use axum::extract::{Path, Query, State};
use identity::Staff;
use kernel::{Failure, Outcome, Refusal, RefusalKind};
use page::{Answer, Ctx, FormState, Html, Say, Shell, Submitted, TimelineEntry, format};

const LINES: i64 = 50;

#[derive(askama::Template)]
#[template(path = "desk.html")]
struct DeskPage {
    shell: Shell,
    w: Say,
    form: FormState,
    /// The lists: where, what they are called, whether this is it.
    tabs: Vec<(String, String, bool)>,
    lines: Vec<Line>,
    first: Option<String>,
    next: Option<String>,
}

/// The lists that one may want to see.
const LISTS: [Stands; 8] = [
    Stands::Ready,
    Stands::Gathering,
    Stands::Packed,
    Stands::HandedOver,
    Stands::Moving,
    Stands::Returned,
    Stands::Collectable,
    Stands::Lapsed,
];

fn tab(stands: Stands) -> &'static str {
    match stands {
        Stands::Gathering => "tab-gathering",
        Stands::Packed => "tab-packed",
        Stands::HandedOver => "tab-handed-over",
        Stands::Moving => "tab-moving",
        Stands::Returned => "tab-returned",
        Stands::Collectable => "tab-collectable",
        Stands::Lapsed => "tab-lapsed",
        _ => "tab-ready",
    }
}

pub(super) async fn list(
    State(room): State<Deliveries>,
    ctx: Ctx,
    who: Staff,
    Query(from): Query<From>,
) -> Answer {
    let (reach, w) = (room.reach(&who).await?, WORDS.say(ctx.lang));
    let case: String =
        from.case.as_deref().unwrap_or_default().chars().filter(char::is_ascii_alphanumeric).collect();
    if !case.is_empty() {
        return Ok(page::see_other(format!("/desk/parcels/case/{case}")));
    }
    let wanted = from.list.as_deref().and_then(|l| LISTS.into_iter().find(|s| s.word() == l));
    let wanted = wanted.unwrap_or(Stands::Ready);
    let after = from.place(i64::MIN)?;
    let mut found = rows::parcels_in(&room.house.ground.store, wanted, &reach, after, LINES + 1).await?;
    let most = usize::try_from(LINES).unwrap_or(0);
    let more = found.len() > most;
    found.truncate(most);
    let base = format!("/desk/parcels?list={wanted}");
    let next = found.last().map(|r| format!("{base}&after={}.{}", r.since.as_microsecond(), r.id));
    let tabs =
        LISTS.into_iter().map(|s| (format!("/desk/parcels?list={s}"), w.t(tab(s)).into_owned(), s == wanted));
    Ok(page::render(&DeskPage {
        shell: Shell::new(&ctx, w.t("desk-title")).desk(),
        w,
        form: FormState::new(),
        tabs: tabs.collect(),
        lines: found.iter().map(|row| line(row, "/desk/parcels", true, w)).collect(),
        first: from.after.map(|_| base),
        next: next.filter(|_| more),
    }))
}

/// One paper at the packing desk.
struct PaperShown {
    number: String,
    title: String,
    case: String,
    ticked: bool,
}

#[derive(askama::Template)]
#[template(path = "packing.html")]
struct PackingPage {
    shell: Shell,
    w: Say,
    form: FormState,
    at: String,
    number: String,
    title: String,
    recipient: String,
    state: Html,
    how: String,
    papers: Vec<PaperShown>,
    waits: Vec<String>,
    parted: Option<String>,
    label: Option<Label>,
    tracking: Vec<String>,
    /// The list of the bag in which it goes to a hall of another place, to be begun or as it stands, and in words.
    bag: Option<(String, String)>,
    until: String,
    chooser: Option<Chooser>,
    counties: Vec<(String, String)>,
    packs: bool,
    parts: bool,
    takes_back: bool,
    returned: bool,
    /// The addresses to which it can be sent once more.
    again: Vec<(String, String)>,
    entries: Vec<TimelineEntry>,
}

async fn reached(room: &Deliveries, who: &Staff, id: &str) -> Outcome<ParcelId> {
    let id: ParcelId = id_of(id)?;
    room.must_reach(who, id).await?;
    Ok(id)
}

pub(super) async fn show(
    State(room): State<Deliveries>,
    Path(id): Path<String>,
    ctx: Ctx,
    who: Staff,
) -> Answer {
    let id = reached(&room, &who, &id).await?;
    Ok(page::render(&page_of(&room, &ctx, &who, id, None).await?))
}

async fn page_of(
    room: &Deliveries,
    ctx: &Ctx,
    who: &Staff,
    id: ParcelId,
    form: Option<FormState>,
) -> Outcome<PackingPage> {
    let (store, w) = (&room.house.ground.store, WORDS.say(ctx.lang));
    let (packs, actor) = (room.packs(store, who, id).await?, who.actor_ref());
    // Nothing of an address is opened before the look at it is written down.
    if packs {
        command!(room.house.ground, ctx.lang, actor, |cx| {
            verbs::look_at_label(&mut cx, room, who, id).await
        })?;
    }
    let parcel = verbs::parcel(store, id).await?;
    let stands = parcel.state();
    let b = &parcel.begun;
    let form = form.unwrap_or_else(|| form_of(&parcel.how));
    let (open, returned) = (parcel.open(), stands == Stands::Returned);
    let entries =
        if open || returned { verbs::masked(store, b.recipient, ctx.lang).await? } else { Vec::new() };
    let chooser = match open {
        true => Some(chooser(room, b.recipient, (&b.division, &parcel.cases), &[], w).await?),
        false => None,
    };
    let ticked = form.all("paper").to_vec();
    let paper = |p: &crate::model::Paper| PaperShown {
        number: p.number.clone(),
        title: p.title.get(ctx.lang).to_owned(),
        case: p.case.clone(),
        ticked: ticked.contains(&p.number),
    };
    Ok(PackingPage {
        shell: Shell::new(ctx, w.t("packing-title")).desk().crumb(w.t("desk-title"), "/desk/parcels"),
        at: format!("/desk/parcels/{id}/act"),
        number: b.number.clone(),
        title: titled(b, w),
        recipient: format::mask_name(&b.recipient_name),
        state: state(stands, w),
        how: how(&parcel.how, w),
        papers: parcel.carried().map(paper).collect(),
        waits: parcel.cases.iter().filter(|c| !c.over).map(|c| c.number.clone()).collect(),
        parted: parcel.parted.clone(),
        label: if packs { verbs::label(room, &parcel).await? } else { None },
        tracking: parcel.attempts.iter().filter_map(|a| a.tracking.clone()).collect(),
        bag: if packs { bag_of(room, &parcel, w).await? } else { None },
        until: parcel.kept.as_ref().map(|k| format::date(ctx.lang, k.until.date)).unwrap_or_default(),
        chooser: chooser.map(|c| Chooser { addresses: entries.clone(), ..c }),
        counties: if open { counties(store, ctx.lang).await? } else { Vec::new() },
        packs: packs && stands == Stands::Ready,
        parts: packs && stands == Stands::Gathering && parcel.carried().next().is_some(),
        takes_back: packs && matches!(stands, Stands::Refused | Stands::Moving | Stands::HandedOver),
        returned: packs && returned,
        again: if packs && returned && parcel.attempts.len() < 2 { entries } else { Vec::new() },
        entries: timeline(&verbs::history(store, id).await?, w),
        w,
        form,
    })
}

/// A parcel that goes to a hall of another place: the bag on whose list it stands, or a list to begin.
async fn bag_of(room: &Deliveries, parcel: &Parcel, w: Say) -> Outcome<Option<(String, String)>> {
    let How::Collect { name, away: Some(away), .. } = &parcel.how else { return Ok(None) };
    let Some(case) = parcel.begun.cases.first().filter(|_| parcel.state() == Stands::Packed) else {
        return Ok(None);
    };
    let number = &parcel.begun.number;
    let travels = bag::of_case(&room.house.ground.store, &case.number).await?;
    if let Some(on) = travels.iter().find(|p| p.what.contains(number.as_str()) && p.there.is_none()) {
        let said = w.with("bag-holds", &[("seal", on.seal.clone())]);
        return Ok(Some((format!("/desk/bags/{}", on.bag), said)));
    }
    let paper = format!("{}，{} {number}", case.number, w.t("bag-parcel"));
    let address = format!("/desk/bags?receiver={away}&papers={}#seal", escaped(&paper));
    Ok(Some((address, w.with("bag-begin", &[("place", name.get(w.lang).to_owned())]))))
}

/// Text as it stands in an address (RFC 3986).
fn escaped(text: &str) -> String {
    let byte = |b: u8| match b {
        b if b.is_ascii_alphanumeric() => char::from(b).to_string(),
        b => format!("%{b:02X}"),
    };
    text.bytes().map(byte).collect()
}

/// What was ticked, and the numbers that were scanned beside.
fn ticked(sent: &Submitted) -> Vec<String> {
    let scanned = sent.get("scan").split(['\n', ',', ' ', '，']).map(str::trim).filter(|n| !n.is_empty());
    let mut all: Vec<String> = sent.all("paper").into_iter().chain(scanned).map(str::to_owned).collect();
    all.sort();
    all.dedup();
    all
}

/// One deed at the packing desk: its word is the button's.
pub(super) async fn act(
    State(room): State<Deliveries>,
    Path(id): Path<String>,
    ctx: Ctx,
    who: Staff,
    sent: Submitted,
) -> Answer {
    let id = reached(&room, &who, &id).await?;
    let actor = who.actor_ref();
    let done: Outcome<()> = command!(room.house.ground, ctx.lang, actor, |cx| {
        let done = match sent.get("act") {
            "pack" => verbs::pack(&mut cx, &room, &who, id, ticked(&sent)).await,
            "part" => verbs::part_at_desk(&mut cx, &room, &who, id, sent.get("why")).await,
            "choose" => verbs::choose_at_window(&mut cx, &room, &who, id, &choice(&sent)).await,
            "write" => verbs::write_at_window(&mut cx, &room, &who, id, &typed(&sent)).await,
            "take-back" => verbs::take_back(&mut cx, &room, &who, id, sent.get("reason")).await,
            "keep" => verbs::keep(&mut cx, &room, &who, id).await,
            "again" => verbs::again(&mut cx, &room, &who, id, sent.get("address")).await,
            _ => Err(no_act().into()),
        };
        done.map(|_| ())
    });
    match done {
        Ok(()) => Ok(page::see_other(format!("/desk/parcels/{id}"))),
        Err(Failure::Refused(no)) if told_on_page(&no) => {
            let mut form = FormState::of(&sent);
            form.refuse(&no);
            let page = page_of(&room, &ctx, &who, id, Some(form)).await?;
            Ok(page::render_with(status_of(&no), &page))
        }
        Err(failure) => Err(failure.into()),
    }
}

fn no_act() -> Refusal {
    let (zh, en) = ("请选择要办理的事。", "Choose what to do.");
    Refusal::new(RefusalKind::Invalid, "delivery.no-act", zh, en)
}
