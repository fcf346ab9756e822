//! A small item and the acts on it, shared by these tests.

use crate::model::*;
use crate::rules::{Act, Application, Command, Doer, apply, deadline, decide};
use catalog::Item;
use kernel::codes::{CaseNumber, ImplementationCode};
use kernel::id::TypedId;
use kernel::rules::{Schema, Type};
use kernel::{Calendar, PersonId, Refusal, SeededRng, SubjectId, Timestamp};
use procedure::{Frame, Leave};
use serde_json::{Value, json};
use std::sync::{Arc, LazyLock};

/// Friday, 20 November 2026, 10:00 in Beijing.
pub fn noon() -> Timestamp {
    "2026-11-20T02:00:00Z".parse().unwrap()
}

pub fn id<T: TypedId>(n: u64) -> T {
    T::from_uuid(kernel::id::uuid_v7(noon(), &SeededRng::new(n)))
}

/// The official calendar, read once.
pub static CALENDAR: LazyLock<Calendar> = LazyLock::new(Calendar::official);

/// An item whose automatic step asks that `vehicle.fit` and that there are at most 50 seats, then the agency approves.
pub fn item(kind: &str, process: Value) -> Item {
    let text = |t: &str| json!({"zh-CN": t, "en": t});
    let mut item: Item = serde_json::from_value(json!({
        "key": "sample", "code": "", "name": text("样例"), "what": text("w"), "who": text("w"),
        "agency": "nanjing.transport", "type": kind, "audience": ["person"], "handling": "promised",
        "terms": {"statutory": "20wd", "promised": "1wd"}, "visits": 0, "basis": [],
        "form": [{"id": "trip", "title": text("行程"), "fields": [
            {"id": "plate", "label": text("号牌"), "type": "text"},
            {"id": "seats", "label": text("座位"), "type": "number"}
        ]}],
        "sources": [{"id": "vehicle", "source": "vehicle", "keys": {"plate": "form.plate"}}],
        "process": process,
        "decision": {},
        "results": [{"certificate": "sample", "name": text("证"), "type_code": "x", "template": "x", "valid": {}, "fields": []}],
        "complain": text("c")
    }))
    .unwrap();
    compile(&mut item);
    item
}

/// The item with everything: a joint review, a line system, publicity, a standard, a hearing, declaration, a paper for later.
pub fn rich(kind: &str) -> Item {
    let mut rich = item(kind, bush());
    let extra = json!({
        "supplement_within": "15wd", "precheck": null,
        "hearing": {"when": "form.seats > 100", "why": text("关系他人重大利益。")},
        "suspensions": [{"kind": "testing", "max": "30wd", "why": text("检测")}],
        "declaration": {"obligation": text("符合条件"), "liability": text("不符的撤销"), "steps": ["fire"], "check_within": "30d"},
        "materials": [{"id": "lease", "kind": "lease", "name": text("租赁合同"), "need": "required",
            "tolerable": {"within": "10wd", "consequence": text("逾期未交的终止办理。")}, "original": "look"}]
    });
    let mut whole = serde_json::to_value(&rich).unwrap();
    for (key, value) in extra.as_object().unwrap() {
        if !value.is_null() {
            whole[key] = value.clone();
        }
    }
    rich = serde_json::from_value(whole).unwrap();
    compile(&mut rich);
    rich
}

/// Parallel: two agencies jointly, a line system, publicity; then a decision by a standard.
pub fn bush() -> Value {
    json!([
        {"id": "qualify", "title": text("核验"), "by": "automatic", "rule": "vehicle.fit"},
        {"id": "fire", "title": text("消防"), "by": "external:fire-line", "after": ["qualify"], "term": "5wd"},
        {"id": "joint", "title": text("会签"), "by": ["nanjing.fire", "nanjing.water"], "after": ["qualify"], "term": "5wd"},
        {"id": "public", "title": text("公示"), "by": "nanjing.transport", "after": ["joint"], "publicity": "5wd"},
        {"id": "approve", "title": text("审批"), "by": "nanjing.transport.passenger", "after": ["fire", "public"], "term": "2wd",
         "standard": {"basis": text("裁量基准"), "bands": [
            {"id": "small", "when": "form.seats <= 50", "outcome": "pass", "say": text("座位不多")},
            {"id": "large", "when": "form.seats > 50", "outcome": "fail", "say": text("座位过多")}]}}
    ])
}

