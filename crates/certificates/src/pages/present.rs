//! Showing a certificate: the holder chooses the lines and gets a code; whoever has the code looks once.

use super::certificate::held;
use super::verdict::Verdict;
use super::verdict::chosen_facts;
use super::verify::result_page;
use super::{Room, versions};
use crate::model::Certificate;
use crate::show::{self, By, Presentation, PresentationId};
use crate::{WORDS, store as rows};
use ::store::command;
use axum::Extension;
use axum::extract::{ConnectInfo, Path, State};
use axum::http::StatusCode;
use identity::Applicant;
use kernel::{Failure, Lang, Refusal, RefusalKind};
use page::{Answer, Ctx, FormState, Html, Say, Shell, Submitted, format};
use std::net::{IpAddr, SocketAddr};

/// The showings that stand beside a certificate.
const SHOWN_MAX: i64 = 20;

#[derive(askama::Template)]
#[template(path = "present-choose.html")]
struct ChoosePage {
    shell: Shell,
    w: Say,
    form: FormState,
    lines: Vec<(String, String)>,
    back: String,
}

#[derive(askama::Template)]
#[template(path = "present-code.html")]
struct CodePage {
    shell: Shell,
    w: Say,
    code: String,
    qr: Html,
    address: String,
    until: String,
    lines: Vec<String>,
    seen: Option<String>,
    ended: bool,
    here: String,
    again: String,
}

#[derive(askama::Template)]
#[template(path = "present-type.html")]
struct TypePage {
    shell: Shell,
    w: Say,
    form: FormState,
}

#[derive(askama::Template)]
#[template(path = "present-open.html")]
struct OpenPage {
    shell: Shell,
    w: Say,
    token: String,
}

/// One showing, as the holder reads it beside the certificate.
pub(super) struct Line {
    pub made: String,
    pub seen: Option<String>,
    pub lines: String,
}

/// The newest showings of a certificate.
pub(super) async fn lines(room: &Room, w: Say, c: &Certificate) -> Result<Vec<Line>, kernel::Fault> {
    let found = rows::presentations_of(&room.house.ground.store, c.id, SHOWN_MAX).await?;
    let line = |p: &Presentation| Line {
        made: format::moment(w.lang, p.made_at),
        seen: p.seen_at.map(|at| format::moment(w.lang, at)),
        lines: p.keys().iter().map(|key| versions::label(w, c, key)).collect::<Vec<_>>().join(", "),
    };
    Ok(found.iter().map(line).collect())
}

/// GET /certificates/{id}/present.
pub(crate) async fn choose(
    State(room): State<Room>,
    ctx: Ctx,
    who: Applicant,
    Path(id): Path<String>,
) -> Answer {
    let c = held(&room, &who, &id).await?;
    let w = WORDS.say(ctx.lang);
    let mut lines: Vec<_> =
        ["number", "holder"].map(|key| (key.to_owned(), versions::label(w, &c, key))).into();
    lines.extend(c.fields.iter().map(|f| (f.key.clone(), f.label.get(ctx.lang).to_owned())));
    let form = c.public_fields().fold(FormState::new(), |form, f| form.with_also("line", f.key.clone()));
    let back = format!("/certificates/{}", c.id);
    let shell = Shell::new(&ctx, w.t("present-title")).crumb(c.name.get(ctx.lang), back.as_str());
    Ok(page::render(&ChoosePage { shell, w, form, lines, back }))
}

/// POST /certificates/{id}/present.
pub(crate) async fn make(
    State(room): State<Room>,
    ctx: Ctx,
    who: Applicant,
    Path(id): Path<String>,
    sent: Submitted,
) -> Answer {
    let id = held(&room, &who, &id).await?.id;
    let keys: Vec<String> = sent.all("line").into_iter().map(str::to_owned).collect();
    let actor = who.actor_ref();
    let made =
        command!(room.house.ground, ctx.lang, actor, |cx| show::present(&mut cx, &who, id, &keys).await)?;
    Ok(page::see_other(format!("/certificates/{id}/present/{made}")))
}

