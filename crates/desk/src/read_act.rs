//! A form that was sent, read as an act of staff; what is wrong stands at its field.

use crate::WORDS;
use crate::acts::label_key;
use crate::evidence::Kept;
use cases::model::{RemedyOutcome, Service, SuspensionKind};
use cases::{Changed, Demand, DocumentNumber, Late, StaffAct, Visit};
use catalog::Original;
use kernel::{AgencyCode, FileId, Lang, Money, Refusal, RefusalKind, Term, Timestamp, clock};
use page::Submitted;
use serde_json::Value;

/// The acts of the one big form; its fields bear no verb before their names.
const MAIN: [&str; 4] = ["approve", "refuse", "accept", "precheck"];

/// The name of an act's field on the page.
pub(crate) fn name_of(verb: &str, field: &str) -> String {
    if MAIN.contains(&verb) { field.to_owned() } else { format!("{verb}.{field}") }
}

/// Where on the page stands what a rule complains of.
pub(crate) fn place(verb: &str, field: &str) -> String {
    let field = match (verb, field) {
        ("revoke" | "open_remedy", "reason") => "ground",
        ("record_hearing" | "record_visit", "reason") => "record",
        ("resume", "reason") => "result",
        (
            "check_declaration" | "settle_dispute" | "end_remedy" | "review" | "stop_benefit" | "halt_party"
            | "end_halt",
            "reason",
        ) => "text",
        ("set_hearing", "reason") => "place",
        ("find_interested", "reason") => "interest",
        ("tell_interested" | "answer_of_interested", "reason") => "proof",
        ("suspend", "expected") => "days",
        (_, "occurred_at") => "late_at",
        (_, other) => other,
    };
    name_of(verb, field)
}

pub(crate) struct Form<'a> {
    sent: &'a Submitted,
    verb: &'a str,
    kept: &'a [Kept],
    wrong: Refusal,
}

impl Form<'_> {
    pub fn verb(&self) -> &str {
        self.verb
    }

    pub fn opt(&self, field: &str) -> Option<String> {
        let value = self.sent.get(&name_of(self.verb, field)).trim();
        Some(value.to_owned()).filter(|v| !v.is_empty())
    }

    pub(crate) fn files(&self, field: &str) -> Vec<FileId> {
        let field = name_of(self.verb, field);
        self.kept.iter().filter(|k| k.field == field).map(|k| k.file).collect()
    }

    pub fn fail(&mut self, field: &str, zh: &str, en: &str) {
        let wrong = self.wrong.clone();
        self.wrong = wrong.field(name_of(self.verb, field), zh, en);
    }

    /// Says what is missing with the field's own name before it, so that lines above the form can be told apart.
    fn lacks(&mut self, field: &str, zh: &str, en: &str) {
        let label = |lang| {
            let w = WORDS.say(lang);
            let key = label_key(w, self.verb, field);
            // The one big form names its fields without a prefix.
            if w.has(&key) { w.t(&key).into_owned() } else { w.t(field).into_owned() }
        };
        let (zh, en) = (format!("{}：{zh}", label(Lang::ZhCn)), format!("{}: {en}", label(Lang::En)));
        self.fail(field, &zh, &en);
    }

    pub fn must(&mut self, field: &str) -> String {
        self.opt(field).unwrap_or_else(|| {
            self.lacks(field, "请填写这一项。", "fill this in.");
            String::new()
        })
    }

    pub fn pick<T>(&mut self, field: &str, read: impl Fn(&str) -> Option<T>) -> Option<T> {
        let found = self.opt(field).and_then(|v| read(&v));
        if found.is_none() {
            self.lacks(field, "请选择一项。", "choose one.");
        }
        found
    }

    pub fn moment(&mut self, field: &str) -> Option<Timestamp> {
        let text = self.opt(field)?;
        let parsed = text
            .parse::<jiff::civil::DateTime>()
            .ok()
            .and_then(|at| at.to_zoned(clock::legal_zone()).ok())
            .map(|at| at.timestamp());
        if parsed.is_none() {
            self.fail(
                field,
                "请填写日期和时间，例如 2026-11-22T10:00。",
                "Write day and hour, such as 2026-11-22T10:00.",
            );
        }
        parsed
    }

    pub(crate) fn must_moment(&mut self, field: &str) -> Option<Timestamp> {
        if self.opt(field).is_none() {
            self.lacks(field, "请填写日期和时间。", "fill in day and hour.");
            return None;
        }
        self.moment(field)
    }
}

/// The act, and when it happened if it is recorded late.
///
/// # Errors
/// Everything that is wrong, each at its field.
pub(crate) fn read(
    sent: &Submitted,
    kept: &[Kept],
) -> Result<(StaffAct, Option<(Timestamp, Late)>), Refusal> {
    let verb = sent.get("verb");
    let wrong =
        Refusal::new(RefusalKind::Invalid, "desk.form", "表单还没有填好。", "The form is not complete yet.");
    let mut form = Form { sent, verb, kept, wrong };
    let act = act(&mut form).or_else(|| beside(&mut form)).or_else(|| after(&mut form));
    let late = late(&mut form);
    match act {
        Some(act) if form.wrong.fields.is_empty() => Ok((act, late)),
        _ => Err(form.wrong),
    }
}

