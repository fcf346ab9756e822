//! `/desk/corrections`: what people say is wrong in the registers of this agency (更正请求); each is looked at and answered with the reason, and
//! the case and the person are told.

use crate::asked::escape;
use crate::files::inline;
use crate::read_act::value_of;
use crate::{Room, WORDS, seen};
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use cases::model::FactAnswer;
use cases::show::Names;
use cases::{Correction, CorrectionAnswer, Handler, Scope, Watch, WatchFilter, WatchRow};
use identity::Examiner;
use kernel::codes::CaseNumber;
use kernel::{Failure, Lang, Outcome, Refusal, RefusalKind};
use page::{Answer, Ctx, FormState, Html, Problem, Say, Shell, Submitted, format};
use serde_json::Value;
use trace::{Look, Purpose};

/// How many lines a page has.
const LINES: i64 = 50;

struct Line {
    href: String,
    what: String,
    claim: String,
    item: String,
    number: String,
    at: String,
    badge: Html,
    outcome: String,
}

#[derive(askama::Template)]
#[template(path = "corrections.html")]
struct ListPage {
    shell: Shell,
    w: Say,
    who: String,
    tabs: Vec<(&'static str, String, bool)>,
    lines: Vec<Line>,
    done: bool,
    older: Option<String>,
    newer: Option<String>,
}

/// Which of them, and where the list goes on.
#[derive(serde::Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    list: String,
    after: Option<String>,
    done: Option<String>,
}

pub(super) async fn list(
    State(room): State<Room>,
    Query(asked): Query<Asked>,
    ctx: Ctx,
    who: Examiner,
) -> Answer {
    let (store, lang, w) = (&room.house.ground.store, ctx.lang, WORDS.say(ctx.lang));
    let answered = asked.list == "answered";
    let after = asked.after.as_deref().filter(|a| !a.is_empty());
    let filter = WatchFilter { open: Some(!answered), ..WatchFilter::default() };
    let page = cases::watch_list(store, &Scope::from(&who), Watch::Disputes, &filter, after, LINES).await?;
    seen::leave(&room.house, lang, &who.actor_ref(), "correct", &page.rows).await?;
    let names = Names::load(store).await?;
    let here = if answered { "answered" } else { "open" };
    let tabs = [("open", "corrections-open"), ("answered", "corrections-answered")];
    Ok(page::render(&ListPage {
        shell: Shell::new(&ctx, w.t("corrections-title")).desk(),
        w,
        who: format!("{} · {}", names.of(who.agency(), lang), who.name()),
        tabs: tabs.map(|(id, key)| (id, w.t(key).into_owned(), id == here)).into(),
        lines: page.rows.iter().map(|row| line(row, lang, w)).collect(),
        done: asked.done.is_some(),
        older: page.next.map(|next| format!("/desk/corrections?list={here}&after={}", escape(&next))),
        newer: after.map(|_| format!("/desk/corrections?list={here}")),
    }))
}

fn line(row: &WatchRow, lang: Lang, w: Say) -> Line {
    let (kind, word) = if row.open { ("wait", "dispute-open") } else { ("good", "corrections-done") };
    Line {
        href: format!("/desk/corrections/{}/{}", row.number, row.seq),
        what: row.what.get(lang).to_owned(),
        claim: row.reason.clone(),
        item: row.item_name.get(lang).to_owned(),
        number: row.number.to_string(),
        at: format::moment(lang, row.at),
        badge: page::badge(kind, &w.t(word)),
        outcome: row.outcome.as_ref().map(|o| o.get(lang).to_owned()).unwrap_or_default(),
    }
}

#[derive(askama::Template)]
#[template(path = "correction.html")]
struct OnePage {
    shell: Shell,
    w: Say,
    form: FormState,
    path: String,
    line: Line,
    person: String,
    entry: String,
    now: String,
    record: Vec<(String, String)>,
    proof: bool,
    choices: Vec<(String, String)>,
}

fn place(number: &str, seq: &str) -> Result<(CaseNumber, i64), Refusal> {
    let number = number.parse().map_err(|_| Refusal::not_found())?;
    Ok((number, seq.parse().map_err(|_| Refusal::not_found())?))
}

/// The request, once the look at whom it concerns is recorded.
async fn found(room: &Room, who: &Examiner, (number, seq): (&CaseNumber, i64)) -> Outcome<Correction> {
    let found = cases::correction(&room.house.ground.store, &Handler::from(who), number, seq).await?;
    let (people, field) = (&found.people, &found.row.path);
    if !people.is_empty() {
        ::store::command!(room.house.ground, Lang::default(), who.actor_ref(), |cx| {
            people.iter().try_for_each(|person| {
                let purpose = Purpose::in_case("examine", number);
                let look = Look { person: *person, fields: vec![field.clone()], purpose };
                trace::look(&mut cx, &look).map_err(Failure::from)
            })
        })?;
    }
    Ok(found)
}

