//! The certificate for its holder, and its files for the holder and the staff of the issuing agency.

use super::verdict::{Fact, Reader, Verdict, facts, why};
use super::{Room, download, present, versions};
use crate::event::{CertificateEvent, subject};
use crate::model::{Certificate, CertificateId};
use crate::print::verify_url;
use crate::renewal::{Renewal, Stage, renewal};
use crate::shelter;
use crate::{WORDS, print, shapes, store as rows};
use ::store::command;
use axum::extract::{Path, State};
use identity::{Applicant, SignedIn, Staff};
use kernel::{ActorKind, AgencyCode, Failure, Lang, Outcome, Refusal, SubjectId};
use page::{Answer, Ctx, Html, Say, Shell, TimelineEntry, format};
use trace::Recorded;

#[derive(askama::Template)]
#[template(path = "certificate.html")]
struct CertificatePage {
    shell: Shell,
    w: Say,
    verdict: Verdict,
    facts: Vec<Fact>,
    history: Vec<TimelineEntry>,
    versions: Vec<versions::Line>,
    renewal: Option<RenewalLines>,
    shown: Vec<present::Line>,
    here: String,
    qr: Html,
    public: String,
    pdf: String,
    preparing: bool,
}

/// What the holder reads of the renewal.
struct RenewalLines {
    kind: &'static str,
    title: String,
    text: String,
    /// Where it is asked for; nowhere yet while the end is far.
    href: Option<String>,
    reckoning: String,
}

fn renewal_lines(w: Say, renewal: &Renewal, id: CertificateId) -> RenewalLines {
    let (until, by) = (format::date(w.lang, renewal.until), format::date(w.lang, renewal.apply_by));
    let (kind, title) = match renewal.stage {
        Stage::Far => ("info", w.with("renewal-far", &[("by", by.clone())])),
        Stage::Open => {
            ("wait", w.with("renewal-open", &[("by", by.clone()), ("days", renewal.days.to_string())]))
        }
        Stage::Late => ("wait", w.with("renewal-late", &[("by", by.clone())])),
    };
    let text = if renewal.stage == Stage::Late { "renewal-late-text" } else { "renewal-text" };
    RenewalLines {
        kind,
        title,
        text: w.t(text).into_owned(),
        href: (renewal.stage != Stage::Far).then(|| format!("/renew/{id}")),
        reckoning: w.with("renewal-reckoning", &[("until", until), ("by", by)]),
    }
}

/// Whether `applicant` holds `certificate`: in the capacity they act in now.
fn holds(applicant: &Applicant, certificate: &Certificate) -> bool {
    applicant.sees_all() && certificate.holder == applicant.subject()
}

/// Whether `staff` belongs to the issuing agency, as a part of it or as the whole it is part of.
pub(super) fn issues(staff: &Staff, issuer: &AgencyCode) -> bool {
    !matches!(staff, Staff::Operator(_))
        && (issuer.contains(staff.agency()) || staff.agency().contains(issuer))
}

pub(super) async fn held(room: &Room, applicant: &Applicant, id: &str) -> Outcome<Certificate> {
    applicant.must_see_all()?;
    let found = find(room, id).await?;
    let certificate = found.filter(|c| holds(applicant, c)).ok_or_else(Refusal::not_found)?;
    shelter::may_take(&room.house.ground.store, applicant, &certificate).await?;
    Ok(certificate)
}

async fn find(room: &Room, id: &str) -> Outcome<Option<Certificate>> {
    let Ok(id) = id.parse::<CertificateId>() else { return Ok(None) };
    Ok(rows::get(&room.house.ground.store, id).await?)
}

/// GET /certificates/{id}.
pub(crate) async fn show(
    State(room): State<Room>,
    ctx: Ctx,
    applicant: Applicant,
    Path(id): Path<String>,
) -> Answer {
    let certificate = held(&room, &applicant, &id).await?;
    let w = WORDS.say(ctx.lang);
    let now = room.house.ground.clock.now();
    let store = &room.house.ground.store;
    let (_, events) = trace::history::<CertificateEvent>(store, &subject(certificate.id)).await?;
    let url = verify_url(&room.house.site.base_url, &certificate);
    let mut verdict = Verdict::of(w, &certificate, now);
    verdict.next = why(&certificate.state(now), ctx.lang);
    Ok(page::render(&CertificatePage {
        shell: Shell::new(&ctx, certificate.name.get(ctx.lang)).crumb(w.t("certificates"), "/space"),
        w,
        verdict,
        facts: facts(w, &certificate, Reader::Holder),
        history: events.iter().rev().map(|e| entry(w, &certificate, e)).collect(),
        versions: versions::lines(store, &certificate, ctx.lang, now, "/certificates").await?,
        renewal: renewal(&certificate, now).map(|r| renewal_lines(w, &r, certificate.id)),
        shown: present::lines(&room, w, &certificate).await?,
        here: format!("/certificates/{}", certificate.id),
        qr: page::qr(&url)?,
        public: format!("/verify/{}", certificate.token),
        pdf: format!("/certificates/{}/pdf", certificate.id),
        preparing: certificate.file.is_none(),
    }))
}

