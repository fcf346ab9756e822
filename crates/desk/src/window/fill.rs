//! The one form of a visit: opened with its plan, read over what was typed before, with the files that came.

use crate::store::Visit;
use crate::window::{Said, behalf};
use crate::{Room, WORDS};
use cases::{DraftView, Wanted};
use catalog::planner::{How, PlannedPaper};
use forms::{Answers, Form, Known};
use identity::Clerk;
use kernel::{FieldError, Lang, Outcome, SubjectId, Text, Timestamp, clock};
use page::{Say, Submitted, format};
use proofs::ProofId;
use std::collections::{BTreeMap, BTreeSet};
use store::files::{self, FileInfo, Limits, Upload};

/// Opens the form; what was opened of the person is kept with the visit, so that every further page is no further look.
pub(super) async fn open(room: &Room, who: &Clerk, visit: &mut Visit) -> Outcome<DraftView> {
    let said = &visit.said;
    let wanted = Wanted {
        theme: said.theme.clone(),
        items: said.items.clone(),
        answers: said.answers.clone(),
        kept: said.kept.clone(),
        unproven: said.unproven.clone(),
        role: said.role.clone(),
        learned: said.learned.clone(),
        told: said.told.clone(),
        known: said.known.clone(),
    };
    let there = behalf::there(room, who, visit).await?;
    let view = ::store::command!(room.house.ground, Lang::default(), who.actor_ref(), |cx| {
        cases::window_form(&mut cx, who, &there, wanted.clone()).await
    })?;
    if visit.said.known.is_none() {
        visit.said.known = Some(view.known.clone());
        visit.rev = super::save(room, who, visit).await?;
    }
    Ok(view)
}

/// Asks the registers about things and about those whose card was read, as the answers give the keys; what they say is kept with the visit,
/// and so is what of the form is theirs.
pub(super) async fn learn(room: &Room, who: &Clerk, visit: &mut Visit) -> Outcome<DraftView> {
    let now = room.house.ground.clock.now();
    let view = open(room, who, visit).await?;
    let standing = visit.said.standing();
    // A card says who came; of a person they stand for it says nothing.
    let there = behalf::there(room, who, visit).await?;
    let own = !there.for_another() || matches!(there.subject(), SubjectId::Organisation(_));
    let asked = (&standing, visit.said.by_card && own);
    let learned = cases::learn_at_window(&room.house, &room.sources, who, &view, asked).await?;
    let view = if learned == visit.said.learned {
        view
    } else {
        visit.said.learned = learned;
        open(room, who, visit).await?
    };
    let told =
        cases::window_told(&view, now).into_iter().map(|(field, known)| (field, known.value)).collect();
    if (&visit.said.answers, &visit.said.told) != (&view.answers, &told) {
        visit.said.answers.clone_from(&view.answers);
        visit.said.told = told;
        visit.rev = super::save(room, who, visit).await?;
    }
    Ok(view)
}

/// What is known, for showing: secret values masked.
pub(super) fn known(view: &DraftView, lang: Lang) -> BTreeMap<String, Known> {
    let mut known = cases::window_known(view);
    for field in view.bundle.form().fields().filter(|f| f.secret) {
        if let Some(known) = known.get_mut(&field.id) {
            known.value = forms::print_masked(field, &known.value, lang).into();
        }
    }
    known
}

/// Reads every section over what was typed before; what cannot be read stays as it was typed, with what is wrong.
pub(super) fn read(form: &Form, sent: &Submitted, before: &Answers) -> (Answers, Vec<FieldError>) {
    let own = |(name, _): &&(String, String)| name != "_section";
    let pairs: Vec<(String, String)> = sent.fields().iter().filter(own).cloned().collect();
    let (mut answers, mut errors) = (before.clone(), Vec::new());
    for section in &form.sections {
        let mut all = pairs.clone();
        all.push(("_section".to_owned(), section.id.clone()));
        let (read, wrong) = form.read(&all, &answers);
        answers = read;
        errors.extend(wrong);
    }
    (answers, errors)
}