pub fn compile(item: &mut Item) {
    let schema = Schema::new()
        .with("form.plate", Type::Text)
        .with("form.seats", Type::Number)
        .with("vehicle.fit", Type::Bool);
    let hearing = item.hearing.iter_mut().filter_map(|h| h.when.as_mut());
    let steps = item.process.iter_mut().flat_map(|step| {
        let bands = step.standard.iter_mut().flat_map(|s| s.bands.iter_mut().map(|b| &mut b.when));
        let checks = step.checks.iter_mut().map(|c| &mut c.rule);
        step.rule.iter_mut().chain(step.when.iter_mut()).chain(checks).chain(bands).collect::<Vec<_>>()
    });
    let papers = item.materials.iter_mut().filter_map(|m| m.when.as_mut());
    for rule in hearing.chain(steps).chain(papers) {
        rule.compile(&schema).unwrap();
    }
}

pub fn text(t: &str) -> Value {
    json!({"zh-CN": t, "en": t})
}

/// Qualify by rule (else a person), then approve.
pub fn usual() -> Value {
    json!([
        {"id": "qualify", "title": text("核验"), "by": "automatic",
         "checks": [{"id": "fit", "rule": "vehicle.fit", "say": text("车辆不合格。")}]},
        {"id": "approve", "title": text("审批"), "by": "nanjing.transport.passenger", "after": ["qualify"], "term": "4wh"}
    ])
}

/// Everything by rule, and refused by rule.
pub fn instant() -> Value {
    json!([{"id": "qualify", "title": text("核验"), "by": "automatic", "otherwise": "refuse",
            "checks": [{"id": "fit", "rule": "vehicle.fit", "say": text("车辆不合格。")}]}])
}

pub fn fact(answer: FactAnswer) -> Fact {
    Fact { alias: "vehicle".to_owned(), source: "vehicle".to_owned(), answer }
}

pub fn found(fit: bool) -> Fact {
    fact(FactAnswer::Found(json!({"fit": fit})))
}

pub fn absent() -> Fact {
    fact(FactAnswer::Absent(noon()))
}

pub fn number() -> CaseNumber {
    let code: ImplementationCode = "11999999000000203D3322018001000".parse().unwrap();
    CaseNumber::new(&code, jiff::civil::date(2026, 11, 20), 7).unwrap()
}

pub fn party() -> Party {
    Party {
        subject: SubjectId::Person(id::<PersonId>(5)),
        name: "张三".to_owned(),
        role: "applicant".to_owned(),
        share: None,
        capacity: Capacity::Oneself,
        proof: None,
        confirmed_at: Some(noon()),
        paper: false,
    }
}

pub fn application(frame: Frame, facts: Vec<Fact>) -> Application {
    Application {
        case: id(1),
        number: number(),
        matter: id(2),
        item: id(3),
        frame,
        agency: kernel::AgencyCode::parse("nanjing.transport").unwrap(),
        division: "320100".to_owned(),
        parties: vec![party()],
        answers: serde_json::from_value(json!({"plate": "苏A12345", "seats": 45})).unwrap(),
        materials: Vec::new(),
        facts,
        agencies: std::collections::BTreeMap::new(),
        promises: Vec::new(),
        declares: false,
        paper: false,
        by: None,
        agent: None,
        awaits: Vec::new(),
        awaited_by: Vec::new(),
        renews: None,
        received: None,
        window: None,
        disputes: Vec::new(),
    }
}

