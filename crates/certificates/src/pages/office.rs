//! `/desk/certificates`: staff of the issuing agency find a certificate by its number and see its whole life; supervisors read along.

use super::certificate::{issues, looked};
use super::verdict::{Fact, Reader, Verdict, facts, why};
use super::{Room, versions};
use crate::event::{CertificateEvent, subject};
use crate::grounds::{ActKind, Ground};
use crate::model::{Certificate, CertificateId, State as CertificateState};
use crate::rules::{Power, possible, replaceable};
use crate::version::VersionKind;
use crate::{WORDS, store as rows};
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use identity::{Directory, Staff};
use kernel::{ActorKind, CertificateIdentifier, Lang, Outcome, Refusal, Timestamp, clock};
use page::{Answer, Ctx, FormState, Say, Shell, TimelineEntry, format};
use serde::Deserialize;
use std::sync::Arc;
use trace::Recorded;

#[derive(askama::Template)]
#[template(path = "office-find.html")]
struct FindPage {
    shell: Shell,
    w: Say,
    who: String,
    form: FormState,
}

#[derive(askama::Template)]
#[template(path = "office.html")]
struct OfficePage {
    shell: Shell,
    w: Say,
    who: String,
    form: FormState,
    verdict: Verdict,
    code: &'static str,
    facts: Vec<Fact>,
    versions: Vec<versions::Line>,
    history: Vec<TimelineEntry>,
    here: String,
    choices: Vec<Choice>,
    act: Option<OpenAct>,
    version: Option<OpenVersion>,
    rev: i64,
    reads_only: bool,
}

/// A link that opens the form of an act.
struct Choice {
    href: String,
    word: String,
    here: bool,
}

