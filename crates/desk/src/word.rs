//! What a party says and does who stands at the window: their word (窗口代录确认), as long as it is awaited, and what else they may do in
//! the case (窗口代办). The forms are offered to clerks.

use crate::acts::{ActForm, Kind, Offer};
use crate::read_act::Form;
use cases::model::{Case, Given, Material, Party};
use cases::rules::Command;
use cases::{ApplicantAct, CaseView, DocumentNumber, StaffAct, Witness};
use kernel::{Lang, SubjectId};
use page::format;

const VERB: &str = "confirm_party";
const FOR_PARTY: &str = "for_party";

/// The form, when a clerk of this body may write down somebody's word now.
pub(crate) fn form(offer: &Offer<'_>) -> Option<ActForm> {
    let view = offer.can.view;
    let waits = |p: &&Party| p.confirmed_at.is_none() && matches!(p.subject, SubjectId::Person(_));
    let may = |p: &&Party| {
        let (role, found, witness) = (p.role.clone(), Some(p.subject), signed(offer));
        offer.can.ok(Command::ConfirmAtWindow { role, found, witness })
    };
    let waiting: Vec<&Party> = view.case.parties.iter().filter(waits).filter(may).collect();
    if !offer.clerk || waiting.is_empty() {
        return None;
    }
    let fields = vec![
        offer.field(VERB, "role", Kind::Select(roles(view, &waiting, offer.lang)), true),
        offer.field(VERB, "citizen_id", Kind::Text, true),
        offer.field(VERB, "ground", Kind::Text, true),
        offer.files(VERB, "paper"),
        offer.field(VERB, "reference", Kind::Text, false),
    ];
    Some(offer.form(VERB, None, fields))
}

/// A witness who has signed everything, to ask the rules with.
fn signed(offer: &Offer<'_>) -> Witness {
    Witness {
        agency: offer.can.agency.clone(),
        number: String::new(),
        ground: "…".to_owned(),
        paper: None,
        reference: Some("…".to_owned()),
        agent: None,
        through: None,
    }
}

/// The words of what a party may do at the window beside supplying what was asked for.
const DOES: [&str; 6] =
    ["withdraw", "request_hearing", "waive_hearing", "keep_promise", "want_person", "want_paper"];

fn command(word: &str, case: &Case) -> Option<Command> {
    Some(match word {
        "withdraw" => Command::Withdraw { reason: None },
        "request_hearing" => Command::RequestHearing,
        "waive_hearing" => Command::WaiveHearing,
        "want_person" => Command::WantPerson { reason: None },
        "want_paper" => Command::WantPaper { subject: case.parties.first()?.subject },
        "keep_promise" => {
            let demand = case.promises.iter().find(|p| p.open())?.material.clone();
            Command::KeepPromise { materials: vec![Material { demand, given: Given::Declared }] }
        }
        _ => return None,
    })
}

/// The form for what a party does at this window, with what the rules would let one of the parties do now.
pub(crate) fn for_party(offer: &Offer<'_>) -> Option<ActForm> {
    let case = &offer.can.view.case;
    let may = |word: &&str| {
        let does = command(word, case)?;
        let one = |p: &Party| {
            let (found, act, does) = (Some(p.subject), (*word).to_owned(), Box::new(does.clone()));
            offer.can.ok(Command::SayAtWindow { found, act, witness: signed(offer), does })
        };
        case.parties.iter().any(one).then_some(())
    };
    let words: Vec<&str> = DOES.iter().copied().filter(|word| may(word).is_some()).collect();
    if !offer.clerk || words.is_empty() {
        return None;
    }
    let named = |word: &&str| {
        ((*word).to_owned(), offer.w.t(&format!("does-{}", word.replace('_', "-"))).into_owned())
    };
    let mut fields = vec![
        offer.field(FOR_PARTY, "act", Kind::Select(words.iter().map(named).collect()), true),
        offer.field(FOR_PARTY, "reason", Kind::Text, false),
    ];
    if words.contains(&"keep_promise") {
        let open = case.promises.iter().filter(|p| p.open());
        let open = open.map(|p| (p.material.clone(), p.name.get(offer.lang).to_owned())).collect();
        fields.push(offer.field(FOR_PARTY, "promise", Kind::Select(open), false));
        fields.push(offer.files(FOR_PARTY, "given"));
    }
    fields.extend([
        offer.field(FOR_PARTY, "citizen_id", Kind::Text, true),
        offer.field(FOR_PARTY, "ground", Kind::Text, true),
        offer.files(FOR_PARTY, "paper"),
        offer.field(FOR_PARTY, "reference", Kind::Text, false),
    ]);
    Some(offer.form(FOR_PARTY, None, fields))
}

/// What a clerk has written down of it.
pub(crate) fn read(form: &mut Form<'_>) -> Option<StaffAct> {
    let word = form.pick("act", |v| DOES.contains(&v).then(|| v.to_owned()));
    let reason = form.opt("reason");
    let act = match word.as_deref() {
        Some("withdraw") => Some(ApplicantAct::Withdraw { reason }),
        Some("request_hearing") => Some(ApplicantAct::RequestHearing),
        Some("waive_hearing") => Some(ApplicantAct::WaiveHearing),
        Some("want_person") => Some(ApplicantAct::WantPerson { reason }),
        Some("want_paper") => Some(ApplicantAct::WantPaper),
        Some("keep_promise") => brought(form).map(|materials| ApplicantAct::KeepPromise { materials }),
        _ => None,
    };
    let citizen_id = DocumentNumber(form.must("citizen_id"));
    let ground = form.must("ground");
    let paper = form.files("paper").into_iter().next();
    let reference = form.opt("reference");
    Some(StaffAct::ForParty { citizen_id, act: Box::new(act?), ground, paper, reference })
}

/// The pages of a promised paper.
fn brought(form: &mut Form<'_>) -> Option<Vec<Material>> {
    let demand = form.pick("promise", |v| Some(v.to_owned()))?;
    let files = form.files("given");
    if files.is_empty() {
        form.fail("given", "请上传补交的材料。", "Upload the paper that was promised.");
        return None;
    }
    Some(files.into_iter().map(|f| Material { demand: demand.clone(), given: Given::File(f) }).collect())
}

/// Each role once, with the masked names of those whose word is awaited in it.
fn roles(view: &CaseView, waiting: &[&Party], lang: Lang) -> Vec<(String, String)> {
    let mut all: Vec<(String, String)> = Vec::new();
    for party in waiting {
        let name = format::mask_name(&party.name);
        match all.iter_mut().find(|(role, _)| *role == party.role) {
            Some((_, label)) => label.push_str(&format!(" / {name}")),
            None => {
                let role = cases::show::role(view, &party.role, lang);
                all.push((party.role.clone(), format!("{role} · {name}")));
            }
        }
    }
    all
}