/// A case under way in a test.
#[derive(Clone)]
pub struct Life {
    pub item: Arc<Item>,
    pub case: Option<Case>,
    pub events: Vec<crate::CaseEvent>,
    pub stamped: Vec<(crate::CaseEvent, Timestamp)>,
    pub now: Timestamp,
    /// In whose name the last act was.
    pub by: Option<SubjectId>,
}

impl Life {
    pub fn new(item: impl Into<Arc<Item>>) -> Self {
        Self { item: item.into(), case: None, events: Vec::new(), stamped: Vec::new(), now: noon(), by: None }
    }

    pub fn filed(kind: &str, process: Value, facts: Vec<Fact>) -> Self {
        let item = item(kind, process);
        let frame = Frame::of(item.kind).unwrap();
        let mut life = Self::new(item);
        life.act(Command::File(Box::new(application(frame, facts)))).unwrap();
        life
    }

    /// An act of an examiner who is also the head of the body.
    pub fn act(&mut self, command: Command) -> Result<Vec<crate::CaseEvent>, Refusal> {
        self.act_as(command, Doer::head(id(70)))
    }

    pub fn act_as(&mut self, command: Command, by: Doer) -> Result<Vec<crate::CaseEvent>, Refusal> {
        self.act_at(Act::now(command, self.now).by(by))
    }

    pub fn act_at(&mut self, act: Act) -> Result<Vec<crate::CaseEvent>, Refusal> {
        let events = decide(self.case.as_ref(), &act, self.now, &CALENDAR, &self.item)?;
        for event in &events {
            self.case = Some(apply(self.case.take(), event, act.at).unwrap());
            self.stamped.push((event.clone(), act.at));
        }
        self.events.extend(events.iter().cloned());
        Ok(events)
    }

    /// As the sweeper does: every end that has passed, in order, each at its own moment.
    pub fn sweep(&mut self) -> Vec<crate::CaseEvent> {
        let mut all = Vec::new();
        while let Some(due) = self.case.as_ref().and_then(deadline).filter(|due| *due < self.now) {
            all.extend(self.act_at(Act::now(Command::Pass, due)).unwrap());
            assert!(all.len() < 1_000, "ends pass without end: {all:?}");
        }
        all
    }

    pub fn case(&self) -> &Case {
        self.case.as_ref().unwrap()
    }

    pub fn task(&self) -> TaskId {
        self.case().open_tasks().next().map_or_else(|| id(99), |(_, task, _)| task)
    }

    /// As the program does once a case is decided.
    pub fn complete(&mut self) {
        let Some(decision) = self.case().state.decision().cloned() else { return };
        if decision.approved() {
            self.act(Command::Certify { certificates: vec![id(50)] }).unwrap();
        }
        let unserved = |case: &Case| {
            let waits: Vec<_> = case.unserved().filter(|(i, _)| i.kind.decides()).collect();
            waits.into_iter().map(|(i, p)| (i.notice, p.subject)).next()
        };
        while let Some((notice, party)) = unserved(self.case()) {
            let (notice, way, effective_at) = (Some(notice), Service::Electronic, self.now);
            self.act(Command::Serve { notice, way, effective_at, party: Some(party) }).unwrap();
        }
        self.act(Command::Deliver { service: Service::Electronic, effective_at: None }).unwrap();
        self.act(Command::Close).unwrap();
    }
}

/// The leave of the head of a government, given before the case was filed.
pub fn leave() -> Leave {
    Leave {
        body: "南京市人民政府".to_owned(),
        signer: "市长".to_owned(),
        number: "宁政复〔2026〕7号".to_owned(),
        on: jiff::civil::date(2026, 11, 20),
        evidence: None,
    }
}

pub fn demand() -> Demand {
    Demand { field: "plate".to_owned(), say: "号牌看不清".to_owned() }
}
