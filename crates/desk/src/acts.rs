//! The acts a page offers, each as a plain form; only those that the rules would take now.

use crate::can::Can;
use crate::evidence::{self, Kept};
use crate::read_act::name_of;
use crate::{hearing, leave, paper};
use cases::TaskId;
use cases::rules::{Command, earlier_steps};
use catalog::Original;
use kernel::{AccountId, Lang};
use page::{FormState, Say};
use procedure::NoticeLine;

/// How a field is filled in.
pub(crate) enum Kind {
    Text,
    Long,
    Select(Vec<(String, String)>),
    Moment,
    Day,
    /// Files: what an earlier try has kept (id and name), the hidden field that says so, and whether several may be chosen.
    Files {
        kept: Vec<(String, String)>,
        hidden: String,
        many: bool,
    },
}

/// A field of an act.
pub(crate) struct Field {
    pub name: String,
    pub label: String,
    pub hint: String,
    pub must: bool,
    pub kind: Kind,
}

/// Whether something was typed into one of the fields.
pub(crate) fn typed(form: &FormState, fields: &[Field]) -> bool {
    fields.iter().any(|d| !form.value(&d.name).is_empty())
}

/// Whether one of them was sent and is shown again.
pub(crate) fn any_open(acts: &[ActForm]) -> bool {
    acts.iter().any(|a| a.open)
}

/// A field or paper that can be marked as wrong.
pub(crate) struct Mark {
    pub path: String,
    pub label: String,
    pub value: String,
}

/// An act as a form.
pub(crate) struct ActForm {
    pub verb: &'static str,
    pub title: String,
    pub hint: String,
    pub task: Option<TaskId>,
    pub fields: Vec<Field>,
    pub marks: Vec<Mark>,
    /// Moment, reason and proof of what happened earlier; clerks only.
    pub late: Vec<Field>,
    pub danger: bool,
    pub open: bool,
}

impl ActForm {
    /// Whether files are sent with it.
    pub fn uploads(&self) -> bool {
        self.fields.iter().any(|f| matches!(f.kind, Kind::Files { .. }))
    }
}

/// What the forms of a case are made of.
pub(crate) struct Offer<'a> {
    pub can: &'a Can<'a>,
    pub lang: Lang,
    pub w: Say,
    pub clerk: bool,
    pub form: &'a FormState,
    pub people: &'a [(AccountId, String)],
    pub notices: &'a [NoticeLine],
    /// Files that came with an act that was not taken.
    pub kept: &'a [Kept],
}

pub(crate) type Options = Vec<(String, String)>;

/// The key of a field's label; a verb may call a field by a word of its own.
pub(crate) fn label_key(w: Say, verb: &str, name: &str) -> String {
    let (verb, name) = (verb.replace('_', "-"), name.replace('_', "-"));
    let own = format!("field-{verb}-{name}");
    if w.has(&own) { own } else { format!("field-{name}") }
}