/// What stands beside the form: kept papers, originals, promises, lateness. Its names begin with an underscore, as no field of an item may: a
/// declaration is often called `promise`, a bank card `card`.
pub(super) fn beside(sent: &Submitted, said: &mut Said) {
    let shown = sent.all("_keep_shown");
    said.kept.retain(|id| !shown.contains(&id.to_string().as_str()));
    said.kept.extend(sent.all("_keep").iter().filter_map(|id| id.parse::<ProofId>().ok()));
    let set = |name: &str| sent.all(name).into_iter().map(str::to_owned).collect::<BTreeSet<_>>();
    (said.seen, said.promises) = (set("_seen"), set("_promise"));
    (said.declares, said.paper) = (sent.get("_declares") == "yes", sent.get("_paper") == "yes");
    said.compared = sent.get("_compared") == "yes";
    let text = |name: &str| sent.get(name).trim().to_owned();
    said.present = sent.fields().iter().filter_map(|(name, number)| standing(name, number)).collect();
    (said.present_ground, said.present_paper) = (text("present_ground"), text("present_paper"));
    (said.late_at, said.late_reason, said.late_evidence) =
        (text("late_at"), text("late_reason"), text("late_evidence"));
}

/// Somebody else who stands there: their role, and the number on their card.
fn standing(name: &str, number: &str) -> Option<(String, String)> {
    let (role, number) = (name.strip_prefix("present.")?, number.trim());
    (!number.is_empty()).then(|| (role.to_owned(), number.to_owned()))
}

/// Those who give their word here and now.
pub(super) fn present(said: &Said) -> Vec<cases::Standing> {
    let one = |(role, number): (&String, &String)| cases::Standing {
        role: role.clone(),
        citizen_id: cases::DocumentNumber(number.clone()),
        ground: said.present_ground.clone(),
        paper: None,
        reference: Some(said.present_paper.clone()).filter(|paper| !paper.is_empty()),
    };
    said.present.iter().map(one).collect()
}

/// Keeps what was brought to a window: pictures stand upright and say nothing of where they were taken.
pub(crate) async fn keep(room: &Room, who: &Clerk, upload: Upload) -> Outcome<FileInfo> {
    let tidy = proofs::tidy_upload(upload).await?;
    ::store::command!(room.house.ground, Lang::default(), who.actor_ref(), |cx| {
        files::keep_loose(&mut cx, tidy.clone(), &Limits::default()).await
    })
}

/// A choice beside the form: its value, its words, whether it is ticked.
pub(super) type Tick = (String, String, bool);

/// The papers that are handed in here, each with whether its original was compared.
pub(super) fn originals(view: &DraftView, said: &Said, lang: Lang) -> Vec<Tick> {
    let asked = view.plan.papers.iter().filter(|p| p.how == How::Asked && p.field.is_some());
    asked.map(|p| (p.id.clone(), p.name.get(lang).to_owned(), said.seen.contains(&p.id))).collect()
}

/// The kept papers that may be used again, with date and grade.
pub(super) fn offers(view: &DraftView, lang: Lang, w: Say) -> Vec<Tick> {
    let mut offers: Vec<Tick> = Vec::new();
    for paper in view.plan.papers.iter().filter(|p| matches!(p.how, How::Asked | How::Kept)) {
        let Some(proof) = view.wallet.offer(&paper.kind, &paper.holder) else { continue };
        let id = proof.id.to_string();
        if offers.iter().any(|(known, ..)| *known == id) {
            continue;
        }
        let told = [
            ("name", proof.name.get(lang).to_owned()),
            ("at", format::date(lang, clock::legal_date(proof.at))),
            ("grade", w.t(&format!("grade-{}", proof.grade.word())).into_owned()),
        ];
        let used = view.wallet.used.contains(&proof.id);
        offers.push((id, w.with("window-keep-offer", &told), used));
    }
    offers
}

