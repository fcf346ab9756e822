//! `/due`: what one is entitled to without having applied (免申即享). First the consent, then the answer; nothing is kept.

use super::Room;
use crate::{WORDS, due};
use axum::extract::{Path, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use cases::{AtOnce, Tap};
use catalog::{Published, Sure};
use identity::Applicant;
use kernel::{Refusal, Text};
use page::{Answer, Ctx, FormState, Say, Shell, Submitted};

/// Something one is entitled to, in words.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Right {
    pub(crate) name: String,
    /// For which child; empty when it is for oneself.
    pub(crate) child: String,
    pub(crate) href: String,
    pub(crate) sure: bool,
    pub(crate) why: String,
    pub(crate) missing: String,
    /// What one tap does.
    pub(crate) tap: OneTap,
}

/// What a tap on the button does, and what goes with it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct OneTap {
    pub(crate) action: String,
    /// Each page has its own: tapped twice, it is handed in once.
    pub(crate) key: String,
    pub(crate) version: String,
    pub(crate) child: String,
    /// Whether one tap hands it in.
    pub(crate) ready: bool,
    /// What is declared by tapping.
    pub(crate) declared: Vec<String>,
    /// What is handed in by it.
    pub(crate) rows: Vec<(String, String)>,
    /// What will be asked, when one tap is not enough.
    pub(crate) asks: String,
    /// Whether a draft is there already.
    pub(crate) begun: bool,
    /// The page of the case that is there already.
    pub(crate) there: String,
}

#[derive(askama::Template)]
#[template(path = "due.html")]
pub(crate) struct DuePage {
    pub(crate) shell: Shell,
    pub(crate) w: Say,
    pub(crate) form: FormState,
    /// The registers that are asked once one agrees.
    pub(crate) registers: Vec<String>,
    /// How many services can be told beforehand.
    pub(crate) items: usize,
    /// Whether one's minor children are looked up as well.
    pub(crate) children: bool,
    /// The answer, once one has agreed.
    pub(crate) rights: Option<Vec<Right>>,
    /// Registers that did not answer.
    pub(crate) down: String,
}

/// GET /due: what will be asked, and the consent.
pub(super) async fn get(State(room): State<Room>, ctx: Ctx, who: Applicant) -> Answer {
    consent(&room, &ctx, &who, FormState::new(), StatusCode::OK).await
}

async fn consent(room: &Room, ctx: &Ctx, who: &Applicant, form: FormState, status: StatusCode) -> Answer {
    let w = WORDS.say(ctx.lang);
    let shelf = room.shelves.get(&room.house).await?;
    let items = due::items(&room.house.ground.store, &shelf.entitling, who).await?;
    let registers = named(room, ctx, due::registers(&items)).await?;
    Ok(page::render_with(
        status,
        &DuePage {
            shell: Shell::new(ctx, w.t("due-title")).crumb(w.t("space-title"), "/space"),
            w,
            form,
            registers,
            items: items.len(),
            children: for_children(&items),
            rights: None,
            down: String::new(),
        },
    ))
}

async fn named<'a>(
    room: &Room,
    ctx: &Ctx,
    ids: impl IntoIterator<Item = &'a str>,
) -> kernel::Outcome<Vec<String>> {
    let shared = catalog::shared(&room.house.ground.store).await?;
    let name =
        |id: &str| shared.register(id).map_or_else(|| id.to_owned(), |r| r.name.get(ctx.lang).to_owned());
    Ok(ids.into_iter().map(name).collect())
}