impl Offer<'_> {
    pub(crate) fn form(&self, verb: &'static str, task: Option<TaskId>, fields: Vec<Field>) -> ActForm {
        let key = verb.replace('_', "-");
        let hint = format!("hint-{key}");
        let hint = if self.w.has(&hint) { self.w.t(&hint).into_owned() } else { String::new() };
        ActForm {
            verb,
            title: self.w.t(&format!("act-{key}")).into_owned(),
            hint,
            task,
            fields,
            marks: Vec::new(),
            late: self.late(verb),
            danger: matches!(verb, "not_accept" | "return" | "void" | "revoke"),
            open: self.form.value("verb") == verb,
        }
    }

    /// What a clerk adds when it happened earlier.
    pub fn late(&self, verb: &'static str) -> Vec<Field> {
        if !self.clerk || matches!(verb, "claim" | "release" | "hand_over" | "recall") {
            return Vec::new();
        }
        vec![
            self.field(verb, "late_at", Kind::Moment, false),
            self.field(verb, "late_reason", Kind::Text, false),
            self.field(verb, "late_evidence", Kind::Text, false),
        ]
    }

    pub(crate) fn field(&self, verb: &str, name: &str, kind: Kind, must: bool) -> Field {
        let label = label_key(self.w, verb, name);
        let hint = format!("{label}-hint");
        Field {
            name: name_of(verb, name),
            label: self.w.t(&label).into_owned(),
            hint: if self.w.has(&hint) { self.w.t(&hint).into_owned() } else { String::new() },
            must,
            kind,
        }
    }

    /// Files that prove it.
    pub fn files(&self, verb: &str, name: &str) -> Field {
        let field = name_of(verb, name);
        let kept = self.kept.iter().filter(|k| k.field == field);
        let kept = kept.map(|k| (k.file.to_string(), k.name.clone())).collect();
        let (hidden, many) = (evidence::kept_name(&field), evidence::most(verb, name) > 1);
        self.field(verb, name, Kind::Files { kept, hidden, many }, false)
    }

    fn reason(&self, verb: &'static str, task: Option<TaskId>) -> ActForm {
        self.form(verb, task, vec![self.field(verb, "reason", Kind::Long, true)])
    }

    fn said(&self, verb: &'static str, name: &str) -> ActForm {
        self.form(verb, None, vec![self.field(verb, name, Kind::Long, true)])
    }

    /// Choices: what is sent, and the key of its word.
    pub(crate) fn words(&self, words: &[(&str, &str)]) -> Options {
        words.iter().map(|(value, key)| ((*value).to_owned(), self.w.t(key).into_owned())).collect()
    }

    pub(crate) fn others(&self) -> Options {
        let other = self.people.iter().filter(|(a, _)| *a != self.can.me);
        other.map(|(a, name)| (a.to_string(), name.clone())).collect()
    }

    /// Every act that can succeed now, beside the plain approving and refusing.
    pub fn all(&self) -> Vec<ActForm> {
        let mut all = Vec::new();
        self.on_task(&mut all);
        all.extend(crate::word::form(self));
        all.extend(crate::word::for_party(self));
        self.on_way(&mut all);
        hearing::forms(self, &mut all);
        self.on_papers(&mut all);
        self.at_end(&mut all);
        all
    }

    fn on_task(&self, all: &mut Vec<ActForm>) {
        let can = self.can;
        for task in can.recalls() {
            all.push(self.form("recall", Some(task), Vec::new()));
        }
        let Some((step, seat)) = can.seat() else { return };
        let task = Some(seat.task);
        if can.spec(&step.id).is_some_and(|s| s.site_visit) && can.visit(seat.task) {
            all.push(self.form(
                "record_visit",
                task,
                vec![
                    self.field("record_visit", "at", Kind::Moment, true),
                    self.field("record_visit", "place", Kind::Text, true),
                    self.field("record_visit", "officers", Kind::Text, true),
                    self.field("record_visit", "record", Kind::Long, true),
                    self.files("record_visit", "evidence"),
                ],
            ));
        }
        let me = Some(can.me);
        if seat.holder != me && can.ok(Command::Claim { task: seat.task }) {
            all.push(self.form("claim", task, Vec::new()));
        }
        if seat.holder.is_some() && can.ok(Command::Release { task: seat.task }) {
            all.push(self.form("release", task, Vec::new()));
        }
        let others = self.others();
        let first = others.first().and_then(|(a, _)| a.parse().ok());
        if first.is_some_and(|to| can.ok(Command::HandOver { task: seat.task, to, note: String::new() })) {
            let to = self.field("hand_over", "to", Kind::Select(others), true);
            let note = self.field("hand_over", "note", Kind::Text, false);
            all.push(self.form("hand_over", task, vec![to, note]));
        }
        let item = &can.view.item.item;
        let title = |id: &String| (id.clone(), self.step_title(id));
        let back: Options = earlier_steps(&can.view.case, item, &step.id).iter().map(title).collect();
        if !back.is_empty() && can.approve(seat.task).is_ok() {
            let to = self.field("send_back", "to_step", Kind::Select(back), true);
            let reason = self.field("send_back", "reason", Kind::Long, true);
            all.push(self.form("send_back", task, vec![to, reason]));
        }
    }

    pub(crate) fn step_title(&self, id: &str) -> String {
        self.can.spec(id).map_or_else(|| id.to_owned(), |s| s.title.get(self.lang).to_owned())
    }

    fn on_way(&self, all: &mut Vec<ActForm>) {
        let can = self.can;
        let task = can.seat().map(|(_, seat)| seat.task);
        let marks = self.marks();
        let demand = marks.first().map(|m| cases::Demand { field: m.path.clone(), say: "…".to_owned() });
        if demand.is_some_and(|d| can.ok(Command::AskSupplement { demands: vec![d] })) {
            let form = self.form("ask_supplement", task, Vec::new());
            all.push(ActForm { marks, ..form });
        }
        if can.said(|reason| Command::NotAccept { reason, right_body: None }) {
            let reason = self.field("not_accept", "reason", Kind::Long, true);
            let body = self.field("not_accept", "right_body", Kind::Text, false);
            all.push(self.form("not_accept", task, vec![reason, body]));
        }
        if can.said(|reason| Command::Return { reason }) {
            all.push(self.reason("return", task));
        }
        let kinds = can.suspensions();
        if !kinds.is_empty() {
            let kinds = kinds.iter().map(|k| (k.word().to_owned(), k.name().get(self.lang).to_owned()));
            let fields = vec![
                self.field("suspend", "kind", Kind::Select(kinds.collect()), true),
                self.field("suspend", "reason", Kind::Long, true),
                self.field("suspend", "days", Kind::Text, false),
            ];
            all.push(self.form("suspend", None, fields));
        }
        if let Some(form) = paper::objection(self) {
            all.push(form);
        }
        if can.said(|result| Command::Resume { result }) {
            all.push(self.form("resume", None, vec![self.field("resume", "result", Kind::Long, false)]));
        }
        if can.said(|reason| Command::Extend { reason, leave: leave::trial(&can.view.case, can.now) }) {
            all.push(self.extend());
        }
    }

    /// More time; for a joint procedure with the leave of the head of the government (Licensing Law art. 42 para. 2).
    fn extend(&self) -> ActForm {
        let form = self.reason("extend", None);
        let case = &self.can.view.case;
        if !leave::of_government(case) {
            return form;
        }
        let fields = leave::FIELDS.map(|name| {
            let kind = if name == "leave_on" { Kind::Day } else { Kind::Text };
            self.field("extend", name, kind, true)
        });
        let hint = self.w.t("hint-extend-joint").into_owned();
        let document = self.files("extend", leave::DOCUMENT);
        ActForm { hint, fields: form.fields.into_iter().chain(fields).chain([document]).collect(), ..form }
    }

    fn on_papers(&self, all: &mut Vec<ActForm>) {
        let can = self.can;
        let case = &can.view.case;
        let mut open: Options = case
            .disputes
            .iter()
            .filter(|d| d.settled.is_none())
            .map(|d| {
                let entry = cases::labels::entry(&can.view.item, &d.path, self.lang);
                (d.path.clone(), format!("{entry} · {}", d.claim))
            })
            .collect();
        if case.state.works() {
            let lacking = cases::rules::lacking(case, &can.view.item.item, can.now);
            let named = |path: String| {
                let entry = cases::labels::entry(&can.view.item, &path, self.lang);
                let say = format!("{entry} · {}", self.w.t("not-in-register"));
                (path, say)
            };
            let fresh = lacking.into_iter().filter(|path| open.iter().all(|(known, _)| known != path));
            open.extend(fresh.map(named).collect::<Vec<_>>());
        }
        if !open.is_empty() {
            let fields = vec![
                self.field("settle_dispute", "path", Kind::Select(open), true),
                self.field(
                    "settle_dispute",
                    "upheld",
                    Kind::Select(self.words(&[("yes", "upheld-yes"), ("no", "upheld-no")])),
                    true,
                ),
                self.field("settle_dispute", "value", Kind::Text, false),
                self.field("settle_dispute", "text", Kind::Long, true),
            ];
            all.push(self.form("settle_dispute", None, fields));
        }
        let unseen = |m: &&catalog::Material| {
            let handed = case.materials.iter().any(|given| given.demand == m.id);
            let seen = case.seen.iter().any(|s| s.demand == m.id);
            !seen && (m.original.is_some() || handed)
        };
        let name = |m: &catalog::Material| (m.id.clone(), m.name.get(self.lang).to_owned());
        let papers: Options = can.view.item.item.materials.iter().filter(unseen).map(name).collect();
        let first = papers.first().map(|(id, _)| id.clone());
        let may = |demand| can.ok(Command::SeePaper { demand, original: Original::Look });
        if !case.state.ended() && first.is_some_and(may) {
            let ways = self.words(&[
                ("look", "original-look"),
                ("keep", "original-keep"),
                ("take-back", "original-take-back"),
            ]);
            let fields = vec![
                self.field("confirm_paper", "demand", Kind::Select(papers), true),
                self.field("confirm_paper", "original", Kind::Select(ways), true),
            ];
            all.push(self.form("confirm_paper", None, fields));
        }
    }

    fn at_end(&self, all: &mut Vec<ActForm>) {
        let can = self.can;
        if can.ok(Command::CheckDeclaration { ok: true, text: "…".to_owned() }) {
            let outcomes = Kind::Select(self.words(&[("yes", "declared-yes"), ("no", "declared-no")]));
            let ok = self.field("check_declaration", "ok", outcomes, true);
            let text = self.field("check_declaration", "text", Kind::Long, true);
            all.push(self.form("check_declaration", None, vec![ok, text]));
        }
        self.serve(all);
        self.remedies(all);
        if can.said(|reason| Command::Forward { to: reason.clone(), reason }) {
            let to = self.field("forward", "to", Kind::Text, true);
            let reason = self.field("forward", "reason", Kind::Long, true);
            all.push(self.form("forward", None, vec![to, reason]));
        }
        if can.said(|reason| Command::Void { reason }) {
            all.push(self.reason("void", None));
        }
        if can.said(|ground| Command::Revoke { ground }) {
            all.push(self.said("revoke", "ground"));
        }
    }

    /// Those on whom notices are served.
    pub(crate) fn recipients(&self) -> Options {
        let all = self.can.view.case.recipients();
        all.into_iter().map(|p| (p.subject.to_string(), p.name.clone())).collect()
    }

    pub(crate) fn notice_options(&self) -> Options {
        let known = |n: &&NoticeLine| self.can.view.case.notices.iter().any(|i| i.notice == n.id);
        let line = |n: &NoticeLine| (n.id.to_string(), format!("{} {}", n.name.get(self.lang), n.number));
        self.notices.iter().filter(known).map(line).collect()
    }

    fn serve(&self, all: &mut Vec<ActForm>) {
        let decision = self.can.unserved();
        let notices = self.notice_options();
        if !decision && notices.is_empty() {
            return;
        }
        let ways = [
            ("in-person", "way-in-person"),
            ("post", "way-post"),
            ("left", "way-left"),
            ("entrusted", "way-entrusted"),
            ("public-notice", "way-public-notice"),
            ("electronic", "way-electronic"),
        ];
        let mut fields = Vec::new();
        if !notices.is_empty() {
            // Without a choice it is the decision that is served.
            fields.push(self.field("serve", "notice", Kind::Select(notices), !decision));
        }
        let parties = self.recipients();
        if parties.len() > 1 {
            // Without a choice it is the first who waits for it.
            fields.push(self.field("serve", "party", Kind::Select(parties), false));
        }
        fields.push(self.field("serve", "way", Kind::Select(self.words(&ways)), true));
        fields.push(self.field("serve", "proof", Kind::Text, false));
        fields.push(self.field("serve", "at", Kind::Moment, false));
        fields.push(self.files("serve", "evidence"));
        all.push(self.form("serve", None, fields));
    }

    /// Everything of the form and the papers that can be marked, with what was filled in.
    fn marks(&self) -> Vec<Mark> {
        let (view, lang) = (self.can.view, self.lang);
        let form = &view.item.item.form;
        let mut marks: Vec<Mark> = form
            .fields()
            .map(|f| {
                let value = view.case.answers.get(&f.id);
                let value = value.map(|v| forms::print_masked(f, v, lang)).unwrap_or_default();
                Mark { path: f.id.clone(), label: f.label.get(lang).to_owned(), value }
            })
            .collect();
        let papers = view.item.item.materials.iter().filter(|m| m.field.is_none());
        marks.extend(papers.map(|m| Mark {
            path: format!("materials.{}", m.id),
            label: m.name.get(lang).to_owned(),
            value: String::new(),
        }));
        marks
    }
}
