//! The word of a party who does not use the platform (窗口代录确认): whoever stands at the window shows their identity document and signs,
//! a clerk types its number and writes the word down. One word counts in every case of the matter that waits for it.

use super::ask::{self, ApplicantAct};
use super::filer::Filer;
use super::hold::Hold;
use super::keep;
use super::materials::{attach, own_files};
use super::matter::ReadyMember;
use super::staff::{DocumentNumber, StaffAct};
use crate::event::Late;
use crate::model::*;
use crate::rules::{Act, Command};
use crate::scope::{Handler, Scope};
use crate::store as rows;
use ::store::Cx;
use identity::AtWindow;
use identity::mandate::{self, Act as Use};
use kernel::codes::CitizenId;
use kernel::{Failure, Fault, FileId, Outcome, PersonId, Refusal, RefusalKind, SubjectId, Timestamp};
use page::House;
use trace::{Look, Purpose};

/// Somebody else who stands at the window when an application of several is filed there, and confirms at once.
#[derive(Debug, Clone)]
pub struct Standing {
    /// In which role they take part.
    pub role: String,
    /// The number, as it was read from their identity document.
    pub citizen_id: DocumentNumber,
    /// Why they do not confirm by themselves.
    pub ground: String,
    /// The paper they signed.
    pub paper: Option<FileId>,
    /// Where that paper is kept, when no copy was uploaded.
    pub reference: Option<String>,
}

/// The command of the rules for a word given at this clerk's window.
///
/// # Errors
/// `cases.identity-number-wrong`, or what is wrong with the paper.
pub(super) async fn command(cx: &mut Cx, case: &Case, word: StaffAct) -> Outcome<Command> {
    let StaffAct::ConfirmParty { role, citizen_id, ground, paper, reference } = word else {
        return Err(Fault::new("no word of a party").into());
    };
    let there = standing(cx, case, &citizen_id, (Use::Confirm, Some(&role))).await?;
    let (found, agent) = there.unzip();
    let witness = witness(cx, (ground, paper, reference), agent.flatten()).await?;
    Ok(Command::ConfirmAtWindow { role, found, witness })
}

/// As whom whoever stands at the window acts, by their number: as the party they are, else as one for whom they may do this in the case.
/// Whoever is compared with their card reads that it was done, and the principal finds it among the uses of the mandate.
pub(super) async fn standing(
    cx: &mut Cx,
    case: &Case,
    number: &DocumentNumber,
    (act, role): (Use, Option<&str>),
) -> Outcome<Option<Stands>> {
    let Some(person) = whose(cx, number).await? else { return Ok(None) };
    let found = as_party(cx, case, (person, role), ("accept", act)).await?;
    // The rules say of everybody else that they are no party.
    Ok(Some(found.unwrap_or((SubjectId::Person(person), None))))
}

/// The party of a case, of this role where one is named, as which a person may act; the look at them and the use of a mandate are part of the commit.
pub(super) async fn as_party(
    cx: &mut Cx,
    case: &Case,
    (person, role): (PersonId, Option<&str>),
    (purpose, act): (&str, Use),
) -> Outcome<Option<Stands>> {
    let (store, item) = (cx.store().clone(), case.item_key.as_str());
    let parties = parties_of(case, role);
    let Some(there) = identity::as_party(&store, person, (&parties, item), cx.now).await? else {
        return Ok(None);
    };
    let (fields, purpose) = (vec!["person.citizen_id".to_owned()], Purpose::in_case(purpose, &case.number));
    trace::look(cx, &Look { person, fields, purpose })?;
    mandate::rely_at_window(cx, &there, act, &[item], &case.number.to_string()).await?;
    Ok(Some((there.subject(), agent(&there))))
}

/// As whom somebody stands at a window: the party, and who they are when they act for it.
pub(super) type Stands = (SubjectId, Option<Agent>);

fn agent(there: &AtWindow) -> Option<Agent> {
    let (person, name) = (there.person(), there.person_name().to_owned());
    there.for_another().then_some(Agent { person, name })
}

/// What stands behind something done at a window: why there, the paper that was signed, or where it is kept.
pub(super) type Signed = (String, Option<FileId>, Option<String>);

fn parties_of(case: &Case, role: Option<&str>) -> Vec<SubjectId> {
    let of = case.parties.iter().filter(|p| role.is_none_or(|role| p.role == role));
    of.map(|p| p.subject).collect()
}