fn entry(w: Say, c: &Certificate, recorded: &Recorded<CertificateEvent>) -> TimelineEntry {
    let stops = matches!(
        &recorded.event,
        CertificateEvent::Suspended { .. }
            | CertificateEvent::Revoked { .. }
            | CertificateEvent::Cancelled { .. }
            | CertificateEvent::Forfeited { .. }
            | CertificateEvent::Transferred { .. }
    );
    let (kind, detail) = (if stops { "stop" } else { "done" }, versions::detail(w, c, &recorded.event));
    let who = match recorded.actor.kind {
        ActorKind::System => w.t("by-system"),
        ActorKind::Applicant => w.t("by-holder"),
        _ => w.t("by-agency"),
    };
    TimelineEntry {
        kind,
        at: format::moment(w.lang, recorded.occurred_at),
        title: w.t(&format!("act-{}", trace::Event::kind(&recorded.event))).into_owned(),
        who: who.into_owned(),
        detail,
    }
}

/// GET /certificates/{id}/pdf: for the holder; for staff of the issuing agency, who leave a look behind.
pub(crate) async fn pdf(State(room): State<Room>, signed_in: SignedIn, Path(id): Path<String>) -> Answer {
    let certificate = may_take(&room, &signed_in, &id).await?;
    let bytes = print::pdf(&room.house, &room.signer, certificate.id).await?;
    Ok(download("application/pdf", &format!("{}.pdf", certificate.identifier), bytes))
}

/// GET /certificates/{id}/ofd: the same as OFD.
pub(crate) async fn ofd(State(room): State<Room>, signed_in: SignedIn, Path(id): Path<String>) -> Answer {
    let certificate = may_take(&room, &signed_in, &id).await?;
    let bytes = shapes::ofd(&room.house, &room.signer, certificate.id).await?;
    Ok(download("application/ofd", &format!("{}.ofd", certificate.identifier), bytes))
}

/// GET /certificates/{id}/picture: the same as a picture, to be kept among the others of a telephone.
pub(crate) async fn picture(State(room): State<Room>, signed_in: SignedIn, Path(id): Path<String>) -> Answer {
    let certificate = may_take(&room, &signed_in, &id).await?;
    let bytes = shapes::picture(&room.house, &room.signer, certificate.id).await?;
    Ok(download("image/png", &format!("{}.png", certificate.identifier), bytes))
}

/// The certificate, when this is its holder or staff of the issuing agency, who leave a look behind.
async fn may_take(room: &Room, signed_in: &SignedIn, id: &str) -> Outcome<Certificate> {
    let session = signed_in.session();
    let certificate = find(room, id).await?.ok_or_else(Refusal::not_found)?;
    if session.is_staff() {
        let staff = session.staff()?;
        if !issues(&staff, &certificate.issuer) {
            return Err(Refusal::not_found().into());
        }
        looked(room, &staff, &certificate).await?;
    } else {
        let applicant = session.applicant()?;
        if !holds(&applicant, &certificate) {
            return Err(Refusal::not_found().into());
        }
        shelter::may_take(&room.house.ground.store, &applicant, &certificate).await?;
    }
    Ok(certificate)
}

/// A look at a person's certificate is recorded before it is opened; if it cannot be, nothing opens.
pub(super) async fn looked(room: &Room, staff: &Staff, certificate: &Certificate) -> Result<(), Failure> {
    let SubjectId::Person(person) = certificate.holder else { return Ok(()) };
    let look = trace::Look { person, fields: vec!["certificate".to_owned()], purpose: certificate.purpose() };
    let actor = staff.actor_ref();
    command!(room.house.ground, Lang::ZhCn, actor, |cx| trace::look(&mut cx, &look).map_err(Failure::from))
}
