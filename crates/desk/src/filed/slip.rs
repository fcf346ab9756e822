//! The slip for whoever has no telephone: what waits to be collected, where, until when and with which code, printed once their identity
//! document was compared; and the number and code with which they ask how it stands.

use super::acts::{refused, told};
use crate::window::{query_address, query_code};
use crate::{Room, WORDS};
use axum::extract::{Path, State};
use cases::show::Names;
use cases::{DocumentNumber, FiledHere};
use identity::Clerk;
use kernel::{Failure, Outcome, SubjectId};
use page::{Answer, Ctx, Html, Say, Shell, Submitted, format};

struct Waiting {
    number: String,
    title: String,
    place: String,
    until: String,
    code: String,
    papers: String,
}

#[derive(askama::Template)]
#[template(path = "filed-slip.html")]
struct SlipPage {
    shell: Shell,
    w: Say,
    back: String,
    item: String,
    number: String,
    code: String,
    picture: Html,
    badge: Html,
    waiting: Vec<Waiting>,
    query: String,
    place: String,
    at: String,
}

pub(super) async fn post(
    State(room): State<Room>,
    Path(number): Path<String>,
    ctx: Ctx,
    clerk: Clerk,
    sent: Submitted,
) -> Answer {
    let (store, lang, w) = (&room.house.ground.store, ctx.lang, WORDS.say(ctx.lang));
    let view = super::of(store, &clerk, &number).await?;
    let (who, citizen_id) = (FiledHere::from(&clerk), DocumentNumber(sent.get("slip.citizen_id").to_owned()));
    let there: Outcome<(SubjectId, bool)> =
        ::store::command!(room.house.ground, lang, clerk.actor_ref(), |cx| {
            cases::stands_at_window(&mut cx, &who, &view.row.number, &citizen_id).await
        });
    let (subject, oneself) = match there {
        Ok(there) => there,
        Err(Failure::Refused(no)) if told(&no) => {
            return refused(&room, (&ctx, &clerk, &number), &sent, &no).await;
        }
        Err(other) => return Err(other.into()),
    };
    let (names, code) = (Names::load(store).await?, query_code(store, &view.row.number));
    let (matter, number) = (view.row.matter.to_string(), view.row.number.to_string());
    // An agent's right is for this case, not for what else comes of the matter.
    let only = (!oneself).then_some(number.as_str());
    let found = delivery::verbs::to_collect(store, &clerk, (&matter, subject), only).await?;
    let waiting = found.into_iter().map(|one| {
        let (head, tail) = one.code.split_at(one.code.len() / 2);
        let own = one.place.get(lang);
        Waiting {
            code: format!("{head} {tail}"),
            number: one.number,
            title: one.title.get(lang).to_owned(),
            place: if own.is_empty() { names.of(&view.row.agency, lang) } else { own.to_owned() },
            until: format::date(lang, one.until.date),
            papers: one.papers.to_string(),
        }
    });
    Ok(page::render(&SlipPage {
        shell: Shell::new(&ctx, w.t("slip-title"))
            .desk()
            .crumb(w.t("filed-title"), "/desk/filed")
            .crumb(view.row.item_name.get(lang), format!("/desk/filed/{}", view.row.number)),
        w,
        back: format!("/desk/filed/{}", view.row.number),
        item: view.row.item_name.get(lang).to_owned(),
        number: view.row.number.to_string(),
        picture: page::qr(&query_address(&ctx.site.base_url, &view.row.number, &code))?,
        code,
        badge: cases::show::badge(&view.row.state, view.row.outcome.as_deref(), lang),
        waiting: waiting.collect(),
        query: format!("{}/query", ctx.site.base_url),
        place: names.of(clerk.agency(), lang),
        at: format::moment(lang, ctx.now),
    }))
}
