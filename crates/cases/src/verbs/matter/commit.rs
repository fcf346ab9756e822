//! The commit: every member's case with its events, notices and rows, the kept papers and the key, all or nothing.

use super::prepare::{
    FiledMatter, MatterFiling, PreparedMatter, Ready, ReadyMember, key_row, prepare_matter,
};
use super::said::same_filing;
use crate::draft::PLAN_SEAL;
use crate::event::Late;
use crate::model::*;
use crate::rules::{Act, Application, Command, Doer};
use crate::scope::{Reach, Scope};
use crate::store::{self as rows, KeyRow};
use crate::verbs::file::Filed;
use crate::verbs::filer::Filer;
use crate::verbs::hold::Hold;
use crate::verbs::start::new_matter;
use crate::verbs::{at_window, keep, materials};
use ::store::{Cx, Sealed};
use exchange::Sources;
use identity::Applicant;
use identity::mandate::Act as Use;
use kernel::{Fault, Lang, Outcome, Text, clock};
use page::House;
use trace::{Look, Purpose};

/// Hands the matter in: one commit for all its cases. Filing twice with the same key gives the same cases.
///
/// # Errors
/// A refusal of the rules.
pub async fn file_matter(
    cx: &mut Cx,
    house: &House,
    who: &Applicant,
    prepared: &PreparedMatter,
) -> Outcome<FiledMatter> {
    file_by(cx, house, &Filer::from(who), prepared, None).await
}

/// Checks, asks and files in one go: what pages and the API call.
///
/// # Errors
/// As [`prepare_matter`] and [`file_matter`].
pub async fn file_matter_now(
    house: &House,
    sources: &Sources,
    lang: Lang,
    who: &Applicant,
    filing: MatterFiling,
) -> Outcome<FiledMatter> {
    let prepared = prepare_matter(house, sources, who, filing).await?;
    store::command!(house.ground, lang, who.actor_ref(), |cx| {
        file_matter(&mut cx, house, who, &prepared).await
    })
}

pub(crate) async fn file_by(
    cx: &mut Cx,
    house: &House,
    filer: &Filer,
    prepared: &PreparedMatter,
    late: Option<Late>,
) -> Outcome<FiledMatter> {
    let store = cx.store().clone();
    let filing = &prepared.filing;
    if let Some(row) = rows::key_row(&store, filer.account, &filing.key).await? {
        same_filing(&row, &prepared.digest)?;
        return again(house, &row).await;
    }
    let Some(ready) = prepared.ready.as_deref() else {
        return Err(Fault::new("a filing key was there and is gone").into());
    };
    let matter = matter(cx, filer, ready, filing)?;
    let items: Vec<&str> = ready.members.iter().map(|m| m.item.item.key.as_str()).collect();
    filer.rely(cx, Use::File, &items, &numbers_of(ready)).await?;
    papers(cx, ready, filing).await?;
    let words = at_window::words(cx, filer, &filing.present, &ready.members).await?;
    let at = filing.occurred_at.map_or(cx.now, clock::truncate);
    let mut cases = Vec::with_capacity(ready.members.len());
    let mut numbers = Vec::with_capacity(ready.members.len());
    for member in &ready.members {
        let application = application(cx, filer, matter, member, filing);
        let by = Doer { account: Some(filer.account), subject: Some(filer.subject), ..Doer::default() };
        let act = Act { command: Command::File(Box::new(application)), at, late: late.clone(), by };
        let mut hold = Hold::new(member.item.clone());
        hold.act(house, cx.now, &act)?;
        for word in words.iter().filter(|w| w.concerns(&member.parties)) {
            word.given(&mut hold, house, cx, &act)?;
        }
        let (case, _) = hold.finish(house, cx).await?;
        numbers.push((member.item.item.key.clone(), case.number.clone()));
        cases.push(answer(&case, &member.item.item.name, false));
    }
    keep::keep(cx, filer, ready, filing, &numbers).await?;
    if let Some(first) = cases.first() {
        let row = key_row(&prepared.digest, first.case, &first.number);
        rows::add_key(&mut cx.commit, filer.account, &filing.key, &row);
    }
    Ok(FiledMatter { matter, cases, again: false })
}

/// The numbers of the members, as a mandate's list of uses names them.
fn numbers_of(ready: &Ready) -> String {
    ready.members.iter().map(|m| m.number.to_string()).collect::<Vec<_>>().join(",")
}

