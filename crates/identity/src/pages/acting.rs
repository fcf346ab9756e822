//! `/acting`: for whom I act.

use crate::model::{Acting, MemberRole};
use crate::rights::SignedIn;
use crate::{WORDS, choose_acting, mandates};
use axum::extract::{Query, State};
use axum::http::StatusCode;
use kernel::OrganisationId;
use page::{Answer, Ctx, FormState, House, Say, Shell, Submitted};

#[derive(serde::Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    next: String,
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
}

const MYSELF: &str = "self";

fn role_key(role: MemberRole) -> &'static str {
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
) -> Result<ActingPage, kernel::Fault> {
    let w = WORDS.say(ctx.lang);
    let session = who.session();
    let mut options =
        vec![(MYSELF.to_owned(), w.with("acting-self", &[("name", session.person_name().to_owned())]))];
    for m in mandates(&house.ground.store, session.person()).await? {
        let role = w.t(role_key(m.role)).into_owned();
        let words = [("name", m.name), ("code", m.code_masked), ("role", role)];
        options.push((m.organisation.to_string(), w.with("acting-firm", &words)));
    }
    Ok(ActingPage {
        shell: Shell::new(ctx, w.t("acting-title")).crumb(w.t("account-title"), "/account"),
        w,
        form,
        next: next.to_owned(),
        options,
        ended: session.acting == Acting::Ended,
    })
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
        Acting::For(id, _) => id.to_string(),
        Acting::Ended => String::new(),
    };
    let form = FormState::new().with("whom", now);
    Ok(page::render(&page_of(&house, &ctx, &who, form, &asked.next).await?))
}

pub(super) async fn post(State(house): State<House>, who: SignedIn, ctx: Ctx, sent: Submitted) -> Answer {
    let chosen: Option<Option<OrganisationId>> = match sent.get("whom") {
        MYSELF => Some(None),
        other => other.parse().ok().map(Some),
    };
    let Some(organisation) = chosen else {
        let mut form = FormState::of(&sent);
        form.fail("whom", "请选择代表谁办事。", "Choose for whom you act.");
        let page = page_of(&house, &ctx, &who, form, sent.get("next")).await?;
        return Ok(page::render_with(StatusCode::UNPROCESSABLE_ENTITY, &page));
    };
    choose_acting(&house.ground, &who, organisation).await?;
    Ok(page::see_other(if sent.get("next").is_empty() { "/" } else { sent.get("next") }))
}