/// POST /due: with the consent, the answer.
pub(super) async fn post(State(room): State<Room>, ctx: Ctx, who: Applicant, sent: Submitted) -> Answer {
    let w = WORDS.say(ctx.lang);
    if sent.get("consent") != "yes" {
        let mut form = FormState::of(&sent);
        form.fail(
            "consent",
            WORDS.say(kernel::Lang::ZhCn).t("due-consent-missing"),
            WORDS.say(kernel::Lang::En).t("due-consent-missing"),
        );
        return consent(&room, &ctx, &who, form, StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    let shelf = room.shelves.get(&room.house).await?;
    let items = due::items(&room.house.ground.store, &shelf.entitling, &who).await?;
    let found = due::find(&room.house, &room.sources, &who, &items, ctx.lang).await?;
    let down = named(&room, &ctx, found.down.iter().map(String::as_str)).await?;
    let ground = &room.house.ground;
    let key = kernel::id::uuid_v7(ground.clock.now(), ground.rng.as_ref());
    // One key for each line: what is due to two children is two things.
    let rights = found.rights.iter().enumerate().map(|(n, r)| right(r, format!("due:{key}:{n}"), w));
    let rights = rights.collect();
    let page = DuePage {
        shell: Shell::new(&ctx, w.t("due-title")).crumb(w.t("space-title"), "/space"),
        w,
        form: FormState::new(),
        registers: named(&room, &ctx, due::registers(&items)).await?,
        items: items.len(),
        children: for_children(&items),
        rights: Some(rights),
        down: down.join(&w.t("list-between")),
    };
    Ok(private(page::render(&page)))
}

fn for_children(items: &[Published]) -> bool {
    items.iter().filter_map(|p| p.item.entitlement.as_ref()).any(|e| e.child.is_some())
}

fn right(right: &due::Right, key: String, w: Say) -> Right {
    let (e, foreseen) = (&right.entitled, &right.foreseen);
    let list = |all: &[Text]| {
        let all: Vec<&str> = all.iter().map(|t| t.get(w.lang)).collect();
        all.join(&w.t("list-between"))
    };
    Right {
        name: e.name.get(w.lang).to_owned(),
        child: right.child.clone(),
        href: format!("/items/{}", e.item),
        sure: e.sure == Sure::Yes,
        why: e.why.get(w.lang).to_owned(),
        missing: list(&e.missing),
        tap: OneTap {
            action: format!("/due/{}", e.item),
            key,
            version: right.version.to_string(),
            child: right.token.clone(),
            // What is not sure is not handed in by itself: the form is read first.
            ready: foreseen.ready() && e.sure == Sure::Yes,
            declared: foreseen.declared.iter().map(|t| t.get(w.lang).to_owned()).collect(),
            rows: foreseen.rows.clone(),
            asks: list(&foreseen.missing),
            begun: foreseen.begun,
            there: foreseen.there.as_ref().map(|n| format!("/cases/{n}")).unwrap_or_default(),
        },
    }
}

/// POST /due/{item}: one tap. What is complete is handed in; what is not leads to the form, where only the rest is asked.
pub(super) async fn tap(
    State(room): State<Room>,
    Path(key): Path<String>,
    ctx: Ctx,
    who: Applicant,
    sent: Submitted,
) -> Answer {
    who.must_see_all()?;
    let store = &room.house.ground.store;
    let item = catalog::find(store, &key).await?.ok_or_else(Refusal::not_found)?;
    if item.item.entitlement.is_none() {
        return Err(Refusal::not_found().into());
    }
    let child = sent.get("child");
    let child = if child.is_empty() { None } else { Some(due::unsealed(store, &who, child)?) };
    let tap = Tap {
        key: sent.get("key").to_owned(),
        version: sent.get("version").parse().ok(),
        answers: due::given(&item, child.as_ref()),
    };
    let done = cases::at_once(&room.house, &room.sources, ctx.lang, &who, &item, &tap).await?;
    Ok(page::see_other(match done {
        AtOnce::Filed(number) => format!("/cases/{number}/filed"),
        AtOnce::Draft(matter, section) => format!("/drafts/{matter}/{section}"),
    }))
}

/// What was found about somebody is kept nowhere, not by the browser either.
fn private(mut response: Response) -> Response {
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    response
}
