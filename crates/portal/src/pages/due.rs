//! `/due`: what one is entitled to without having applied (免申即享). First the consent, then the answer; nothing is kept.

use super::Room;
use crate::{WORDS, due};
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use catalog::{Entitled, Published, Sure};
use identity::Applicant;
use page::{Answer, Ctx, FormState, Say, Shell, Submitted};

/// Something one is entitled to, in words.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Right {
    pub(crate) name: String,
    /// For which child; empty when it is for oneself.
    pub(crate) child: String,
    pub(crate) href: String,
    pub(crate) apply: String,
    pub(crate) sure: bool,
    pub(crate) why: String,
    pub(crate) missing: String,
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
    let found = due::find(&room.house, &room.sources, &who, &items).await?;
    let down = named(&room, &ctx, found.down.iter().map(String::as_str)).await?;
    let own = found.entitled.iter().map(|e| right(e, "", w));
    let children = found.children.iter().flat_map(|(name, all)| all.iter().map(|e| right(e, name, w)));
    let rights = own.chain(children).collect();
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

fn right(e: &Entitled, child: &str, w: Say) -> Right {
    let missing: Vec<&str> = e.missing.iter().map(|t| t.get(w.lang)).collect();
    Right {
        name: e.name.get(w.lang).to_owned(),
        child: child.to_owned(),
        href: format!("/items/{}", e.item),
        apply: format!("/apply/{}", e.item),
        sure: e.sure == Sure::Yes,
        why: e.why.get(w.lang).to_owned(),
        missing: missing.join(&w.t("list-between")),
    }
}

/// What was found about somebody is kept nowhere, not by the browser either.
fn private(mut response: Response) -> Response {
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    response
}
