//! `/desk/bags`: papers that travel between halls by sealed list; the same page for both ends.

use super::view::Line;
use super::{id_of, status_of, told_on_page};
use crate::bag::{self, Bag, BagState, Found};
use crate::model::BagId;
use crate::room::Deliveries;
use crate::store::BagRow;
use crate::{WORDS, store as rows};
use ::store::command;
use axum::extract::{Path, Query, State};
use identity::{Directory, Staff};
use kernel::{AgencyCode, Failure, Outcome, Refusal, RefusalKind};
use page::{Answer, Ctx, FormState, Html, Say, Shell, Submitted, badge, format};

const LINES: i64 = 50;

#[derive(askama::Template)]
#[template(path = "bags.html")]
struct BagsPage {
    shell: Shell,
    w: Say,
    form: FormState,
    coming: Vec<Line>,
    sent: Vec<Line>,
    agencies: Vec<(String, String)>,
}

#[derive(askama::Template)]
#[template(path = "bag.html")]
struct BagPage {
    shell: Shell,
    w: Say,
    form: FormState,
    at: String,
    seal: String,
    sender: String,
    receiver: String,
    state: Html,
    carrier: String,
    sent_at: String,
    papers: Vec<PaperShown>,
    /// What differed, in words; empty as long as nothing did.
    differs: Vec<String>,
    sends: bool,
    opens: bool,
}

struct PaperShown {
    nth: String,
    case: String,
    what: String,
    ticked: bool,
}

fn state(word: &str, w: Say) -> Html {
    let (kind, key) = match word.parse::<BagState>() {
        Ok(BagState::Sealed) => ("info", "bag-sealed"),
        Ok(BagState::Sent) => ("wait", "bag-sent"),
        Ok(BagState::Whole) => ("good", "bag-whole"),
        Ok(BagState::Differs) | Err(_) => ("bad", "bag-differs"),
    };
    badge(kind, &w.t(key))
}

fn name(agencies: &Directory, code: &str, w: Say) -> String {
    AgencyCode::parse(code).map_or_else(|| code.to_owned(), |code| agencies.name(&code, w.lang))
}

/// What a list begins with, when one comes from a case whose papers are to travel.
#[derive(serde::Deserialize, Default)]
#[serde(default)]
pub(super) struct Begun {
    receiver: String,
    papers: String,
}

pub(super) async fn list(
    State(room): State<Deliveries>,
    Query(begun): Query<Begun>,
    ctx: Ctx,
    who: Staff,
) -> Answer {
    let form = FormState::new().with("receiver", begun.receiver).with("papers", begun.papers);
    Ok(page::render(&bags(&room, &ctx, &who, form).await?))
}

async fn bags(room: &Deliveries, ctx: &Ctx, who: &Staff, form: FormState) -> Outcome<BagsPage> {
    room.reach(who).await?;
    let (store, w) = (&room.house.ground.store, WORDS.say(ctx.lang));
    let directory = identity::directory(store).await?;
    let line = |row: &BagRow, other: &str| Line {
        href: format!("/desk/bags/{}", row.id),
        title: row.seal.clone(),
        notes: vec![
            name(&directory, other, w),
            w.with("bag-papers", &[("n", row.papers.to_string())]),
            format::moment(ctx.lang, row.at),
        ],
        state: state(&row.state, w),
    };
    let coming = rows::bags_coming(store, who.agency(), LINES).await?;
    let sent = rows::bags_sent(store, who.agency(), LINES).await?;
    let others = directory.agencies().filter(|a| a.code != *who.agency());
    Ok(BagsPage {
        shell: Shell::new(ctx, w.t("bags-title")).desk().crumb(w.t("desk-title"), "/desk/parcels"),
        w,
        form,
        coming: coming.iter().filter(|r| r.state != "sealed").map(|r| line(r, &r.sender)).collect(),
        sent: sent.iter().map(|r| line(r, &r.receiver)).collect(),
        agencies: others.map(|a| (a.code.to_string(), a.name.get(ctx.lang).to_owned())).collect(),
    })
}

pub(super) async fn seal(State(room): State<Deliveries>, ctx: Ctx, who: Staff, sent: Submitted) -> Answer {
    room.reach(&who).await?;
    let actor = who.actor_ref();
    let done: Outcome<BagId> = command!(room.house.ground, ctx.lang, actor, |cx| {
        let listed = (sent.get("seal"), sent.get("papers"));
        bag::seal(&mut cx, &who, sent.get("receiver"), listed).await
    });
    match done {
        Ok(id) => Ok(page::see_other(format!("/desk/bags/{id}"))),
        Err(Failure::Refused(no)) if told_on_page(&no) => {
            let mut form = FormState::of(&sent);
            form.refuse(&no);
            Ok(page::render_with(status_of(&no), &bags(&room, &ctx, &who, form).await?))
        }
        Err(failure) => Err(failure.into()),
    }
}