/// Does what a party wants who stands at this clerk's window.
///
/// # Errors
/// `cases.word-by-clerk`, what is wrong with the number or the paper, or a refusal of the rules.
pub(super) async fn for_party(
    cx: &mut Cx,
    house: &House,
    who: &Handler,
    hold: &mut Hold,
    (number, signed): (&DocumentNumber, Signed),
    act: ApplicantAct,
    (at, late): (Timestamp, Option<Late>),
) -> Outcome<()> {
    let account = who.account().ok_or_else(by_clerk)?;
    let case = hold.case.clone().ok_or_else(Refusal::not_found)?;
    // A document that names nobody is refused by the rules, with everything else that is wrong.
    let there = standing(cx, &case, number, (act.use_of_mandate(), None)).await?;
    let subject = there.as_ref().map(|(subject, _)| *subject);
    let word = act.word();
    let does = match subject {
        Some(subject) => ask::command_of(cx, account, subject, act).await?,
        None => Command::Withdraw { reason: None },
    };
    let promised = ask::promised(&does);
    say(cx, house, who, hold, (there, signed), (word, does), (at, late)).await?;
    if let (Some(case), Some(subject)) = (&hold.case, subject) {
        keep::keep_later(cx, subject, (case, &hold.item.item), &promised).await?;
    }
    Ok(())
}

/// The act of a party who stands at this clerk's window, with its witness.
pub(super) async fn say(
    cx: &mut Cx,
    house: &House,
    who: &Handler,
    hold: &mut Hold,
    (there, signed): (Option<Stands>, Signed),
    (word, does): (&str, Command),
    (at, late): (Timestamp, Option<Late>),
) -> Outcome<()> {
    if !who.clerk {
        return Err(by_clerk().into());
    }
    let (found, agent) = there.unzip();
    let witness = witness(cx, signed, agent.flatten()).await?;
    let (act, does) = (word.to_owned(), Box::new(does));
    let command = Command::SayAtWindow { found, act, witness, does };
    hold.act(house, cx.now, &Act { command, at, late, by: who.doer.clone() })
}

/// Whom the number names, if anybody here.
pub(super) async fn whose(cx: &Cx, number: &DocumentNumber) -> Outcome<Option<PersonId>> {
    let typed: String = number.0.split_whitespace().collect::<String>().to_uppercase();
    typed.parse::<CitizenId>().map_err(|_| number_wrong())?;
    Ok(identity::person_by_citizen_id(cx.store(), &typed).await?)
}

/// Who writes it down, and on what; the signed paper is an upload of theirs and kept from here on.
async fn witness(cx: &mut Cx, (ground, paper, reference): Signed, agent: Option<Agent>) -> Outcome<Witness> {
    let (Some(agency), Some(account)) = (cx.actor.agency.clone(), cx.actor.account) else {
        return Err(by_clerk().into());
    };
    if let Some(paper) = paper {
        own_files(cx.store(), account, &[paper]).await?;
        attach(cx, [paper]);
    }
    let number = identity::staff_number(account);
    Ok(Witness { agency, number, ground, paper, reference, agent, through: None })
}

/// A word that is given as the application is handed in.
pub(super) struct Word {
    role: String,
    command: Command,
    /// Whether nobody in the whole matter has that role: then the rules say so of its first case.
    nobody: bool,
}

impl Word {
    /// Whether the party takes part in a case of these.
    pub fn concerns(&self, parties: &[Party]) -> bool {
        self.nobody || parties.iter().any(|p| p.role == self.role)
    }

    /// Writes it down in a case that is just filed.
    pub fn given(&self, hold: &mut Hold, house: &House, cx: &Cx, filed: &Act) -> Outcome<()> {
        let act = Act { command: self.command.clone(), ..filed.clone() };
        hold.act(house, cx.now, &act).map_err(|failure| placed(failure, &self.role))
    }
}

/// The words of those who stand at the window beside whoever files.
///
/// # Errors
/// `cases.word-by-clerk` when no clerk files; what is wrong with a number or a paper, at its field `present.{role}.…`.
pub(super) async fn words(
    cx: &mut Cx,
    filer: &Filer,
    present: &[Standing],
    members: &[ReadyMember],
) -> Outcome<Vec<Word>> {
    if !present.is_empty() && filer.own().is_some() {
        return Err(by_clerk().into());
    }
    let mut words = Vec::with_capacity(present.len());
    for standing in present {
        let role = standing.role.clone();
        let found = whose(cx, &standing.citizen_id).await.map_err(|failure| placed(failure, &role))?;
        let said = (standing.ground.clone(), standing.paper, standing.reference.clone());
        let there = match found {
            Some(person) => Some(speaking(cx, (filer.person, person), (&role, members)).await?),
            None => None,
        };
        let (found, agent) = there.unzip();
        let witness = witness(cx, said, agent.flatten()).await.map_err(|failure| placed(failure, &role))?;
        let command = Command::ConfirmAtWindow { role: role.clone(), found, witness };
        let nobody = members.iter().all(|m| m.parties.iter().all(|p| p.role != role));
        words.push(Word { role, command, nobody });
    }
    Ok(words)
}