pub(super) async fn get(
    State(room): State<Room>,
    Path((number, seq)): Path<(String, String)>,
    ctx: Ctx,
    who: Examiner,
) -> Answer {
    let (number, seq) = place(&number, &seq)?;
    let found = found(&room, &who, (&number, seq)).await?;
    Ok(shown(&ctx, &found, FormState::new(), StatusCode::OK))
}

fn shown(ctx: &Ctx, found: &Correction, form: FormState, status: StatusCode) -> Response {
    let (lang, w) = (ctx.lang, WORDS.say(ctx.lang));
    let mut record = Vec::new();
    if let Some(FactAnswer::Found(Value::Object(fields))) = found.record.as_ref().map(|f| &f.answer) {
        let alias = found.record.as_ref().map_or("", |f| f.alias.as_str());
        for (key, value) in fields.iter().filter(|(_, v)| !v.is_object() && !v.is_array()) {
            let path = format!("{alias}.{key}");
            record.push((
                cases::labels::entry(&found.item, &path, lang),
                cases::labels::printed(&path, value, lang),
            ));
        }
    }
    let entry = cases::labels::entry(&found.item, &found.row.path, lang);
    let now = record.iter().find(|(name, _)| *name == entry).map(|(_, value)| value.clone());
    let page = OnePage {
        shell: Shell::new(ctx, w.with("correction-title", &[("entry", entry.clone())]))
            .desk()
            .crumb(w.t("corrections-title"), "/desk/corrections"),
        w,
        form,
        path: format!("/desk/corrections/{}/{}", found.row.number, found.row.seq),
        line: line(&found.row, lang, w),
        person: found.person.clone(),
        entry,
        now: now.unwrap_or_default(),
        record,
        proof: found.proof.is_some(),
        choices: [("yes", "upheld-yes"), ("no", "upheld-no")]
            .map(|(value, key)| (value.to_owned(), w.t(key).into_owned()))
            .into(),
    };
    page::render_with(status, &page)
}

pub(super) async fn post(
    State(room): State<Room>,
    Path((number, seq)): Path<(String, String)>,
    ctx: Ctx,
    who: Examiner,
    sent: Submitted,
) -> Answer {
    let (number, seq) = place(&number, &seq)?;
    let mut form = FormState::of(&sent);
    let said = |name: &str| sent.get(name).trim().to_owned();
    let upheld = sent.get("upheld") == "yes";
    if !matches!(sent.get("upheld"), "yes" | "no") {
        form.fail("upheld", "请选择是否属实。", "Say whether the person is right.");
    }
    if said("text").is_empty() {
        form.fail("text", "请写明核实情况，本人会看到。", "Say what you found; the person reads it.");
    }
    let value = Some(said("value")).filter(|v| !v.is_empty());
    if upheld && value.is_none() {
        form.fail(
            "value",
            "认定登记有误时，请填写正确的内容。",
            "When the register was wrong, write what is so.",
        );
    }
    if form.ok() {
        let value = value.filter(|_| upheld).map(value_of);
        let answer = CorrectionAnswer { upheld, text: said("text"), value };
        // As the head stands in, so does whoever answers: the rights of the day count.
        let handler = Handler::standing_in(&room.house.ground.store, &who, ctx.now).await?;
        let done: Outcome<cases::OutcomeDone> =
            ::store::command!(room.house.ground, ctx.lang, handler.actor_ref(), |cx| {
                cases::answer_correction(&mut cx, &room.house, &handler, &number, seq, &answer).await
            });
        match done {
            Ok(_) => return Ok(page::see_other("/desk/corrections?done=1")),
            Err(Failure::Refused(no)) if matches!(no.kind, RefusalKind::Invalid | RefusalKind::Conflict) => {
                form.refuse(&no);
            }
            Err(other) => return Err(other.into()),
        }
    }
    let found = found(&room, &who, (&number, seq)).await?;
    Ok(shown(&ctx, &found, form, StatusCode::UNPROCESSABLE_ENTITY))
}

/// The paper that the person handed in with the request.
pub(super) async fn proof(
    State(room): State<Room>,
    Path((number, seq)): Path<(String, String)>,
    who: Examiner,
) -> Result<Response, Problem> {
    let (number, seq) = place(&number, &seq)?;
    let found = found(&room, &who, (&number, seq)).await?;
    let file = found.proof.ok_or_else(Refusal::not_found)?;
    let (info, bytes) = ::store::files::read(&room.house.ground.store, file).await?;
    Ok(inline(info.kind.mime(), &format!("{file}.{}", info.kind.extension()), bytes))
}
