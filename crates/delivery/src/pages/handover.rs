//! `/desk/handovers`: hand-over lists of one's agency; one list, scanned into, printed, signed by the courier.

use super::view::Line;
use super::{From, id_of, status_of, told_on_page};
use crate::model::ListId;
use crate::room::Deliveries;
use crate::store::ListRow;
use crate::verbs::{self, Scanned};
use crate::{WORDS, store as rows};
use ::store::command;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use identity::Staff;
use kernel::{Failure, Outcome};
use page::{Answer, Ctx, FormState, Html, Say, Shell, Submitted, badge, format};

const LINES: i64 = 30;

#[derive(askama::Template)]
#[template(path = "handovers.html")]
struct ListsPage {
    shell: Shell,
    w: Say,
    lines: Vec<Line>,
    first: Option<String>,
    next: Option<String>,
}

#[derive(askama::Template)]
#[template(path = "handover.html")]
struct ListPage {
    shell: Shell,
    w: Say,
    form: FormState,
    at: String,
    number: String,
    agency: String,
    day: String,
    state: Html,
    open: bool,
    courier: String,
    signed_at: String,
    /// The parcels: id, number, recipient masked, the courier's number.
    parcels: Vec<(String, String, String, String)>,
    /// Numbers that were refused just now, and why.
    refused: Vec<(String, String)>,
    taken: usize,
}

fn state(row: &ListRow, w: Say) -> Html {
    match row.state.as_str() {
        "open" => badge("info", &w.t("list-open")),
        _ => badge("good", &w.t("list-closed")),
    }
}

pub(super) async fn list(
    State(room): State<Deliveries>,
    ctx: Ctx,
    who: Staff,
    Query(from): Query<From>,
) -> Answer {
    room.reach(&who).await?;
    let w = WORDS.say(ctx.lang);
    let before = from.place(i64::MAX)?;
    let mut found = rows::lists_of(&room.house.ground.store, who.agency(), before, LINES + 1).await?;
    let most = usize::try_from(LINES).unwrap_or(0);
    let more = found.len() > most;
    found.truncate(most);
    let next = found.last().map(|r| format!("/desk/handovers?after={}.{}", r.at.as_microsecond(), r.id));
    let shown = |row: &ListRow| Line {
        href: format!("/desk/handovers/{}", row.id),
        title: row.number.clone(),
        notes: vec![format::moment(ctx.lang, row.at)],
        state: state(row, w),
    };
    Ok(page::render(&ListsPage {
        shell: Shell::new(&ctx, w.t("lists-title")).desk().crumb(w.t("desk-title"), "/desk/parcels"),
        w,
        lines: found.iter().map(shown).collect(),
        first: from.after.map(|_| "/desk/handovers".to_owned()),
        next: next.filter(|_| more),
    }))
}

pub(super) async fn begin(State(room): State<Deliveries>, ctx: Ctx, who: Staff, _: Submitted) -> Answer {
    let actor = who.actor_ref();
    let done: Outcome<ListId> =
        command!(room.house.ground, ctx.lang, actor, |cx| { verbs::open(&mut cx, &room, &who).await });
    Ok(page::see_other(format!("/desk/handovers/{}", done?)))
}

pub(super) async fn show(
    State(room): State<Deliveries>,
    Path(id): Path<String>,
    ctx: Ctx,
    who: Staff,
) -> Answer {
    let id: ListId = id_of(&id)?;
    Ok(page::render(&page_of(&room, &ctx, &who, id, (FormState::new(), &[])).await?))
}

async fn page_of(
    room: &Deliveries,
    ctx: &Ctx,
    who: &Staff,
    id: ListId,
    (form, scanned): (FormState, &[Scanned]),
) -> Outcome<ListPage> {
    let row = verbs::reached(room, who, id).await?;
    let (store, w) = (&room.house.ground.store, WORDS.say(ctx.lang));
    let mut parcels = Vec::new();
    for found in rows::parcels_on(store, id).await? {
        let parcel = verbs::parcel(store, found.id).await?;
        let tracking = parcel.attempt().and_then(|a| a.tracking.clone()).unwrap_or_default();
        parcels.push((
            found.id.to_string(),
            found.number,
            format::mask_name(&found.recipient_name),
            tracking,
        ));
    }
    let refused = scanned
        .iter()
        .filter_map(|s| s.no.as_ref().map(|no| (s.number.clone(), no.say.get(ctx.lang).to_owned())));
    let agencies = identity::directory(store).await?;
    Ok(ListPage {
        shell: Shell::new(ctx, w.t("list-title"))
            .desk()
            .crumb(w.t("desk-title"), "/desk/parcels")
            .crumb(w.t("lists-title"), "/desk/handovers"),
        w,
        form,
        at: format!("/desk/handovers/{id}"),
        number: row.number.clone(),
        agency: agencies.name(who.agency(), ctx.lang),
        day: format::date(ctx.lang, kernel::clock::legal_date(row.at)),
        state: state(&row, w),
        open: row.state == "open",
        courier: row.courier.clone().unwrap_or_default(),
        signed_at: row.closed_at.map(|at| format::moment(ctx.lang, at)).unwrap_or_default(),
        parcels,
        refused: refused.collect(),
        taken: scanned.iter().filter(|s| s.no.is_none()).count(),
    })
}

/// Scans, takes off, or has the courier sign: the button says which.
pub(super) async fn act(
    State(room): State<Deliveries>,
    Path(id): Path<String>,
    ctx: Ctx,
    who: Staff,
    sent: Submitted,
) -> Answer {
    let id: ListId = id_of(&id)?;
    verbs::reached(&room, &who, id).await?;
    let actor = who.actor_ref();
    let done: Outcome<Vec<Scanned>> = match sent.get("act") {
        "close" => command!(room.house.ground, ctx.lang, actor, |cx| {
            verbs::close(&mut cx, &room, &who, id, sent.get("courier")).await.map(|()| Vec::new())
        }),
        "off" => {
            let parcel = id_of(sent.get("parcel"))?;
            command!(room.house.ground, ctx.lang, actor, |cx| {
                verbs::take_off(&mut cx, &room, &who, id, parcel).await.map(|()| Vec::new())
            })
        }
        _ => verbs::scan(&room, ctx.lang, &who, id, sent.get("numbers")).await,
    };
    match done {
        // Numbers that were refused are said on this very page; the others are on the list.
        Ok(scanned) if scanned.iter().any(|s| s.no.is_some()) => {
            let page = page_of(&room, &ctx, &who, id, (FormState::new(), &scanned)).await?;
            Ok(page::render_with(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
        Ok(_) => Ok(page::see_other(format!("/desk/handovers/{id}"))),
        Err(Failure::Refused(no)) if told_on_page(&no) => {
            let mut form = FormState::of(&sent);
            form.refuse(&no);
            let page = page_of(&room, &ctx, &who, id, (form, &[])).await?;
            Ok(page::render_with(status_of(&no), &page))
        }
        Err(failure) => Err(failure.into()),
    }
}
