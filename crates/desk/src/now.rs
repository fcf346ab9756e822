//! The right of a case: what to do now — the one recommended act first, the band that applies and why, the term.

use crate::WORDS;
use crate::acts::{ActForm, Field, Offer};
use crate::can::Can;
use crate::who::Who;
use cases::model::PRECHECK;
use cases::show::{self, TermLine};
use cases::{CaseState, CaseView, Seat, Step, StepState, TaskId};
use kernel::{Lang, Text, Timestamp};
use page::{Say, format};
use procedure::{RunningTerm, TermKind};

/// The band of the step's standard, for people.
pub(crate) struct BandLine {
    pub say: String,
    pub outcome: String,
    pub pass: bool,
    pub amount: Option<(String, String)>,
    pub when: String,
    pub basis: String,
}

/// A term with what it was before.
pub(crate) struct TermShown {
    pub line: TermLine,
    pub earlier: Vec<String>,
    pub excluded: Vec<String>,
}

/// The act on a task.
pub(crate) struct Examine {
    pub task: TaskId,
    pub title: String,
    pub guide: Option<String>,
    pub advice: String,
    pub advice_kind: &'static str,
    pub precheck: bool,
    pub can_approve: bool,
    pub can_refuse: bool,
    pub can_accept: bool,
    /// Approving is not what is advised.
    pub against: bool,
    pub amount: bool,
    pub band: Option<BandLine>,
    pub band_missing: Vec<String>,
    pub holder: Option<String>,
    /// What must be done before.
    pub first: Option<ActForm>,
    pub late: Vec<Field>,
}

/// What to do now.
pub(crate) enum Now {
    /// A task of this agency.
    Examine(Box<Examine>),
    /// Another act that waits for somebody here.
    Act(Box<ActForm>),
    /// Nothing.
    Nothing,
}

/// A term told with its old dates and the time that does not count.
pub(crate) fn term(view: &CaseView, t: &RunningTerm, now: Timestamp, lang: Lang) -> TermShown {
    let w = WORDS.say(lang);
    let span = |e: &procedure::Exclusion| {
        let to = e.to.map_or_else(|| w.t("still").into_owned(), |to| format::moment(lang, to));
        format!("{} {} – {to} · {}", e.kind.name().get(lang), format::moment(lang, e.from), e.reason)
    };
    TermShown {
        line: show::term(view, t, now, lang),
        earlier: t.earlier.iter().map(|due| format::date(lang, due.date)).collect(),
        excluded: t.excluded.iter().map(span).collect(),
    }
}

/// Every term, those that run first.
pub(crate) fn terms(view: &CaseView, now: Timestamp, lang: Lang) -> Vec<TermShown> {
    let mut all: Vec<&RunningTerm> = view.case.terms.iter().collect();
    all.sort_by_key(|t| !t.runs());
    all.into_iter().map(|t| term(view, t, now, lang)).collect()
}

/// The term that counts for this page: the step's own, else the case's next.
pub(crate) fn main_term(can: &Can<'_>, lang: Lang) -> Option<TermShown> {
    let case = &can.view.case;
    let step = can.seat().map(|(step, _)| step.id.clone());
    let own = step.and_then(|id| case.running(&TermKind::Step(id)));
    own.or_else(|| case.term()).map(|t| term(can.view, t, can.now, lang))
}

/// What to do now, and everything else that can be done.
pub(crate) fn now(offer: &Offer<'_>, who: &Who) -> (Now, Vec<ActForm>) {
    let can = offer.can;
    let mut others = offer.all();
    if let Some((step, seat)) = can.seat() {
        let mut examine = examine(offer, who, step, seat);
        // Without it the step cannot pass: it comes before the opinion.
        if step.visit.is_none() {
            examine.first = take(&mut others, &["record_visit"]);
        }
        if let Some(dispute) = take(&mut others, &["settle_dispute"]) {
            others.insert(0, dispute);
        }
        return (Now::Examine(Box::new(examine)), others);
    }
    let waits = matches!(can.view.case.state, CaseState::Decided { .. } | CaseState::Certified { .. });
    let mut pressing = vec![
        "record_hearing",
        "tell_interested",
        "set_hearing",
        "settle_dispute",
        "end_halt",
        "check_declaration",
        "resume",
        "confirm_party",
    ];
    if waits {
        pressing.push("serve");
    }
    pressing.push("end_remedy");
    match take(&mut others, &pressing) {
        Some(act) => (Now::Act(Box::new(act)), others),
        None => (Now::Nothing, others),
    }
}

fn take(others: &mut Vec<ActForm>, verbs: &[&str]) -> Option<ActForm> {
    let at = verbs.iter().find_map(|verb| others.iter().position(|a| a.verb == *verb))?;
    Some(others.remove(at))
}