/// The matter: its draft is filed, or it begins with this. Its plan is sealed with it.
fn matter(cx: &mut Cx, filer: &Filer, ready: &Ready, filing: &MatterFiling) -> Result<MatterId, Fault> {
    let plan = Sealed::seal(cx.store().sealer(), PLAN_SEAL, &ready.plan)?;
    if let Some(id) = filing.matter {
        rows::file_matter(&mut cx.commit, id, cx.now, ready.members.len(), &plan);
        return Ok(id);
    }
    let line = new_matter(cx, filer, (ready.bundle.about(), ready.bundle.name()), None, "filed");
    let items: Vec<_> = ready.members.iter().map(|m| (m.item.item.key.clone(), m.item.id)).collect();
    rows::add_matter(&mut cx.commit, &line, &items, Some(&plan));
    Ok(line.id)
}

/// What the commit relies on and keeps: certificates, uploads (each once, however many members use them), and the looks at whom
/// the answers name.
async fn papers(cx: &mut Cx, ready: &Ready, filing: &MatterFiling) -> Outcome<()> {
    let all: Vec<Material> = ready.members.iter().flat_map(|m| m.materials.iter().cloned()).collect();
    let mut relied: Vec<Material> = Vec::new();
    for material in &all {
        if relied.iter().all(|known| known.given != material.given) {
            relied.push(material.clone());
        }
    }
    materials::rely(cx, &relied).await?;
    let answers = ready.members.iter().flat_map(|m| materials::files_in(&m.answers));
    let files: Vec<_> = answers
        .chain(materials::files_of(&relied))
        .chain(filing.disputes.iter().filter_map(|d| d.proof))
        .chain(filing.parties.iter().filter_map(|p| p.proof))
        .collect();
    materials::attach(cx, files);
    for person in &ready.named {
        let (fields, purpose) = (vec!["name".to_owned()], Purpose::new("party"));
        trace::look(cx, &Look { person: *person, fields, purpose })?;
    }
    Ok(())
}

fn application(
    cx: &Cx,
    filer: &Filer,
    matter: MatterId,
    member: &ReadyMember,
    filing: &MatterFiling,
) -> Application {
    let confirmed =
        |party: &Party| Party { confirmed_at: party.confirmed_at.map(|_| cx.now), ..party.clone() };
    Application {
        case: cx.new_id(),
        number: member.number.clone(),
        matter,
        item: member.item.id,
        frame: member.frame,
        agency: member.item.item.agency.clone(),
        division: member.division.clone(),
        parties: member.parties.iter().map(confirmed).collect(),
        answers: member.answers.clone(),
        materials: member.materials.clone(),
        facts: member.facts.clone(),
        agencies: member.agencies.clone(),
        promises: member.promises.clone(),
        declares: filing.declares && (filing.items.len() == 1 || member.item.item.declaration.is_some()),
        // Whoever has no account here could read nothing of it.
        paper: filing.paper || filer.unreached,
        by: Some(filer.subject),
        agent: filer.agent(),
        awaits: member.awaits.clone(),
        awaited_by: member.awaited_by.clone(),
        disputes: filing.disputes.clone(),
        renews: member.renews.clone(),
        received: member.received.clone(),
        window: filer.window.clone(),
    }
}

fn answer(case: &Case, item_name: &Text, again: bool) -> Filed {
    Filed {
        case: case.id,
        number: case.number.clone(),
        state: case.state.word().to_owned(),
        term: case.term().cloned(),
        item_name: item_name.clone(),
        again,
    }
}

async fn again(house: &House, row: &KeyRow) -> Outcome<FiledMatter> {
    let store = &house.ground.store;
    let scope = Scope(Reach::All);
    let first = rows::the_case(store, &row.number, &scope).await?;
    let first = first.ok_or_else(|| Fault::new("a filed case has gone"))?;
    let mut cases = Vec::new();
    for line in rows::of_matter(store, first.matter, &scope).await? {
        let hold = Hold::load(store, &crate::verbs::number_of(&line.number)?, &scope).await?;
        let case = hold.case.as_ref().ok_or_else(|| Fault::new("a filed case has no history"))?;
        cases.push(answer(case, &hold.item.item.name, true));
    }
    // The case of the key stands first, as it did when it was filed.
    cases.sort_by_key(|filed| filed.number.to_string() != row.number);
    Ok(FiledMatter { matter: first.matter, cases, again: true })
}