pub(super) async fn show(
    State(room): State<Deliveries>,
    Path(id): Path<String>,
    ctx: Ctx,
    who: Staff,
) -> Answer {
    Ok(page::render(&bag_page(&room, &ctx, &who, id_of(&id)?, FormState::new()).await?))
}

async fn bag_page(room: &Deliveries, ctx: &Ctx, who: &Staff, id: BagId, form: FormState) -> Outcome<BagPage> {
    room.reach(who).await?;
    let (store, w) = (&room.house.ground.store, WORDS.say(ctx.lang));
    let found = bag::bag(store, who, id).await?;
    let directory = identity::directory(store).await?;
    let ticked = |nth: usize| match &found.found {
        Some((found, _)) => found.there.contains(&nth),
        None => form.checked("there", &nth.to_string()),
    };
    let papers = found.papers.iter().enumerate().map(|(nth, paper)| PaperShown {
        nth: nth.to_string(),
        case: paper.case.clone(),
        what: paper.what.clone(),
        ticked: ticked(nth),
    });
    let here = who.agency().as_str();
    Ok(BagPage {
        shell: Shell::new(ctx, w.t("bag-title"))
            .desk()
            .crumb(w.t("desk-title"), "/desk/parcels")
            .crumb(w.t("bags-title"), "/desk/bags"),
        w,
        at: format!("/desk/bags/{id}"),
        seal: found.row.seal.clone(),
        sender: name(&directory, &found.row.sender, w),
        receiver: name(&directory, &found.row.receiver, w),
        state: state(&found.row.state, w),
        carrier: found.carrier.clone(),
        sent_at: found.sent_at.map(|at| format::moment(ctx.lang, at)).unwrap_or_default(),
        papers: papers.collect(),
        differs: differs(&found, w),
        sends: found.row.sender == here && found.row.state == "sealed",
        opens: found.row.receiver == here && found.row.state == "sent",
        form,
    })
}

/// What differed when it was opened, told to both ends.
fn differs(bag: &Bag, w: Say) -> Vec<String> {
    let Some((found, _)) = &bag.found else { return Vec::new() };
    let mut all = Vec::new();
    if !found.seal_whole {
        all.push(w.t("differs-seal").into_owned());
    }
    for paper in bag.missing() {
        all.push(w.with("differs-missing", &[("what", paper.what.clone()), ("case", paper.case.clone())]));
    }
    if !found.extra.trim().is_empty() {
        all.push(w.with("differs-extra", &[("what", found.extra.clone())]));
    }
    all
}

/// The bag leaves, or is opened: the button says which.
pub(super) async fn act(
    State(room): State<Deliveries>,
    Path(id): Path<String>,
    ctx: Ctx,
    who: Staff,
    sent: Submitted,
) -> Answer {
    room.reach(&who).await?;
    let (id, actor): (BagId, _) = (id_of(&id)?, who.actor_ref());
    let done: Outcome<()> = command!(room.house.ground, ctx.lang, actor, |cx| {
        match sent.get("act") {
            "send" => bag::send(&mut cx, &who, id, sent.get("carrier")).await,
            "open" => match found(&sent) {
                Ok(found) => bag::receive(&mut cx, &room, &who, id, found).await.map(|_| ()),
                Err(no) => Err(no.into()),
            },
            _ => Err(Refusal::not_found().into()),
        }
    });
    match done {
        Ok(()) => Ok(page::see_other(format!("/desk/bags/{id}"))),
        Err(Failure::Refused(no)) if told_on_page(&no) => {
            let mut form = FormState::of(&sent);
            form.refuse(&no);
            let page = bag_page(&room, &ctx, &who, id, form).await?;
            Ok(page::render_with(status_of(&no), &page))
        }
        Err(failure) => Err(failure.into()),
    }
}

fn found(sent: &Submitted) -> Result<Found, Refusal> {
    let seal_whole = match sent.get("seal") {
        "whole" => true,
        "broken" => false,
        _ => {
            let (zh, en) = ("请说明封签是否完好。", "Say whether the seal is whole.");
            return Err(
                Refusal::new(RefusalKind::Invalid, "delivery.bag-seal-state", zh, en).field("seal", zh, en)
            );
        }
    };
    let there = sent.all("there").iter().filter_map(|nth| nth.parse().ok()).collect();
    let extra = sent.get("extra").trim().chars().take(500).collect();
    Ok(Found { seal_whole, there, extra })
}