fn late(form: &mut Form<'_>) -> Option<(Timestamp, Late)> {
    let given = ["late_at", "late_reason", "late_evidence"].iter().any(|f| form.opt(f).is_some());
    if !given {
        return None;
    }
    let at = form.must_moment("late_at");
    let (reason, evidence) = (form.must("late_reason"), form.must("late_evidence"));
    at.map(|at| (at, Late { reason, evidence }))
}

/// An amount in yuan, if one is written.
pub(crate) fn amount(form: &mut Form<'_>) -> Option<Money> {
    let amount = form.opt("amount")?.parse::<Money>();
    if let Err(wrong) = &amount {
        form.fail("amount", &wrong.say.zh, &wrong.say.en);
    }
    amount.ok()
}

/// What is done with a task.
fn act(form: &mut Form<'_>) -> Option<StaffAct> {
    Some(match form.verb {
        "precheck" => StaffAct::Precheck { ok: true, reason: String::new() },
        "accept" => StaffAct::Accept,
        "approve" => {
            let amount = amount(form);
            StaffAct::Approve { reason: form.opt("reason"), amount, deviation: form.opt("deviation") }
        }
        "refuse" => StaffAct::Refuse { reason: form.must("reason"), deviation: form.opt("deviation") },
        "not_accept" => {
            StaffAct::NotAccept { reason: form.must("reason"), right_body: form.opt("right_body") }
        }
        "return" => StaffAct::Return { reason: form.must("reason") },
        "ask_supplement" => StaffAct::AskSupplement { demands: demands(form) },
        "record_visit" => {
            let at = form.must_moment("at");
            let place = form.must("place");
            let officers = form.must("officers");
            let split = officers.split(['、', ',', '，', ';', '；', '\n']);
            let officers = split.map(|o| o.trim().to_owned()).filter(|o| !o.is_empty()).collect();
            let record = form.must("record");
            let evidence = form.files("evidence");
            StaffAct::RecordVisit { visit: Visit { at: at?, place, officers, record, evidence } }
        }
        "claim" => StaffAct::Claim,
        "release" => StaffAct::Release,
        "hand_over" => {
            let to = form.pick("to", |v| v.parse().ok());
            StaffAct::HandOver { to: to?, note: form.opt("note").unwrap_or_default() }
        }
        "recall" => StaffAct::Recall,
        "send_back" => {
            let to_step = form.pick("to_step", |v| Some(v.to_owned())).unwrap_or_default();
            StaffAct::SendBack { to_step, reason: form.must("reason") }
        }
        _ => return None,
    })
}

/// Everything that is marked, in the order of the page; a mark without a word, and a word without a mark, are both told.
fn demands(form: &mut Form<'_>) -> Vec<Demand> {
    let marks = form.sent.all("ask_supplement.mark");
    let mut demands = Vec::new();
    for (name, value) in form.sent.fields() {
        let Some(field) = name.strip_prefix("ask_supplement.say.") else { continue };
        let (say, marked) = (value.trim().to_owned(), marks.contains(&field));
        if marked && say.is_empty() {
            form.fail(
                &format!("say.{field}"),
                "请写明哪里不对、要怎样补。",
                "Say what is wrong and what is needed.",
            );
        } else if !say.is_empty() {
            // Whoever wrote what is wrong means it, ticked or not.
            demands.push(Demand { field: field.to_owned(), say });
        }
    }
    if demands.is_empty() && form.wrong.fields.is_empty() {
        let (zh, en) =
            ("请勾选要补正的栏目或材料并写明问题。", "Tick what is to be put right, and say what is wrong.");
        form.fail("fields", zh, en);
    }
    demands
}

/// What stops or prolongs, and hearings.
fn beside(form: &mut Form<'_>) -> Option<StaffAct> {
    Some(match form.verb {
        "suspend" => {
            let kind = form.pick("kind", SuspensionKind::from_word);
            let reason = form.must("reason");
            let days =
                form.opt("days").map(|d| d.parse::<u32>().ok().filter(|d| (1..=Term::MAX).contains(d)));
            if days == Some(None) {
                form.fail("days", "请填写工作日数，例如 10。", "Write a number of working days, such as 10.");
            }
            let expected = days.flatten().map(Term::working_days);
            StaffAct::Suspend { kind: kind?, reason, expected }
        }
        "resume" => StaffAct::Resume { result: form.opt("result").unwrap_or_default() },
        "extend" => StaffAct::Extend { reason: form.must("reason"), leave: None },
        "forward" => StaffAct::Forward { to: form.must("to"), reason: form.must("reason") },
        "void" => StaffAct::Void { reason: form.must("reason") },
        "revoke" => StaffAct::Revoke { ground: form.must("ground") },
        _ => return crate::hearing::read(form),
    })
}

