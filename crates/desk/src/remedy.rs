//! Reconsideration and suit at the desk: what is sought by whom, why it comes late, and what came of it.

use crate::acts::{ActForm, Kind, Offer, Options};
use crate::read_act::Form;
use cases::StaffAct;
use cases::model::{RemedyId, RemedyOutcome};
use cases::rules::Command;
use jiff::civil::Date;
use procedure::{Excuse, RemedyKind};

/// Why a remedy comes after its time, as the law knows it: the word of the form, and its name.
const EXCUSES: [(&str, &str); 4] = [
    ("force-majeure", "excuse-force-majeure"),
    ("good-reason", "excuse-good-reason"),
    ("not-told", "excuse-not-told"),
    ("special", "excuse-special"),
];

/// 复议, 诉讼 as the form says it.
pub(crate) fn read(form: &mut Form<'_>) -> Option<StaffAct> {
    let kind = form.pick("kind", |v| RemedyKind::ALL.into_iter().find(|k| k.word() == v));
    let filed_at = form.moment("filed_at");
    let (body, ground) = (form.must("body"), form.must("ground"));
    let against = form.opt("against").and_then(|n| n.parse().ok());
    let party = form.opt("party").and_then(|p| p.parse().ok());
    let excuse = excuse(form)?;
    let late_reason = form.opt("admitted");
    Some(StaffAct::OpenRemedy { kind: kind?, filed_at, body, ground, against, party, excuse, late_reason })
}

/// The reason for coming late; `None` outside when what it needs is missing.
fn excuse(form: &mut Form<'_>) -> Option<Option<Excuse>> {
    let Some(word) = form.opt("excuse") else { return Some(None) };
    let what = |form: &mut Form<'_>| form.must("excuse_what");
    Some(Some(match word.as_str() {
        "force-majeure" => {
            let (from, to) = (day(form, "excuse_from"), day(form, "excuse_to"));
            Excuse::ForceMajeure { what: what(form), from: from?, to: to? }
        }
        "good-reason" => {
            let (from, to) = (day(form, "excuse_from"), day(form, "excuse_to"));
            Excuse::GoodReason { what: what(form), from: from?, to: to? }
        }
        "not-told" => Excuse::NotTold { learned: day(form, "excuse_to")? },
        "special" => {
            let ended = day(form, "excuse_to");
            Excuse::Special { what: what(form), ended: ended? }
        }
        _ => {
            form.fail("excuse", "请选择一项。", "Choose one.");
            return None;
        }
    }))
}

fn day(form: &mut Form<'_>, field: &str) -> Option<Date> {
    let text = form.must(field);
    let day = text.parse().ok();
    if day.is_none() && !text.is_empty() {
        form.fail(field, "请填写日期，例如 2026-11-22。", "Write a day, such as 2026-11-22.");
    }
    day
}

impl Offer<'_> {
    pub fn remedies(&self, all: &mut Vec<ActForm>) {
        let case = &self.can.view.case;
        let open: Vec<RemedyId> =
            case.remedies.iter().filter(|r| r.ended.is_none()).map(|r| r.remedy).collect();
        let Some(remedy) = open.first().copied() else {
            let kinds = [RemedyKind::Reconsideration, RemedyKind::Suit];
            let kinds = kinds.map(|k| (k.word().to_owned(), k.name().get(self.lang).to_owned())).into();
            let fields = vec![
                self.field("open_remedy", "kind", Kind::Select(kinds), true),
                self.field("open_remedy", "body", Kind::Text, true),
                self.field("open_remedy", "ground", Kind::Long, true),
                self.field("open_remedy", "filed_at", Kind::Moment, false),
                self.field("open_remedy", "against", Kind::Select(self.notice_options()), false),
                self.field("open_remedy", "party", Kind::Select(self.recipients()), false),
                self.field("open_remedy", "excuse", Kind::Select(self.words(&EXCUSES)), false),
                self.field("open_remedy", "excuse_from", Kind::Day, false),
                self.field("open_remedy", "excuse_to", Kind::Day, false),
                self.field("open_remedy", "excuse_what", Kind::Text, false),
                self.field("open_remedy", "admitted", Kind::Text, false),
            ];
            if case.state.ended() || case.state.decision().is_some() || !case.overdue.is_empty() {
                all.push(self.form("open_remedy", None, fields));
            }
            return;
        };
        let changed = cases::model::Decision::Approved { reason: None, amount: kernel::Money::yuan(1) };
        let fits = |outcome: &RemedyOutcome| {
            let (text, changed) = ("…".to_owned(), Some(changed.clone()));
            self.can.ok(Command::EndRemedy { remedy, outcome: *outcome, text, changed })
        };
        let name = |o: RemedyOutcome| (o.word().to_owned(), o.name().get(self.lang).to_owned());
        let outcomes: Options = RemedyOutcome::ALL.into_iter().filter(fits).map(name).collect();
        let kinds = case.remedies.iter().filter(|r| r.ended.is_none());
        let options =
            kinds.map(|r| (r.remedy.to_string(), format!("{} · {}", r.kind.name().get(self.lang), r.body)));
        let fields = vec![
            self.field("end_remedy", "remedy", Kind::Select(options.collect()), true),
            self.field("end_remedy", "outcome", Kind::Select(outcomes), true),
            self.field("end_remedy", "text", Kind::Long, true),
            self.field(
                "end_remedy",
                "changed",
                Kind::Select(self.words(&[("granted", "changed-granted"), ("refused", "changed-refused")])),
                false,
            ),
            self.field("end_remedy", "amount", Kind::Text, false),
        ];
        all.push(self.form("end_remedy", None, fields));
    }
}
