//! `/cases/{number}/rate` and `/tickets/{ticket}/rate`: five levels, and if one wants, why. Whoever has rated sees what they said.

use super::view::{self, Shown, agency, day, shown};
use super::{Room, id_of};
use crate::model::{Channel, Level, Of, RatingId, Reason, Service};
use crate::queries::Given;
use crate::rules::{self, Said};
use crate::verbs::{self, of_case, of_visit};
use crate::{WORDS, store as rows};
use ::store::command;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use cases::show::Names;
use identity::Applicant;
use kernel::codes::CaseNumber;
use kernel::{ActorRef, Failure, Outcome, Refusal, RefusalKind};
use page::{Answer, Ctx, FormState, Say, Shell, Submitted};

#[derive(askama::Template)]
#[template(path = "rate.html")]
struct RatePage {
    shell: Shell,
    w: Say,
    form: FormState,
    item: String,
    agency: String,
    /// The case's number; empty for a visit.
    case: String,
    ended: String,
    until: String,
    days: String,
    levels: Vec<(String, String)>,
    reasons: Vec<(String, String)>,
    action: String,
    back: String,
    tablet: bool,
}

/// Where a service is rated and where one goes back to.
struct Way {
    action: String,
    back: String,
    /// Whether the window's tablet asks: it goes back by itself.
    tablet: bool,
}

/// The secret of the tablet at which a visit is rated.
#[derive(serde::Deserialize)]
pub(super) struct At {
    #[serde(default)]
    tablet: String,
    /// It was sent a second time.
    again: Option<String>,
}

impl Way {
    fn of_case(number: &CaseNumber) -> Self {
        Self { action: format!("/cases/{number}/rate"), back: "/space/ratings".to_owned(), tablet: false }
    }

    fn of_visit(secret: &str, at: &At) -> Self {
        let whole = at.tablet.len() == 32 && at.tablet.bytes().all(|b| b.is_ascii_hexdigit());
        if whole {
            let action = format!("/tickets/{secret}/rate?tablet={}", at.tablet);
            return Self { action, back: format!("/tablet/{}", at.tablet), tablet: true };
        }
        Self { action: format!("/tickets/{secret}/rate"), back: format!("/tickets/{secret}"), tablet: false }
    }
}

fn said(sent: &Submitted) -> Said {
    Said {
        level: sent.get("level").to_owned(),
        reasons: sent.all("reasons").into_iter().map(str::to_owned).collect(),
        text: sent.get("text").to_owned(),
        named: sent.get("named") == "yes",
    }
}

async fn form(
    room: &Room,
    ctx: &Ctx,
    service: &Service,
    way: Way,
    (form, status): (FormState, StatusCode),
) -> Answer {
    let (w, lang) = (WORDS.say(ctx.lang), ctx.lang);
    let names = Names::load(&room.house.ground.store).await?;
    let ended = service.ended_at.unwrap_or(ctx.now);
    let (case, mut shell) = (case_of(&service.of), Shell::new(ctx, w.t("rate-title")));
    if way.tablet {
        shell = shell.alone();
    }
    if !case.is_empty() {
        shell = shell.crumb(w.t("space"), "/space").crumb(w.t("mine-title"), "/space/ratings");
    }
    let page = RatePage {
        shell,
        w,
        form,
        item: service.item_name.get(lang).to_owned(),
        agency: agency(service.agency.as_str(), &names, lang),
        case,
        ended: day(lang, ended),
        until: day(lang, rules::until(ended, &room.terms)),
        days: room.terms.answer.text().get(lang).to_owned(),
        levels: Level::ALL.iter().map(|l| (l.code().to_string(), view::level(*l, w))).collect(),
        reasons: Reason::ALL
            .iter()
            .map(|r| (r.word().to_owned(), w.t(&format!("reason-{}", r.word())).into_owned()))
            .collect(),
        action: way.action,
        back: way.back,
        tablet: way.tablet,
    };
    Ok(page::render_with(status, &page))
}

fn case_of(of: &Of) -> String {
    match of {
        Of::Case(number) => number.to_string(),
        Of::Visit(_) => String::new(),
    }
}

/// Whoever works here rates no visit: they may have the address of a ticket that they took for somebody.
fn no_staff(ctx: &Ctx) -> Result<(), Refusal> {
    if !ctx.badge.as_ref().is_some_and(|badge| badge.staff) {
        return Ok(());
    }
    Err(Refusal::new(
        RefusalKind::Forbidden,
        "ratings.staff",
        "工作人员不能评价窗口服务。",
        "Staff do not rate visits to windows.",
    )
    .next("请由办事人自己评价。", "The person who was served does."))
}

/// The form, to whoever has not said anything yet.
async fn asked(room: &Room, ctx: &Ctx, service: &Service, way: Way) -> Answer {
    rules::may_rate(service, ctx.now, &room.terms)?;
    form(room, ctx, service, way, (FormState::new(), StatusCode::OK)).await
}