fn examine(offer: &Offer<'_>, who: &Who, step: &Step, seat: &Seat) -> Examine {
    let (can, lang, w) = (offer.can, offer.lang, offer.w);
    let spec = can.spec(&step.id);
    let precheck = step.id == PRECHECK;
    let (approve, refuse) = (can.approve(seat.task), can.refuse(seat.task));
    let (band, band_missing) = match can.band(&step.id) {
        Ok(band) => (band, Vec::new()),
        Err(missing) => (None, missing),
    };
    let against = band.as_ref().is_some_and(|b| !b.pass);
    let (mut advice, mut advice_kind) = advise(can, step, against, w, lang);
    if let Err(no) = &approve {
        (advice, advice_kind) = (no.sentence(lang), "wait");
    }
    let holder = seat.holder.filter(|h| *h != who.account);
    let named = |h| offer.people.iter().find(|(a, _)| *a == h).map(|(_, name)| name.clone());
    let holder = holder.map(|h| named(h).unwrap_or_else(|| w.t("someone").into_owned()));
    let standard = spec.is_some_and(|s| s.standard.is_some());
    let amounts = |s: &catalog::Standard| s.bands.iter().any(|b| b.amount.is_some());
    Examine {
        task: seat.task,
        title: spec.map_or_else(|| w.t("act-precheck").into_owned(), |s| s.title.get(lang).to_owned()),
        guide: spec.and_then(|s| s.guide.as_ref()).map(|g| g.get(lang).to_owned()),
        advice,
        advice_kind,
        precheck,
        can_approve: approve.is_ok() && !precheck,
        can_refuse: refuse.is_ok() && !precheck,
        can_accept: matches!(can.view.case.state, CaseState::Submitted { .. })
            && can.ok(cases::rules::Command::Accept),
        against,
        amount: standard && spec.and_then(|s| s.standard.as_ref()).is_some_and(amounts),
        band: band.map(|b| BandLine {
            say: b.say.get(lang).to_owned(),
            outcome: w.t(if b.pass { "band-pass" } else { "band-fail" }).into_owned(),
            pass: b.pass,
            amount: b.amount,
            when: b.when,
            basis: b.basis.get(lang).to_owned(),
        }),
        band_missing,
        holder,
        first: None,
        late: offer.late("approve"),
    }
}

/// What is advised, in a sentence.
fn advise(can: &Can<'_>, step: &Step, against: bool, w: Say, lang: Lang) -> (String, &'static str) {
    let case = &can.view.case;
    let say = |key: &'static str| w.t(key).into_owned();
    if step.id == PRECHECK {
        return (say("advice-precheck"), "info");
    }
    if let StepState::Open { referred: Some(why), .. } = &step.state {
        return (why.why.get(lang).to_owned(), "wait");
    }
    if let Some(fell) = case.fallen().next() {
        let state = cases::show::certificate_state(&fell.state).get(lang).to_owned();
        let words = [("name", fell.name.get(lang).to_owned()), ("state", state)];
        return (w.with("advice-relied", &words), "wait");
    }
    if case.disputes.iter().any(|d| d.settled.is_none()) {
        return (say("advice-dispute"), "wait");
    }
    if against {
        return (say("advice-refuse"), "wait");
    }
    if let Some(what) = awaited(can, w, lang) {
        return (w.with("advice-part", &[("what", what)]), "info");
    }
    if !case.absent().is_empty() {
        return (say("advice-absent"), "wait");
    }
    let automatic = can.view.item.item.process.iter().any(|s| s.by == catalog::By::Automatic);
    (say(if automatic { "advice-approve" } else { "advice-examine" }), "good")
}

/// What must come from elsewhere before the case can be decided, whatever is said here: another case of its matter, or the word of
/// a party.
fn awaited(can: &Can<'_>, w: Say, lang: Lang) -> Option<String> {
    let case = &can.view.case;
    let open = case.awaits.iter().filter(|a| a.open() && a.step.is_some());
    let mut names: Vec<&Text> = Vec::new();
    for awaited in open {
        if !names.contains(&&awaited.name) {
            names.push(&awaited.name);
        }
    }
    let mut parts: Vec<String> =
        names.into_iter().map(|n| w.with("advice-part-case", &[("item", n.get(lang).to_owned())])).collect();
    let undone = |spec: &&catalog::Step| case.step(&spec.id).is_some_and(|step| !step.done());
    let roles: Vec<String> =
        can.view.item.item.process.iter().filter(undone).flat_map(|spec| spec.confirm.clone()).collect();
    let mut people: Vec<&str> = Vec::new();
    for party in case.unconfirmed(&roles) {
        if !people.contains(&party.name.as_str()) {
            people.push(&party.name);
        }
    }
    parts.extend(people.into_iter().map(|name| w.with("advice-part-party", &[("name", name.to_owned())])));
    (!parts.is_empty()).then(|| parts.join(w.t("advice-part-gap").as_ref()))
}