/// The form of an act that needs a ground.
struct OpenAct {
    word: &'static str,
    title: String,
    text: String,
    grounds: Vec<(&'static str, String)>,
    /// What must be confirmed besides: the field and its text.
    tick: Option<(&'static str, String)>,
}

/// The form of a new version.
struct OpenVersion {
    word: &'static str,
    title: String,
    text: String,
    /// Names of fields and what stands before them.
    lines: Vec<(String, String)>,
    renewal: bool,
}

/// `?number=…`.
#[derive(Deserialize)]
pub(crate) struct Asked {
    number: Option<String>,
}

/// `?do=…`.
#[derive(Deserialize)]
pub(crate) struct Open {
    #[serde(default, rename = "do")]
    act: String,
}

/// A certificate as a member of staff may handle it.
pub(super) struct Desk {
    pub certificate: Certificate,
    /// None for those who only read.
    pub power: Option<Power>,
    pub directory: Arc<Directory>,
}

/// GET /desk/certificates: the form; with a number, the way to that certificate.
pub(crate) async fn find(
    State(room): State<Room>,
    ctx: Ctx,
    staff: Staff,
    Query(asked): Query<Asked>,
) -> Answer {
    let w = WORDS.say(ctx.lang);
    let mut form = FormState::new();
    let mut status = StatusCode::OK;
    if let Some(typed) = asked.number {
        let number: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
        let number = number.to_ascii_uppercase();
        if let Some(c) = rows::find(&room.house.ground.store, &number).await?
            && power(&room, &staff, &c).await?.is_some()
        {
            return Ok(page::see_other(format!("/desk/certificates/{}", c.id)));
        }
        let typed_right = number.parse::<CertificateIdentifier>().is_ok();
        let wrong = if typed_right { "office-not-found" } else { "verify-number-wrong" };
        let (zh, en) = (WORDS.say(Lang::ZhCn), WORDS.say(Lang::En));
        form = form.with("number", typed);
        form.fail("number", zh.t(wrong), en.t(wrong));
        status = StatusCode::UNPROCESSABLE_ENTITY;
    }
    let directory = identity::directory(&room.house.ground.store).await?;
    let shell = Shell::new(&ctx, w.t("office-title")).desk();
    Ok(page::render_with(status, &FindPage { shell, w, who: who(&directory, &staff, ctx.lang), form }))
}

fn who(directory: &Directory, staff: &Staff, lang: Lang) -> String {
    format!("{} · {}", directory.name(staff.agency(), lang), staff.name())
}

/// What `staff` may do with `certificate`: `None` nothing at all, not even see it; `Some(None)` only see it.
async fn power(room: &Room, staff: &Staff, certificate: &Certificate) -> Outcome<Option<Option<Power>>> {
    let store = &room.house.ground.store;
    let directory = identity::directory(store).await?;
    let in_charge = directory.in_charge(&certificate.issuer);
    let own = issues(staff, &certificate.issuer) || issues(staff, &in_charge);
    Ok(match staff {
        Staff::Clerk(_) if own => Some(Some(Power::Clerk)),
        Staff::Examiner(examiner) if own => {
            let today = clock::legal_date(room.house.ground.clock.now());
            let head = identity::head_on(store, examiner, today).await?;
            Some(Some(if head { Power::Head } else { Power::Examiner }))
        }
        Staff::Supervisor(supervisor) => {
            let mut prefix = supervisor.division();
            // The codes of GB/T 2260 go in pairs; pairs of noughts at the end mean all below.
            while let Some(shorter) = prefix.strip_suffix("00").filter(|p| p.len() % 2 == 0) {
                prefix = shorter;
            }
            let there = directory.get(&in_charge).is_some_and(|a| a.division.starts_with(prefix));
            (there && !prefix.is_empty()).then_some(None)
        }
        _ => None,
    })
}

/// The certificate `id` for `staff`; whoever may not see it cannot tell it from one that does not exist.
pub(super) async fn desk(room: &Room, staff: &Staff, id: &str) -> Outcome<Desk> {
    let Ok(id) = id.parse::<CertificateId>() else { return Err(Refusal::not_found().into()) };
    let store = &room.house.ground.store;
    let certificate = rows::get(store, id).await?.ok_or_else(Refusal::not_found)?;
    let power = power(room, staff, &certificate).await?.ok_or_else(Refusal::not_found)?;
    Ok(Desk { certificate, power, directory: identity::directory(store).await? })
}

/// GET /desk/certificates/{id}.
pub(crate) async fn show(
    State(room): State<Room>,
    ctx: Ctx,
    staff: Staff,
    Path(id): Path<String>,
    Query(open): Query<Open>,
) -> Answer {
    let desk = desk(&room, &staff, &id).await?;
    let form = first(&desk.certificate);
    shown(&room, &ctx, &staff, &desk, &open.act, form, StatusCode::OK).await
}

/// The forms as they are shown the first time: with what the certificate says.
fn first(c: &Certificate) -> FormState {
    let form = FormState::new().with("holder_name", c.holder_name.clone());
    c.fields.iter().fold(form, |form, f| form.with(format!("line.{}", f.key), f.value.clone()))
}

/// The page, with the form of the act called `open`; the look is written down before anything is shown.
pub(super) async fn shown(
    room: &Room,
    ctx: &Ctx,
    staff: &Staff,
    desk: &Desk,
    open: &str,
    form: FormState,
    status: StatusCode,
) -> Answer {
    let (c, w) = (&desk.certificate, WORDS.say(ctx.lang));
    looked(room, staff, c).await?;
    let ground = &room.house.ground;
    let now = ground.clock.now();
    let (_, events) = trace::history::<CertificateEvent>(&ground.store, &subject(c.id)).await?;
    let here = format!("/desk/certificates/{}", c.id);
    let state = c.state(now);
    let mut verdict = Verdict::of(w, c, now);
    verdict.next = why(&state, ctx.lang);
    let power = desk.power;
    let shown = OfficePage {
        shell: Shell::new(ctx, c.name.get(ctx.lang)).desk().crumb(w.t("office-title"), "/desk/certificates"),
        w,
        who: who(&desk.directory, staff, ctx.lang),
        verdict,
        code: state.code(),
        facts: facts(w, c, Reader::Holder),
        versions: versions::lines(&ground.store, c, ctx.lang, now, "/desk/certificates").await?,
        history: events.iter().rev().map(|e| entry(w, &desk.directory, c, e)).collect(),
        choices: choices(w, &here, power, &state, now, open),
        act: ActKind::from_word(open).and_then(|act| open_act(w, power, act)),
        version: VersionKind::from_word(open).and_then(|kind| open_version(w, power, c, kind)),
        here,
        rev: c.rev,
        reads_only: power.is_none(),
        form,
    };
    Ok(page::render_with(status, &shown))
}

/// What this right may do in this state.
fn choices(
    w: Say,
    here: &str,
    power: Option<Power>,
    state: &CertificateState,
    now: Timestamp,
    open: &str,
) -> Vec<Choice> {
    let Some(power) = power else { return Vec::new() };
    let may = |act: &ActKind| power.may(*act, None) && possible(state, *act, now);
    let acts = ActKind::ALL.into_iter().filter(may).map(ActKind::word);
    let again = |kind: &VersionKind| power.may_reissue(*kind) && replaceable(state, *kind);
    let kinds = VersionKind::ALL.into_iter().filter(again).map(VersionKind::word);
    acts.chain(kinds)
        .map(|word| Choice {
            href: format!("{here}?do={word}#do"),
            word: w.t(&format!("do-{word}")).into_owned(),
            here: word == open,
        })
        .collect()
}

fn open_act(w: Say, power: Option<Power>, act: ActKind) -> Option<OpenAct> {
    let power = power?;
    let grounds: Vec<_> = Ground::choices(act)
        .filter(|g| power.may(act, Some(*g)))
        .map(|g| (g.word(), format!("{} ({})", g.say().get(w.lang), g.law().get(w.lang))))
        .collect();
    (!grounds.is_empty()).then(|| OpenAct {
        word: act.word(),
        title: w.t(&format!("do-{}", act.word())).into_owned(),
        text: w.t(&format!("do-{}-text", act.word())).into_owned(),
        grounds,
        tick: match act {
            ActKind::Revoke => Some(("weighed", w.t("office-weighed").into_owned())),
            ActKind::Forfeit => Some(("heard", w.t("office-heard").into_owned())),
            _ => None,
        },
    })
}

fn open_version(w: Say, power: Option<Power>, c: &Certificate, kind: VersionKind) -> Option<OpenVersion> {
    power?.may_reissue(kind).then(|| {
        let renewal = kind == VersionKind::Renewal;
        let line = |f: &crate::CertField| (format!("line.{}", f.key), f.label.get(w.lang).to_owned());
        OpenVersion {
            word: kind.word(),
            title: w.t(&format!("do-{}", kind.word())).into_owned(),
            text: w.t(&format!("do-{}-text", kind.word())).into_owned(),
            lines: if renewal { Vec::new() } else { c.fields.iter().map(line).collect() },
            renewal,
        }
    })
}

/// One act with its ground, its code in the national scheme, and who did it.
fn entry(
    w: Say,
    directory: &Directory,
    c: &Certificate,
    recorded: &Recorded<CertificateEvent>,
) -> TimelineEntry {
    let event = &recorded.event;
    let title = w.t(&format!("act-{}", trace::Event::kind(event)));
    let who = match (recorded.actor.kind, &recorded.actor.agency) {
        (ActorKind::System, _) => w.t("by-system").into_owned(),
        (ActorKind::Applicant, _) => w.t("by-holder").into_owned(),
        (_, Some(agency)) => directory.name(agency, w.lang),
        _ => w.t("by-agency").into_owned(),
    };
    TimelineEntry {
        kind: if ends(event) { "stop" } else { "done" },
        at: format::moment(w.lang, recorded.occurred_at),
        title: w.with("act-coded", &[("act", title.into_owned()), ("code", event.operation().to_owned())]),
        who,
        detail: versions::detail(w, c, event),
    }
}

fn ends(event: &CertificateEvent) -> bool {
    matches!(
        event,
        CertificateEvent::Suspended { .. }
            | CertificateEvent::Revoked { .. }
            | CertificateEvent::Cancelled { .. }
            | CertificateEvent::Forfeited { .. }
            | CertificateEvent::Transferred { .. }
    )
}