/// What follows a rating that was sent: its page, the form again, or, sent twice, what was said the first time.
async fn sent_back(
    room: &Room,
    ctx: &Ctx,
    (service, way, given): (&Service, Way, String),
    sent: &Submitted,
    done: Outcome<RatingId>,
) -> Answer {
    match done {
        Ok(_) => Ok(page::see_other(given)),
        Err(Failure::Refused(refusal)) if refusal.kind == RefusalKind::Invalid => {
            let mut state = FormState::of(sent);
            state.refuse(&refusal);
            form(room, ctx, service, way, (state, StatusCode::UNPROCESSABLE_ENTITY)).await
        }
        Err(Failure::Refused(refusal)) if refusal.code == "ratings.once" => {
            let (path, query) = given.split_once('?').unwrap_or((&given, ""));
            let rest = query.split('&').filter(|pair| !pair.is_empty() && *pair != "done=1");
            let query: Vec<&str> = rest.chain(["again=1"]).collect();
            Ok(page::see_other(format!("{path}?{}", query.join("&"))))
        }
        Err(failure) => Err(failure.into()),
    }
}

/// Where a party reads what it said of a case.
async fn given(room: &Room, who: &Applicant, service: &Service) -> Outcome<Option<String>> {
    let row = rows::by_service(&room.house.ground.store, &service.of, Some(who.subject())).await?;
    Ok(row.map(|row| format!("/space/ratings/{}", row.id)))
}

pub(super) async fn case_form(
    State(room): State<Room>,
    Path(number): Path<String>,
    ctx: Ctx,
    who: Applicant,
) -> Answer {
    let number: CaseNumber = id_of(&number)?;
    let service = of_case(&room.house.ground.store, &who, &number).await?;
    match given(&room, &who, &service).await? {
        Some(at) => Ok(page::see_other(at)),
        None => asked(&room, &ctx, &service, Way::of_case(&number)).await,
    }
}

pub(super) async fn case_rated(
    State(room): State<Room>,
    Path(number): Path<String>,
    ctx: Ctx,
    who: Applicant,
    sent: Submitted,
) -> Answer {
    let number: CaseNumber = id_of(&number)?;
    let (calendar, actor, said) = (room.house.calendar.as_ref(), who.actor_ref(), said(&sent));
    let done: Outcome<_> = command!(room.house.ground, ctx.lang, actor, |cx| {
        verbs::rate(&mut cx, calendar, &room.terms, &who, (&number, Channel::Web), &said).await
    });
    let service = of_case(&room.house.ground.store, &who, &number).await?;
    let at = given(&room, &who, &service).await?;
    let at = at.map_or_else(|| "/space/ratings".to_owned(), |at| format!("{at}?done=1"));
    sent_back(&room, &ctx, (&service, Way::of_case(&number), at), &sent, done).await
}

#[derive(askama::Template)]
#[template(path = "visit.html")]
struct VisitPage {
    shell: Shell,
    w: Say,
    r: Shown,
    back: String,
    tablet: bool,
    again: bool,
}

pub(super) async fn visit_form(
    State(room): State<Room>,
    Path(secret): Path<String>,
    ctx: Ctx,
    Query(at): Query<At>,
) -> Answer {
    let (store, w) = (&room.house.ground.store, WORDS.say(ctx.lang));
    let service = of_visit(store, &secret).await?;
    let way = Way::of_visit(&secret, &at);
    let Some(row) = rows::by_service(store, &service.of, None).await? else {
        no_staff(&ctx)?;
        return asked(&room, &ctx, &service, way).await;
    };
    let given = Given::open(store, row).await?;
    let names = Names::load(store).await?;
    let r = shown(&given, &names, ctx.now, ctx.lang);
    let shell = Shell::new(&ctx, w.t("rating-title"));
    let shell = if way.tablet { shell.alone() } else { shell };
    Ok(page::render(&VisitPage {
        shell,
        w,
        r,
        back: way.back,
        tablet: way.tablet,
        again: at.again.is_some(),
    }))
}

pub(super) async fn visit_rated(
    State(room): State<Room>,
    Path(secret): Path<String>,
    Query(at): Query<At>,
    ctx: Ctx,
    sent: Submitted,
) -> Answer {
    no_staff(&ctx)?;
    let (calendar, actor, said) = (room.house.calendar.as_ref(), ActorRef::visitor(), said(&sent));
    let done: Outcome<_> = command!(room.house.ground, ctx.lang, actor, |cx| {
        verbs::rate_visit(&mut cx, calendar, &room.terms, &secret, &said).await
    });
    let service = of_visit(&room.house.ground.store, &secret).await?;
    let way = Way::of_visit(&secret, &at);
    let at = way.action.clone();
    sent_back(&room, &ctx, (&service, way, at), &sent, done).await
}