/// The papers that nobody has to bring, each with why.
pub(super) fn spared(view: &DraftView, lang: Lang) -> Vec<(String, String)> {
    let told = |p: &&PlannedPaper| !matches!(p.how, How::Asked | How::Declared);
    let line = |p: &PlannedPaper| (p.name.get(lang).to_owned(), p.why.get(lang).to_owned());
    view.plan.papers.iter().filter(told).map(line).collect()
}

/// The papers that may come later, as ids that filing knows, with term and consequence.
pub(super) fn later(view: &DraftView, said: &Said, lang: Lang, w: Say) -> Vec<Tick> {
    let mut lines: Vec<Tick> = Vec::new();
    for published in view.bundle.items.iter().filter(|p| view.plan.takes(&p.item.key)) {
        for m in &published.item.materials {
            let Some(tolerance) = &m.tolerable else { continue };
            let paper = view.plan.paper_for(&published.item.key, &m.id);
            if paper.is_some_and(|p| p.how != How::Asked) {
                continue;
            }
            let id = match paper {
                Some(paper) if !view.bundle.alone() => paper.id.clone(),
                _ => m.id.clone(),
            };
            let told = [
                ("name", m.name.get(lang).to_owned()),
                ("term", tolerance.within.text().get(lang).to_owned()),
                ("then", tolerance.consequence.get(lang).to_owned()),
            ];
            if lines.iter().all(|(known, ..)| *known != id) {
                let ticked = said.promises.contains(&id);
                lines.push((id, w.with("window-later-line", &told), ticked));
            }
        }
    }
    lines
}

/// What is declared instead of proven, and what follows when it is false.
pub(super) fn declarations(view: &DraftView, lang: Lang) -> Vec<(String, String)> {
    let taken = view.bundle.items.iter().filter(|p| view.plan.takes(&p.item.key));
    let declared = taken.filter_map(|p| p.item.declaration.as_ref());
    declared.map(|d| (d.obligation.get(lang).to_owned(), d.liability.get(lang).to_owned())).collect()
}

/// What is entered late: when it happened in law, with why it comes late and what proves it; and what of it is wrong, at its field.
pub(crate) type LateSaid = (Option<(Timestamp, cases::Late)>, Vec<FieldError>);

/// When it happened in law, if it is entered late.
pub(super) fn late(said: &Said) -> LateSaid {
    late_of([&said.late_at, &said.late_reason, &said.late_evidence])
}

/// The same of the fields `late_at`, `late_reason`, `late_evidence`.
pub(crate) fn late_of(given: [&str; 3]) -> LateSaid {
    let [at, reason, evidence] = given.map(str::trim);
    if given.iter().all(|text| text.trim().is_empty()) {
        return (None, Vec::new());
    }
    let mut wrong = Vec::new();
    let mut fail = |field: &str, key: &str| {
        let say = |lang| WORDS.say(lang).t(key).into_owned();
        wrong.push(FieldError { field: field.to_owned(), say: Text::new(say(Lang::ZhCn), say(Lang::En)) });
    };
    let at = moment(at);
    if at.is_none() {
        fail("late_at", "window-late-at");
    }
    if reason.is_empty() {
        fail("late_reason", "window-late-reason");
    }
    if evidence.is_empty() {
        fail("late_evidence", "window-late-evidence");
    }
    let (reason, evidence) = (reason.to_owned(), evidence.to_owned());
    (at.filter(|_| wrong.is_empty()).map(|at| (at, cases::Late { reason, evidence })), wrong)
}

/// `2026-11-22T09:00` as a browser sends it, in legal time.
pub(super) fn moment(text: &str) -> Option<Timestamp> {
    let moment: jiff::civil::DateTime = text.replace(' ', "T").parse().ok()?;
    Some(moment.to_zoned(clock::legal_zone()).ok()?.timestamp())
}