/// As whom somebody gives their word as the application is handed in: as themselves, else as a party of that role for whom they may in
/// every case of the matter that has one. Whoever files speaks for no other side (Civil Code art. 168).
async fn speaking(
    cx: &mut Cx,
    (filer, person): (PersonId, PersonId),
    (role, members): (&str, &[ReadyMember]),
) -> Outcome<Stands> {
    let oneself = (SubjectId::Person(person), None);
    let all = in_role(role, members);
    let Some((_, first, parties)) = all.first() else { return Ok(oneself) };
    let store = cx.store().clone();
    let found = identity::as_party(&store, person, (parties, first), cx.now).await?;
    let Some(there) = found.filter(|there| all.iter().all(|(_, item, _)| there.covers(item))) else {
        return Ok(oneself);
    };
    if there.for_another() && person == filer {
        return Err(placed(both_sides().into(), role));
    }
    let items: Vec<&str> = all.iter().map(|(_, item, _)| item.as_str()).collect();
    let numbers: Vec<&str> = all.iter().map(|(number, ..)| number.as_str()).collect();
    mandate::rely_at_window(cx, &there, Use::Confirm, &items, &numbers.join(",")).await?;
    Ok((there.subject(), agent(&there)))
}

/// The cases in which somebody has this role: the number, the item, and who they are.
fn in_role(role: &str, members: &[ReadyMember]) -> Vec<(String, String, Vec<SubjectId>)> {
    let one = |m: &ReadyMember| {
        let parties: Vec<SubjectId> =
            m.parties.iter().filter(|p| p.role == role).map(|p| p.subject).collect();
        (!parties.is_empty()).then(|| (m.number.to_string(), m.item.item.key.clone(), parties))
    };
    members.iter().filter_map(one).collect()
}

fn both_sides() -> Refusal {
    let (zh, en) = (
        "来人已经是申请一方，不能同时代另一方确认。",
        "Whoever files cannot confirm for the other side as well.",
    );
    Refusal::new(RefusalKind::Invalid, "cases.both-sides", zh, en)
        .next(
            "请另一方本人或其他代理人到窗口，或者登录确认。",
            "The other side, or another agent of theirs, confirms here or on line.",
        )
        .field("citizen_id", zh, en)
}

/// What is wrong stands at the field of that party.
fn placed(failure: Failure, role: &str) -> Failure {
    match failure {
        Failure::Refused(mut no) => {
            for error in &mut no.fields {
                error.field = format!("present.{role}.{}", error.field);
            }
            Failure::Refused(no)
        }
        fault => fault,
    }
}

/// The same word in the other cases of the matter that wait for it: nobody goes from window to window for one sale.
pub(super) async fn pass_on(cx: &mut Cx, house: &House, hold: &Hold, act: &Act) -> Outcome<()> {
    let Command::ConfirmAtWindow { found: Some(subject), witness, .. } = &act.command else { return Ok(()) };
    let Some(case) = &hold.case else { return Ok(()) };
    let store = cx.store().clone();
    for line in rows::of_matter(&store, case.matter, &Scope::program()).await? {
        if line.id == case.id {
            continue;
        }
        let mut other = Hold::load(&store, &super::number_of(&line.number)?, &Scope::program()).await?;
        let Some(role) = other.case.as_ref().and_then(|c| awaited(c, *subject)) else { continue };
        // An agent speaks in what the mandate names: in each case anew.
        if let (Some(agent), Some(case)) = (&witness.agent, other.case.clone()) {
            let there = as_party(cx, &case, (agent.person, Some(&role)), ("accept", Use::Confirm)).await?;
            if there.is_none_or(|(of, _)| of != *subject) {
                continue;
            }
        }
        let through = Some(case.number.clone());
        let witness = Witness { through, ..witness.clone() };
        let command = Command::ConfirmAtWindow { role, found: Some(*subject), witness };
        other.act(house, cx.now, &Act { command, ..act.clone() })?;
        other.finish(house, cx).await?;
    }
    Ok(())
}

/// The role in which the case waits for this party's word.
fn awaited(case: &Case, subject: SubjectId) -> Option<String> {
    let open = case.state.works() || matches!(case.state, CaseState::Supplement { .. });
    let party = case.parties.iter().find(|p| p.subject == subject && p.confirmed_at.is_none());
    party.filter(|_| open).map(|p| p.role.clone())
}

pub(super) fn by_clerk() -> Refusal {
    Refusal::new(
        RefusalKind::Forbidden,
        "cases.word-by-clerk",
        "当事人到窗口确认，由窗口人员当面记录。",
        "A word given at a window is recorded there, by a clerk.",
    )
    .next(
        "请让当事人到窗口办理，或者自行登录确认。",
        "Send the party to a window, or let them sign in and confirm.",
    )
}

fn number_wrong() -> Refusal {
    let (zh, en) = (
        "号码有误：位数或校验码不对，请对照证件重新输入。",
        "The number is wrong: its length or its check character. Compare it with the card.",
    );
    Refusal::new(RefusalKind::Invalid, "cases.identity-number-wrong", zh, en).field("citizen_id", zh, en)
}
