//! What is whose: ids to stand in patterns, marks to be looked for.

use crate::city::City;
use crate::marks::Mark;
use std::collections::BTreeMap;

/// Somebody whose data are planted.
pub struct Owner {
    pub key: &'static str,
    pub name: &'static str,
    pub number: &'static str,
    /// Whether something of theirs stands behind every route.
    whole: bool,
    ids: BTreeMap<&'static str, String>,
    pub marks: Vec<Mark>,
}

/// What is everybody's, by the variable of a pattern.
const PUBLIC: &[(&str, &str)] = &[
    ("item", "home-purchase-proof"),
    ("theme", "stock-house"),
    ("list", "0"),
    ("verb", "dispute"),
    ("step", "publish"),
    ("nth", "0"),
    ("hall", "nanjing-public"),
];
/// Ids by which nothing is found: knowing them shows nothing, or they stand in many places.
const NO_MARKS: &[&str] = &[
    "section",
    "report",
    "seq",
    "look",
    "token",
    "offer code",
    "away",
    "bulk",
    "seal",
    "package",
    "session",
    "ticket",
    "hall notice",
    "block",
    "bill",
    "receipt",
    "refund",
    "difference",
    "parcel",
    "address",
    "handover",
    "bag",
    "scan field",
];

/// Routes behind which nothing of anybody is planted, each with its reason.
const NOBODYS: &[(&str, &str)] = &[
    ("/api/{*rest}", "no such route, said in the API's way"),
    ("/assets/", "files of the program itself"),
    ("/kit/problem/", "samples of the look"),
    ("/desk/lines/", "the operator's: messages to line systems, by number"),
    ("/desk/messages/", "the operator's: messages between rooms, without what they hold"),
    ("/desk/sources/", "the operator's: registers, switched on and off"),
    ("/desk/seals/", "the operator's: seals of agencies"),
    (
        "/readers/",
        "the reader of cards at a window: whoever was given its secret, tested where it is paired (hall)",
    ),
    ("/tablet/", "the tablet at a window: whoever was given its address, tested where it is paired (hall)"),
    ("/present/{token}", "whoever was shown the word looks, once: tested where it is shown (certificates)"),
];

/// What one of the owners cannot have, each with its reason.
const NOT_THEIRS: &[(&str, &str, &str)] = &[
    ("person", "member", "a person has no staff"),
    ("person", "draft file", "their item asks for no file"),
    ("person", "case file", "their item asks for no file"),
    ("person", "scan field", "nor for a paper to be photographed"),
    ("person", "scan page", "nor has it a page"),
    ("person", "task", "what is decided by rule at once leaves nobody a task"),
    ("person", "bulk", "nor anything to do to several"),
    ("person", "notice", "what is granted by rule at once is told by its certificate"),
];

impl Owner {
    pub fn new(key: &'static str, name: &'static str, number: &'static str) -> Self {
        Self { key, name, number, whole: true, ids: BTreeMap::new(), marks: Vec::new() }
    }

    /// Somebody of whom only a few things are planted.
    pub fn part(key: &'static str, name: &'static str, number: &'static str) -> Self {
        Self { whole: false, ..Self::new(key, name, number) }
    }

    /// Something of theirs with its id, which is a mark as well.
    pub fn id(&mut self, what: &'static str, id: impl ToString) {
        let id = id.to_string();
        if !NO_MARKS.contains(&what) {
            self.mark(what, &id);
        }
        self.ids.insert(what, id);
    }

    pub fn mark(&mut self, what: &str, text: &str) {
        assert!(text.len() > 5, "a mark too short finds itself everywhere: {text}");
        self.marks.push(Mark { what: format!("{}: {what}", self.key), text: text.to_owned() });
    }

    /// The id of something of theirs, if it is planted.
    pub fn has(&self, what: &str) -> Option<&str> {
        self.ids.get(what).map(String::as_str)
    }

    pub fn get(&self, what: &str) -> &str {
        self.ids.get(what).unwrap_or_else(|| panic!("{}: {what} is not planted", self.key))
    }

    /// The address of what is theirs under a pattern; none where the pattern names nobody's things.
    pub fn fill(&self, pattern: &str) -> Option<String> {
        if NOBODYS.iter().any(|(start, _)| pattern.starts_with(start)) {
            return None;
        }
        let part = |part: &str| match part.strip_prefix('{').and_then(|p| p.strip_suffix('}')) {
            None => Some(part.to_owned()),
            Some(variable) => self.own(kind(pattern, variable)),
        };
        let parts: Option<Vec<String>> = pattern.split('/').map(part).collect();
        Some(parts?.join("/"))
    }

