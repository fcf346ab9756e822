//! Pages of text: help, about, accessibility, and the site map.

use super::Room;
use crate::WORDS;
use axum::extract::State;
use page::{Answer, Ctx, Say, Shell};
use std::borrow::Cow;

type Part = (Cow<'static, str>, Vec<Cow<'static, str>>);

#[derive(askama::Template)]
#[template(path = "text.html")]
pub(crate) struct TextPage {
    pub(crate) shell: Shell,
    pub(crate) w: Say,
    pub(crate) lead: Cow<'static, str>,
    pub(crate) parts: Vec<Part>,
}

#[derive(askama::Template)]
#[template(path = "sitemap.html")]
pub(crate) struct SitemapPage {
    pub(crate) shell: Shell,
    pub(crate) groups: Vec<(String, Vec<(String, String)>)>,
}

pub(super) async fn help(ctx: Ctx) -> Answer {
    Ok(page::render(&help_page(&ctx)))
}

pub(super) async fn about(ctx: Ctx) -> Answer {
    Ok(page::render(&about_page(&ctx)))
}

pub(super) async fn accessibility(ctx: Ctx) -> Answer {
    Ok(page::render(&accessibility_page(&ctx)))
}

pub(crate) fn help_page(ctx: &Ctx) -> TextPage {
    text(ctx, |rest| format!("help-{rest}"))
}

pub(crate) fn about_page(ctx: &Ctx) -> TextPage {
    text(ctx, |rest| format!("about-{rest}"))
}

pub(crate) fn accessibility_page(ctx: &Ctx) -> TextPage {
    text(ctx, |rest| format!("accessibility-{rest}"))
}

/// A page from its texts: `…-title`, `…-lead`, then `…-1`, `…-1-a`, `…-1-b` … as far as there are any.
fn text(ctx: &Ctx, key: fn(&str) -> String) -> TextPage {
    let say = WORDS.say(ctx.lang);
    let mut parts = Vec::new();
    for n in 1.. {
        let head = key(&n.to_string());
        if !say.has(&head) {
            break;
        }
        let paragraphs = ('a'..='z').map(|c| format!("{head}-{c}")).take_while(|key| say.has(key));
        parts.push((say.t(&head), paragraphs.map(|key| say.t(&key)).collect()));
    }
    TextPage { shell: Shell::new(ctx, say.t(&key("title"))), w: say, lead: say.t(&key("lead")), parts }
}

pub(super) async fn sitemap(State(room): State<Room>, ctx: Ctx) -> Answer {
    let say = WORDS.say(ctx.lang);
    let shelf = room.shelves.get(&room.house).await?;
    let group = |key: &str, links: &[(&str, &str)]| {
        let links: Vec<(String, String)> =
            links.iter().map(|(key, href)| (say.t(key).into_owned(), (*href).to_owned())).collect();
        (say.t(key).into_owned(), links)
    };
    let items =
        shelf.items.iter().map(|item| (item.name.get(ctx.lang).to_owned(), format!("/items/{}", item.key)));
    let mut services = group(
        "sitemap-services",
        &[("home-all", "/items"), ("themes-title", "/themes"), ("choose-title", "/plan/choose")],
    );
    services.1.extend(items);
    let groups = vec![
        services,
        group(
            "sitemap-mine",
            &[
                ("space-title", "/space"),
                ("space-payments", "/space/payments"),
                ("space-deliveries", "/space/deliveries"),
                ("space-addresses", "/space/addresses"),
                ("space-papers", "/space/papers"),
                ("due-title", "/due"),
                ("looks-title", "/space/looks"),
                ("space-ratings", "/space/ratings"),
                ("space-appointments", "/appointments"),
                ("space-mandates", "/space/mandates"),
                ("space-rights", "/space/rights"),
                ("sitemap-account", "/account"),
            ],
        ),
        group(
            "sitemap-tools",
            &[
                ("home-verify", "/verify"),
                ("sitemap-query", "/query"),
                ("sitemap-publicity", "/publicity"),
                ("sitemap-ratings", "/openness/ratings"),
                ("sitemap-sealed", "/openness/sealed-looks"),
                ("help-title", "/help"),
                ("feedback-title", "/feedback-site"),
            ],
        ),
        group("sitemap-site", &[("about-title", "/about"), ("accessibility-title", "/accessibility")]),
    ];
    Ok(page::render(&SitemapPage { shell: Shell::new(&ctx, say.t("sitemap-title")), groups }))
}
