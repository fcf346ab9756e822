//! Handing in what a visit says: what is still wrong, the filing itself, and the receipt of what was compared.

use super::{behalf, fill, paper, save};
use crate::Room;
use crate::store::{self as rows, Visit};
use cases::{DraftView, FiledMatter, MatterFiling, Scope};
use catalog::planner::How;
use forms::FieldType;
use identity::Clerk;
use kernel::{FieldError, Lang, Outcome, Refusal, RefusalKind, Text};
use page::Ctx;
use proofs::Compared;

/// What is missing or wrong is added, each field once. What a sheet has signed is no longer asked here: with `signing` the declarations and
/// the papers of who stands there are left out.
pub(super) fn wrong(ctx: &Ctx, visit: &Visit, view: &DraftView, signing: bool, errors: &mut Vec<FieldError>) {
    let (late, wrong) = fill::late(&visit.said);
    errors.extend(wrong);
    errors.extend(paper::missing(&visit.said, late.as_ref()));
    let signed = declarations(view);
    for error in cases::window_evaluation(view, ctx.now).errors {
        let promised = promised(view, visit, &error.field) || signing && signed.contains(&error.field);
        if !promised && errors.iter().all(|e| e.field != error.field) {
            errors.push(error);
        }
    }
}

/// The declarations of the form, by field: what is signed on the sheet.
pub(super) fn declarations(view: &DraftView) -> Vec<String> {
    let fields = view.bundle.form().fields();
    fields.filter(|f| f.kind() == FieldType::Declaration).map(|f| f.id.clone()).collect()
}

/// Whether a refusal is told on the form: what is typed can be put right, or the form on paper was recorded by somebody else.
pub(super) fn is_told(no: &Refusal) -> bool {
    matches!(no.kind, RefusalKind::Invalid | RefusalKind::Forbidden) || no.code.starts_with("hall.paper-")
}

/// Whether the paper of this field is promised for later.
fn promised(view: &DraftView, visit: &Visit, field: &str) -> bool {
    let papers = view.plan.papers.iter().filter(|p| p.field.as_deref() == Some(field));
    let mut ids = papers.flat_map(|p| p.demands.iter().map(|(_, demand)| demand).chain([&p.id]));
    ids.any(|id| visit.said.promises.contains(id))
}

/// A refusal, at the fields of the form.
pub(super) fn told(no: &Refusal) -> Vec<FieldError> {
    if no.fields.is_empty() {
        let say = Text::new(no.sentence(Lang::ZhCn), no.sentence(Lang::En));
        return vec![FieldError { field: String::new(), say }];
    }
    // A word that was not taken: the number stands at its party, ground and paper are those of all.
    let place = |field: &str| match field.strip_prefix("present.").and_then(|rest| rest.rsplit_once('.')) {
        Some((_, "ground")) => "present_ground".to_owned(),
        Some((_, "paper")) => "present_paper".to_owned(),
        Some((role, _)) => format!("present.{role}"),
        None => field.to_owned(),
    };
    no.fields.iter().map(|e| FieldError { field: place(&e.field), say: e.say.clone() }).collect()
}

/// A register that should have proved something holds nothing on it: its paper is asked for from now on.
pub(super) async fn ask_for(
    room: &Room,
    who: &Clerk,
    visit: &mut Visit,
    view: DraftView,
    no: &Refusal,
) -> Outcome<DraftView> {
    let hidden = |field: &String| {
        view.plan.papers.iter().any(|p| p.field.as_ref() == Some(field) && p.how != How::Asked)
    };
    let more: Vec<String> = no.fields.iter().map(|e| e.field.clone()).filter(hidden).collect();
    if more.is_empty() {
        return Ok(view);
    }
    visit.said.unproven.extend(more);
    visit.rev = save(room, who, visit).await?;
    fill::open(room, who, visit).await
}

/// One key a visit: handing in twice is handing in once.
pub(super) async fn hand_in(
    room: &Room,
    ctx: &Ctx,
    who: &Clerk,
    visit: &Visit,
    view: &DraftView,
) -> Outcome<FiledMatter> {
    let said = &visit.said;
    let late = paper::proven(said, fill::late(said).0);
    let (occurred_at, late) = late.map_or((None, None), |(at, late)| (Some(at), Some(late)));
    let filing = MatterFiling {
        key: behalf::key(visit),
        theme: said.theme.clone(),
        items: said.items.clone(),
        answers: view.answers.clone(),
        proofs: view.wallet.used.iter().copied().collect(),
        promises: said.promises.iter().cloned().collect(),
        declares: said.declares,
        paper: said.paper,
        occurred_at,
        present: fill::present(said),
        compared: said.compares && said.compared,
        ..MatterFiling::default()
    };
    let number = (said.citizen_id.as_str(), said.whom);
    let prepared = cases::prepare_at_window(&room.house, &room.sources, who, number, filing, late).await?;
    ::store::command!(room.house.ground, ctx.lang, who.actor_ref(), |cx| {
        paper::file(&mut cx, room, who, &prepared, (said, occurred_at)).await
    })
}

/// Writes the receipt down, and that the clerk has compared originals: those uploads are believed from now on (B). Done again, it
/// changes nothing.
pub(super) async fn receive(
    room: &Room,
    who: &Clerk,
    visit: &mut Visit,
    view: &DraftView,
    filed: &FiledMatter,
) -> Outcome<()> {
    let store = &room.house.ground.store;
    if visit.said.compares_all {
        // One word for all of them: nothing was filed without it.
        visit.said.seen =
            fill::originals(view, &visit.said, Lang::default()).into_iter().map(|o| o.0).collect();
    }
    let given = |field: &String| view.answers.get(field).is_some_and(|v| !v.is_null());
    let papers =
        view.plan.papers.iter().filter(|p| p.how == How::Asked && p.field.as_ref().is_some_and(given));
    visit.said.papers = papers.map(|p| (p.name.clone(), visit.said.seen.contains(&p.id))).collect();
    visit.said.filed = filed.cases.iter().map(|case| case.number.to_string()).collect();
    let mut compared: Vec<(String, Vec<&str>)> = Vec::new();
    for case in &filed.cases {
        let row = cases::progress(store, &case.number, &Scope::program()).await?;
        let seen = view.plan.papers.iter().filter(|p| visit.said.seen.contains(&p.id));
        let own = seen.flat_map(|p| &p.demands).filter(|(item, _)| *item == row.item_key);
        compared.push((case.number.to_string(), own.map(|(_, demand)| demand.as_str()).collect()));
    }
    let first = compared.iter().find(|(_, demands)| !demands.is_empty());
    ::store::command!(room.house.ground, Lang::default(), who.actor_ref(), |cx| {
        receive_in(&mut cx, who, visit, first).await
    })?;
    // The cases of a matter share a paper; what only a later one asks for is compared for that one.
    let rest = compared.iter().filter(|(_, demands)| !demands.is_empty()).skip(1);
    for (case, demands) in rest {
        ::store::command!(room.house.ground, Lang::default(), who.actor_ref(), |cx| {
            proofs::compared(&mut cx, case, demands, Compared::Original, who.agency()).await.map(|_| ())
        })?;
    }
    Ok(())
}

async fn receive_in(
    cx: &mut ::store::Cx,
    who: &Clerk,
    visit: &Visit,
    first: Option<&(String, Vec<&str>)>,
) -> Outcome<()> {
    let sealer = cx.store().sealer().clone();
    rows::save_visit(&mut cx.commit, &sealer, visit)?;
    if let Some((case, demands)) = first {
        proofs::compared(cx, case, demands, Compared::Original, who.agency()).await?;
    }
    Ok(())
}