    fn own(&self, what: &str) -> Option<String> {
        if let Some((_, id)) = PUBLIC.iter().find(|(name, _)| *name == what) {
            return Some((*id).to_owned());
        }
        let never = NOT_THEIRS.iter().any(|(key, kind, _)| (*key, *kind) == (self.key, what));
        if (never || !self.whole) && !self.ids.contains_key(what) {
            return None;
        }
        Some(self.get(what).to_owned())
    }

    /// How far what is theirs has come: the heads of its chains.
    pub async fn state(&self, city: &City) -> Vec<(String, i64)> {
        let store = &city.wired.house.ground.store;
        let mut heads = Vec::new();
        for (subject, what) in [
            ("case", "case id"),
            ("case", "waiting case id"),
            ("certificate", "certificate"),
            ("proof", "paper"),
            ("objection", "objection"),
            ("request", "request"),
            ("seal", "seal"),
            ("mandate", "mandate"),
            ("rating", "rating"),
            ("appointment", "appointment"),
        ] {
            let Some(id) = self.ids.get(what) else { continue };
            let subject = trace::Subject::new(subject, id);
            heads.push((format!("{}: {what}", self.key), trace::head(store, &subject).await.unwrap().seq));
        }
        heads
    }
}

/// What a variable of a pattern stands for.
fn kind<'a>(pattern: &str, variable: &'a str) -> &'a str {
    let on = |start: &str| pattern.starts_with(start);
    match variable {
        "number" if on("/feedback-site") => "report",
        "number" if on("/desk/corrections") || on("/cases/{number}/acts") => "waiting case",
        "number" if on("/space/payments") || on("/desk/cashier") => "receipt",
        "number" | "case" => "case",
        "matter" => "draft",
        "file" if on("/space/papers") => "nth",
        "file" if on("/drafts") => "draft file",
        "file" => "case file",
        "code" if on("/api/v1/items") => "item",
        "code" => "offer code",
        "key" => "item",
        "person" => "member",
        "field" => "scan field",
        "page" => "scan page",
        "notice" => "hall notice",
        "id" => of_id(pattern),
        other => other,
    }
}

/// What `{id}` stands for, by how the pattern begins.
fn of_id(pattern: &str) -> &'static str {
    const BEGINNINGS: &[(&str, &str)] = &[
        ("/account/away/", "away"),
        ("/account/sessions/", "session"),
        ("/api/v1/cases/", "notice"),
        ("/api/v1/certificates/", "certificate"),
        ("/api/v1/deliveries/", "parcel"),
        ("/api/v1/matters/", "matter"),
        ("/api/v1/payments/", "bill"),
        ("/api/v1/tasks/", "task"),
        ("/apply/themes/", "theme"),
        ("/cases/", "notice"),
        ("/certificates/", "certificate"),
        ("/desk/bulk/", "bulk"),
        ("/desk/cases/", "notice"),
        ("/desk/bags/", "bag"),
        ("/desk/cashier/", "bill"),
        ("/desk/certificates/", "certificate"),
        ("/desk/filed/", "notice"),
        ("/desk/finance/differences/", "difference"),
        ("/desk/finance/refunds/", "refund"),
        ("/desk/handovers/", "handover"),
        ("/desk/objections/{id}/papers", "request"),
        ("/desk/parcels/", "parcel"),
        ("/desk/objections/", "objection"),
        ("/desk/records/archive/", "package"),
        ("/desk/protections/", "protection"),
        ("/desk/ratings/", "rating"),
        ("/desk/recoveries/", "recovery"),
        ("/desk/sealed-looks/", "seal"),
        ("/matters/", "matter"),
        ("/payments/", "bill"),
        ("/renew/", "certificate"),
        ("/space/addresses/", "address"),
        ("/space/deliveries/", "parcel"),
        ("/space/looks/", "look"),
        ("/space/mandates/", "mandate"),
        ("/space/objections/{id}/papers", "request"),
        ("/space/objections/", "objection"),
        ("/space/papers/", "paper"),
        ("/space/ratings/", "rating"),
        ("/themes/", "theme"),
    ];
    let found = BEGINNINGS.iter().find(|(start, _)| pattern.starts_with(start));
    found.unwrap_or_else(|| panic!("nothing is planted behind {pattern}: say here what its id is of")).1
}
