//! `/space/addresses`: one's address book.

use super::{id_of, status_of, told_on_page};
use crate::WORDS;
use crate::model::{AddressId, Told};
use crate::room::Deliveries;
use crate::verbs::{self, Entry, Typed};
use ::store::{Store, command};
use axum::extract::{Path, State};
use identity::Applicant;
use kernel::{Failure, Fault, Lang, Outcome};
use page::{Answer, Ctx, FormState, Say, Shell, Submitted, format};

#[derive(askama::Template)]
#[template(path = "addresses.html")]
struct BookPage {
    shell: Shell,
    w: Say,
    form: FormState,
    lines: Vec<Line>,
    counties: Vec<(String, String)>,
    /// Whether the book is shut before whoever asks: somebody under protection, for whom they act.
    shut: bool,
}

struct Line {
    href: String,
    title: String,
    note: String,
    usual: bool,
}

#[derive(askama::Template)]
#[template(path = "address.html")]
struct AddressPage {
    shell: Shell,
    w: Say,
    form: FormState,
    at: String,
    rev: i64,
    counties: Vec<(String, String)>,
}

/// The counties and districts, each with its city.
pub(super) async fn counties(store: &Store, lang: Lang) -> Result<Vec<(String, String)>, Fault> {
    let mut all = Vec::new();
    for (province, _) in identity::divisions_below(store, None).await? {
        for (city, name) in identity::divisions_below(store, Some(&province)).await? {
            let below = identity::divisions_below(store, Some(&city)).await?;
            if below.is_empty() {
                all.push((city, name.get(lang).to_owned()));
                continue;
            }
            let line = |county: &kernel::Text| match lang {
                Lang::ZhCn => format!("{}{}", name.zh, county.zh),
                Lang::En => format!("{}, {}", county.en, name.en),
            };
            all.extend(below.iter().map(|(code, county)| (code.clone(), line(county))));
        }
    }
    Ok(all)
}

pub(super) fn typed(sent: &Submitted) -> Typed {
    Typed {
        division: sent.get("division").trim().to_owned(),
        told: Told {
            street: sent.get("street").to_owned(),
            recipient: sent.get("recipient").to_owned(),
            phone: sent.get("phone").to_owned(),
        },
        usual: sent.get("usual") == "yes",
    }
}

fn line(entry: &Entry) -> Option<Line> {
    let told = entry.told.as_ref()?;
    Some(Line {
        href: format!("/space/addresses/{}", entry.id),
        title: format!("{}{}", entry.place, told.street),
        note: format!("{} {}", told.recipient, format::mask_phone(&told.phone)),
        usual: entry.usual,
    })
}

pub(super) async fn list(State(room): State<Deliveries>, ctx: Ctx, who: Applicant) -> Answer {
    who.must_see_all()?;
    Ok(page::render(&book(&room, &ctx, &who, FormState::new()).await?))
}

async fn book(room: &Deliveries, ctx: &Ctx, who: &Applicant, form: FormState) -> Outcome<BookPage> {
    let (store, w) = (&room.house.ground.store, WORDS.say(ctx.lang));
    let entries = verbs::entries(store, who, ctx.lang).await?;
    Ok(BookPage {
        shell: Shell::new(ctx, w.t("book-title")).crumb(w.t("space"), "/space"),
        w,
        form,
        shut: entries.iter().any(|e| e.told.is_none()),
        lines: entries.iter().filter_map(line).collect(),
        counties: counties(store, ctx.lang).await?,
    })
}

pub(super) async fn add(State(room): State<Deliveries>, ctx: Ctx, who: Applicant, sent: Submitted) -> Answer {
    who.must_see_all()?;
    let (typed, actor) = (typed(&sent), who.actor_ref());
    let done: Outcome<AddressId> = command!(room.house.ground, ctx.lang, actor, |cx| {
        verbs::put(&mut cx, who.subject(), None, &typed).await
    });
    match done {
        Ok(_) => Ok(page::see_other("/space/addresses")),
        Err(Failure::Refused(no)) if told_on_page(&no) => {
            let mut form = FormState::of(&sent);
            form.refuse(&no);
            Ok(page::render_with(status_of(&no), &book(&room, &ctx, &who, form).await?))
        }
        Err(failure) => Err(failure.into()),
    }
}

pub(super) async fn show(
    State(room): State<Deliveries>,
    Path(id): Path<String>,
    ctx: Ctx,
    who: Applicant,
) -> Answer {
    who.must_see_all()?;
    let entry = verbs::entry(&room.house.ground.store, &who, id_of(&id)?, ctx.lang).await?;
    let told = entry.told.as_ref().map_or(("", "", ""), |t| (&t.street, &t.recipient, &t.phone));
    let form = FormState::new()
        .with("division", entry.division.as_str())
        .with("street", told.0)
        .with("recipient", told.1)
        .with("phone", told.2)
        .with("usual", if entry.usual { "yes" } else { "" });
    Ok(page::render(&address(&room, &ctx, (entry.id, entry.rev), form).await?))
}

async fn address(
    room: &Deliveries,
    ctx: &Ctx,
    (id, rev): (AddressId, i64),
    form: FormState,
) -> Outcome<AddressPage> {
    let w = WORDS.say(ctx.lang);
    Ok(AddressPage {
        shell: Shell::new(ctx, w.t("address-title"))
            .crumb(w.t("space"), "/space")
            .crumb(w.t("book-title"), "/space/addresses"),
        w,
        form,
        at: format!("/space/addresses/{id}"),
        rev,
        counties: counties(&room.house.ground.store, ctx.lang).await?,
    })
}

pub(super) async fn change(
    State(room): State<Deliveries>,
    Path(id): Path<String>,
    ctx: Ctx,
    who: Applicant,
    sent: Submitted,
) -> Answer {
    who.must_see_all()?;
    // Also that nobody changes what is kept from them.
    let entry = verbs::entry(&room.house.ground.store, &who, id_of(&id)?, ctx.lang).await?;
    let rev = sent.get("rev").parse().unwrap_or(0);
    let (typed, actor, subject) = (typed(&sent), who.actor_ref(), who.subject());
    let done: Outcome<()> = command!(room.house.ground, ctx.lang, actor, |cx| {
        match sent.has("remove") {
            true => verbs::remove(&mut cx, subject, entry.id, rev).await,
            false => verbs::put(&mut cx, subject, Some((entry.id, rev)), &typed).await.map(|_| ()),
        }
    });
    match done {
        Ok(()) => Ok(page::see_other("/space/addresses")),
        Err(Failure::Refused(no)) if told_on_page(&no) => {
            let mut form = FormState::of(&sent);
            form.refuse(&no);
            let page = address(&room, &ctx, (entry.id, rev), form).await?;
            Ok(page::render_with(status_of(&no), &page))
        }
        Err(failure) => Err(failure.into()),
    }
}
