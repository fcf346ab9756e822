//! `/acting`: for whom I act.

use super::mandates::matters;
use crate::mandate::{Basis, Mandate, MandateId, in_force};
use crate::model::{Acting, MemberRole};
use crate::rights::SignedIn;
use crate::{WORDS, Whom, choose_acting};
use axum::extract::{Query, State};
use axum::http::StatusCode;
use page::{Answer, Ctx, FormState, House, Say, Shell, Submitted, format};

#[derive(serde::Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    next: String,
    #[serde(default)]
    q: String,
}

#[derive(askama::Template)]
#[template(path = "acting.html")]
struct ActingPage {
    shell: Shell,
    w: Say,
    form: FormState,
    next: String,
    options: Vec<(String, String)>,
    ended: bool,
    /// What the principals' names were searched for.
    q: String,
    /// Whether there are more mandates than are shown.
    many: bool,
}

const MYSELF: &str = "self";
/// What a mandate's id has before it, as a choice.
const UNDER: &str = "mandate:";
/// How many mandates are offered at once; the rest is searched.
const MANDATES: i64 = 20;

pub(super) fn role_key(role: MemberRole) -> &'static str {
    match role {
        MemberRole::LegalRepresentative => "role-legal-representative",
        MemberRole::Administrator => "role-administrator",
        MemberRole::Agent => "role-agent",
    }
}

async fn page_of(
    house: &House,
    ctx: &Ctx,
    who: &SignedIn,
    form: FormState,
    next: &str,
    q: &str,
) -> Result<ActingPage, kernel::Fault> {
    let w = WORDS.say(ctx.lang);
    let session = who.session();
    let mut options =
        vec![(MYSELF.to_owned(), w.with("acting-self", &[("name", session.person_name().to_owned())]))];
    for m in session.memberships(&house.ground.store).await? {
        let role = w.t(role_key(m.role)).into_owned();
        let words = [("name", m.name), ("code", m.code_masked), ("role", role)];
        options.push((m.organisation.to_string(), w.with("acting-firm", &words)));
    }
    let found = in_force(&house.ground.store, session.person(), ctx.now, q, MANDATES + 1).await?;
    let many = i64::try_from(found.len()).is_ok_and(|n| n > MANDATES);
    let shown = usize::try_from(MANDATES).unwrap_or(0);
    options.extend(found.iter().take(shown).map(|m| (format!("{UNDER}{}", m.id), under(m, w))));
    Ok(ActingPage {
        shell: Shell::new(ctx, w.t("acting-title")).crumb(w.t("account-title"), "/account"),
        w,
        form,
        next: next.to_owned(),
        options,
        ended: session.acting == Acting::Ended,
        q: q.to_owned(),
        many: many || !q.is_empty(),
    })
}

fn under(m: &Mandate, w: Say) -> String {
    let key = match m.basis {
        Basis::Given => "acting-mandate",
        Basis::Guardian => "acting-child",
    };
    let until = format::date(w.lang, m.until());
    let words = [("name", m.principal_name.clone()), ("matters", matters(&m.matters, w)), ("until", until)];
    w.with(key, &words)
}

pub(super) async fn get(
    State(house): State<House>,
    who: SignedIn,
    ctx: Ctx,
    Query(asked): Query<Asked>,
) -> Answer {
    who.session().acting_as(&house.ground.store, None).await?.applicant()?;
    let now = match &who.session().acting {
        Acting::Myself => MYSELF.to_owned(),
        Acting::Firm { id, .. } => id.to_string(),
        Acting::Under(mandate) => format!("{UNDER}{}", mandate.id),
        Acting::Ended => String::new(),
    };
    let form = FormState::new().with("whom", now);
    Ok(page::render(&page_of(&house, &ctx, &who, form, &asked.next, &asked.q).await?))
}

pub(super) async fn post(State(house): State<House>, who: SignedIn, ctx: Ctx, sent: Submitted) -> Answer {
    let chosen = match (sent.get("whom"), sent.get("whom").strip_prefix(UNDER)) {
        (MYSELF, _) => Some(Whom::Myself),
        (_, Some(id)) => id.parse::<MandateId>().ok().map(Whom::Under),
        (firm, None) => firm.parse().ok().map(Whom::Firm),
    };
    let Some(whom) = chosen else {
        let mut form = FormState::of(&sent);
        form.fail("whom", "请选择代表谁办事。", "Choose for whom you act.");
        let page = page_of(&house, &ctx, &who, form, sent.get("next"), "").await?;
        return Ok(page::render_with(StatusCode::UNPROCESSABLE_ENTITY, &page));
    };
    choose_acting(&house.ground, &who, whom).await?;
    Ok(page::see_other(if sent.get("next").is_empty() { "/" } else { sent.get("next") }))
}