/// GET /certificates/{id}/present/{presentation}: the code, as long as it lives.
pub(crate) async fn code(
    State(room): State<Room>,
    ctx: Ctx,
    who: Applicant,
    Path((id, shown)): Path<(String, String)>,
) -> Answer {
    let c = held(&room, &who, &id).await?;
    let ground = &room.house.ground;
    let found = match shown.parse::<PresentationId>() {
        Ok(id) => rows::presentation(&ground.store, id).await?,
        Err(_) => None,
    };
    let p = found.filter(|p| p.certificate == c.id).ok_or_else(Refusal::not_found)?;
    let w = WORDS.say(ctx.lang);
    let base = room.house.site.base_url.trim_end_matches('/');
    let back = format!("/certificates/{}", c.id);
    let again = format!("{back}/present");
    Ok(page::render(&CodePage {
        shell: Shell::new(&ctx, w.t("present-title")).crumb(c.name.get(ctx.lang), back.as_str()),
        w,
        code: p.code(),
        qr: page::qr(&format!("{base}/present/{}", p.token()))?,
        address: format!("{base}/present"),
        until: format::time(p.ends_at),
        lines: p.keys().iter().map(|key| versions::label(w, &c, key)).collect(),
        seen: p.seen_at.map(|at| format::moment(ctx.lang, at)),
        ended: p.ends_at <= ground.clock.now(),
        here: format!("{again}/{}", p.id),
        again,
    }))
}

/// GET /present: where a short code is typed.
pub(crate) async fn type_in(ctx: Ctx) -> Answer {
    Ok(typed(&ctx, StatusCode::OK, FormState::new()))
}

fn typed(ctx: &Ctx, status: StatusCode, form: FormState) -> axum::response::Response {
    let w = WORDS.say(ctx.lang);
    let shell = Shell::new(ctx, w.t("present-type-title"));
    page::render_with(status, &TypePage { shell, w, form })
}

/// POST /present.
pub(crate) async fn look_by_code(
    State(room): State<Room>,
    peer: Option<Extension<ConnectInfo<SocketAddr>>>,
    ctx: Ctx,
    sent: Submitted,
) -> Answer {
    let place = peer.map(|Extension(ConnectInfo(peer))| place(peer.ip())).unwrap_or_default();
    let looked = show::look(&room.house.ground, By::Code(sent.get("code"), &place)).await;
    answer(&room, &ctx, FormState::of(&sent), looked)
}

/// One address, of IPv6 the /64 that one subscriber has.
fn place(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
    }
}

/// GET /present/{token}: what the QR code opens; programs that open addresses ahead of people see nothing and use nothing up.
pub(crate) async fn open(ctx: Ctx, Path(token): Path<String>) -> Answer {
    let w = WORDS.say(ctx.lang);
    let token: String = token.chars().filter(char::is_ascii_alphanumeric).take(64).collect();
    Ok(page::render(&OpenPage { shell: Shell::new(&ctx, w.t("present-open-title")), w, token }))
}

/// POST /present/{token}.
pub(crate) async fn look(
    State(room): State<Room>,
    ctx: Ctx,
    Path(token): Path<String>,
    _: Submitted,
) -> Answer {
    let looked = show::look(&room.house.ground, By::Token(&token)).await;
    answer(&room, &ctx, FormState::new(), looked)
}

fn answer(
    room: &Room,
    ctx: &Ctx,
    mut form: FormState,
    looked: kernel::Outcome<(Certificate, Presentation)>,
) -> Answer {
    let w = WORDS.say(ctx.lang);
    match looked {
        Ok((c, p)) => {
            let verdict = Verdict::of(w, &c, room.house.ground.clock.now());
            let facts = chosen_facts(w, &c, p.keys());
            let note = (w.t("present-seen-title").into_owned(), w.t("present-seen").into_owned());
            Ok(result_page(room, ctx, StatusCode::OK, verdict, facts, Some(note)))
        }
        Err(Failure::Refused(refusal)) => {
            let status = match refusal.kind {
                RefusalKind::NotFound => StatusCode::NOT_FOUND,
                RefusalKind::Conflict => StatusCode::CONFLICT,
                RefusalKind::TooMany => StatusCode::TOO_MANY_REQUESTS,
                _ => return Err(refusal.into()),
            };
            form.refuse(&refusal);
            if let Some(next) = &refusal.next {
                form.fail("", next.get(Lang::ZhCn), next.get(Lang::En));
            }
            Ok(typed(ctx, status, form))
        }
        Err(failure) => Err(failure.into()),
    }
}
