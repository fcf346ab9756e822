//! `/cases/{number}/filed`: it is in; the number, what happens next and by when; and the dates for one's own calendar.

use super::{Room, number};
use crate::queries::{CaseView, view};
use crate::scope::Scope;
use crate::show::{self, Names, TermLine};
use crate::{CertificateId, WORDS};
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use identity::Applicant;
use page::{Answer, Ctx, Html, Problem, Say, Shell, format};

#[derive(askama::Template)]
#[template(path = "filed.html")]
struct FiledPage {
    shell: Shell,
    w: Say,
    number: String,
    item_name: String,
    subject: String,
    filed_at: String,
    badge: Html,
    closed: bool,
    refused: Option<(String, Vec<String>)>,
    absent: bool,
    holder: Option<String>,
    terms: Vec<TermLine>,
    certificates: Vec<CertificateId>,
    phone: String,
}

pub(super) async fn get(
    State(room): State<Room>,
    Path(text): Path<String>,
    ctx: Ctx,
    who: Applicant,
) -> Answer {
    let store = &room.house.ground.store;
    let view = view(store, &number(&text)?, &Scope::from(&who)).await?;
    let names = Names::load(store).await?;
    let (lang, w) = (ctx.lang, WORDS.say(ctx.lang));
    let case = &view.case;
    let refused = match case.state.decision() {
        Some(crate::Decision::Refused { reason, remedies }) => {
            Some((reason.get(lang).to_owned(), remedies.iter().map(|r| r.get(lang).to_owned()).collect()))
        }
        _ => None,
    };
    let title = match (&refused, case.state.ended()) {
        (Some(_), _) => w.t("filed-refused-title"),
        (None, true) => w.t("filed-closed-title"),
        (None, false) => w.t("filed-title"),
    };
    let page = FiledPage {
        shell: Shell::new(&ctx, title).crumb(w.t("my-space"), "/space"),
        w,
        number: case.number.to_string(),
        item_name: view.item.item.name.get(lang).to_owned(),
        subject: case.first_party().map(|p| p.name.clone()).unwrap_or_default(),
        filed_at: format::moment(lang, case.filed_at),
        badge: show::badge(&view.row.state, view.row.outcome.as_deref(), lang),
        closed: case.state.ended(),
        refused,
        absent: case.unanswered(),
        holder: view.row.holder.as_ref().map(|a| names.of(a, lang)),
        terms: show::terms(&view, ctx.now, lang).into_iter().filter(|t| t.runs).collect(),
        certificates: case.certificates.clone(),
        phone: view.item.item.phone.clone(),
    };
    Ok(page::render(&page))
}

/// The running terms as a calendar file (RFC 5545).
pub(super) async fn calendar(
    State(room): State<Room>,
    Path(text): Path<String>,
    ctx: Ctx,
    who: Applicant,
) -> Result<Response, Problem> {
    let view = view(&room.house.ground.store, &number(&text)?, &Scope::from(&who)).await?;
    let kind = "text/calendar; charset=utf-8";
    let name = format!("attachment; filename=\"{}.ics\"", view.case.number);
    let headers = [(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, name.as_str())];
    Ok((headers, ics(&view, &ctx)).into_response())
}

fn ics(view: &CaseView, ctx: &Ctx) -> String {
    let stamp = ctx.now.to_zoned(jiff::tz::TimeZone::UTC).strftime("%Y%m%dT%H%M%SZ").to_string();
    let mut lines =
        vec!["BEGIN:VCALENDAR".to_owned(), "VERSION:2.0".to_owned(), "PRODID:-//Yimen//cases//EN".to_owned()];
    for (n, term) in view.case.terms.iter().filter(|t| t.runs()).enumerate() {
        let escape = |t: &str| t.replace('\\', "\\\\").replace([',', ';'], " ").replace('\n', " ");
        let title = format!("{} {}", view.item.item.name.get(ctx.lang), term.kind.name().get(ctx.lang));
        lines.extend([
            "BEGIN:VEVENT".to_owned(),
            format!("UID:{}-{n}@yimen", view.case.id),
            format!("DTSTAMP:{stamp}"),
            format!("DTSTART;VALUE=DATE:{}", term.due.date.strftime("%Y%m%d")),
            format!("SUMMARY:{}", escape(&title)),
            format!("DESCRIPTION:{}/cases/{}", ctx.site.base_url, view.case.number),
            "END:VEVENT".to_owned(),
        ]);
    }
    lines.push("END:VCALENDAR".to_owned());
    let mut text = lines.join("\r\n");
    text.push_str("\r\n");
    text
}