/// What comes after the decision, and papers and disputes.
fn after(form: &mut Form<'_>) -> Option<StaffAct> {
    Some(match form.verb {
        "serve" => {
            let notice = form.opt("notice").and_then(|n| n.parse().ok());
            let at = form.moment("at");
            let evidence = form.files("evidence").into_iter().next();
            let party = form.opt("party").and_then(|p| p.parse().ok());
            StaffAct::Serve { notice, party, way: way(form)?, at, evidence }
        }
        "open_remedy" => return crate::remedy::read(form),
        "end_remedy" => {
            let remedy = form.pick("remedy", |v| v.parse().ok());
            let outcome = form.pick("outcome", RemedyOutcome::from_word);
            let text = form.must("text");
            let changed = match form.opt("changed").as_deref() {
                Some("granted") => Some(Changed::Granted),
                Some("refused") => Some(Changed::Refused(text.clone())),
                _ => None,
            };
            let amount = amount(form);
            StaffAct::EndRemedy { remedy: remedy?, outcome: outcome?, text, changed, amount }
        }
        "confirm_party" => return word(form),
        "for_party" => return crate::word::read(form),
        "confirm_paper" => {
            let demand = form.pick("demand", |v| Some(v.to_owned()));
            let original = form.pick("original", original_of);
            StaffAct::ConfirmPaper { demand: demand?, original: original? }
        }
        "settle_dispute" => {
            let path = form.pick("path", |v| Some(v.to_owned()));
            let upheld = form.pick("upheld", yes_no);
            let text = form.must("text");
            let value = form.opt("value").map(value_of);
            if upheld == Some(true) && value.is_none() {
                form.fail(
                    "value",
                    "认定登记有误时，请填写正确的内容。",
                    "When the register was wrong, write what is so.",
                );
            }
            StaffAct::SettleDispute { path: path?, upheld: upheld?, text, value }
        }
        "object" => {
            let step = form.pick("step", |v| Some(v.to_owned()));
            StaffAct::Object { step: step?, reason: form.must("reason"), name: form.must("name") }
        }
        "check_declaration" => {
            let ok = form.pick("ok", yes_no);
            let text = form.must("text");
            StaffAct::CheckDeclaration { ok: ok?, text }
        }
        _ => return crate::later::read(form),
    })
}

/// The word of a party who stands at the window.
fn word(form: &mut Form<'_>) -> Option<StaffAct> {
    let role = form.pick("role", |v| Some(v.to_owned()));
    let citizen_id = DocumentNumber(form.must("citizen_id"));
    let ground = form.must("ground");
    let paper = form.files("paper").into_iter().next();
    let reference = form.opt("reference");
    Some(StaffAct::ConfirmParty { role: role?, citizen_id, ground, paper, reference })
}

pub(crate) fn yes_no(word: &str) -> Option<bool> {
    match word {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    }
}

fn original_of(word: &str) -> Option<Original> {
    match word {
        "look" => Some(Original::Look),
        "keep" => Some(Original::Keep),
        "take-back" => Some(Original::TakeBack),
        _ => None,
    }
}

/// Numbers and truth values as such, everything else as text; dates and codes with leading noughts stay text.
pub(crate) fn value_of(text: String) -> Value {
    match serde_json::from_str::<Value>(&text) {
        Ok(Value::Number(n)) if n.to_string() == text => Value::Number(n),
        Ok(Value::Bool(yes)) => Value::Bool(yes),
        _ => Value::String(text),
    }
}

/// How it was served; every way but the electronic one has its proof.
fn way(form: &mut Form<'_>) -> Option<Service> {
    let word = form.pick("way", |v| Some(v.to_owned()));
    if word.as_deref() == Some("electronic") {
        return Some(Service::Electronic);
    }
    let proof = form.must("proof");
    let word = word?;
    Some(match word.as_str() {
        "in-person" => Service::InPerson { signed_by: proof, kept: None },
        "post" => Service::Post { tracking: proof },
        "left" => {
            let names = proof.split(['、', ',', '，']).map(|n| n.trim().to_owned());
            Service::Left { witnesses: names.filter(|n| !n.is_empty()).collect() }
        }
        "entrusted" => match AgencyCode::parse(&proof) {
            Some(agency) => Service::Entrusted { agency },
            None => {
                form.fail(
                    "proof",
                    "请填写受托机关的代码，例如 nanjing.gov.hall。",
                    "Write the agency's code, such as nanjing.gov.hall.",
                );
                return None;
            }
        },
        "public-notice" => Service::PublicNotice { where_: proof },
        _ => {
            form.fail("way", "请选择一项。", "Choose one.");
            return None;
        }
    })
}
