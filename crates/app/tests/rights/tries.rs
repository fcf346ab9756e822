//! One seat: somebody, whose things they try, and what of them they may be shown.

use crate::city::City;
use crate::city::bodies::{applicant_body, body_for, staff_body};
use crate::marks::Mark;
use crate::owner::Owner;
use crate::routes::{Route, escaped};
use crate::somebody::Somebody;
use axum::http::StatusCode;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Acts that would end the session with which the others are tried.
const NOT_SENT: [&str; 3] = ["/logout", "/account/sessions/others", "/api/v1/sessions"];

/// Somebody who tries.
pub struct Seat {
    pub who: Somebody,
    /// Whose things, by the owner's key.
    pub tries: &'static [&'static str],
    /// The marks they may be shown; a key with a colon alone stands for everything of that owner.
    pub may: &'static [&'static str],
    /// Whether acts are tried as well: nothing they send may change what is planted.
    pub acts: bool,
    /// Where they may act all the same, by how the pattern begins.
    pub theirs: &'static [&'static str],
}

/// What came of it: statuses by route, and what is wrong.
#[derive(Default)]
pub struct Tried {
    pub statuses: BTreeMap<Route, String>,
    pub wrong: Vec<String>,
}

impl Seat {
    /// Somebody to whom nothing is shown and who changes nothing.
    pub fn new(who: Somebody, tries: &'static [&'static str], may: &'static [&'static str]) -> Self {
        Self { who, tries, may, acts: true, theirs: &[] }
    }

    /// Tries all routes that read, or all that act.
    pub async fn tries(&self, city: &City, routes: &[Route], owners: &[Owner], reading: bool) -> Tried {
        let mut tried = Tried::default();
        for route in routes.iter().filter(|r| (r.method == "GET") == reading) {
            let mut statuses = Vec::new();
            for (n, (owner, path)) in self.addresses(route, owners).into_iter().enumerate() {
                let bare = if reading {
                    self.read(city, route, &path, owners, &mut tried.wrong).await
                } else {
                    self.act(city, route, (owner, &path), owners, &mut tried.wrong).await
                };
                // Where the list itself is refused there is nothing to search.
                if n == 0 && reading && bare == "200" && !route.path.contains('{') {
                    self.search(city, route, owners, &mut tried.wrong).await;
                }
                statuses.push(bare);
            }
            let none = statuses.is_empty();
            tried.statuses.insert(route.clone(), if none { ".".to_owned() } else { statuses.join("/") });
        }
        tried
    }

    /// The route with the ids of everybody whose things are tried; once where it has none.
    fn addresses<'a>(&self, route: &Route, owners: &'a [Owner]) -> Vec<(&'a Owner, String)> {
        let mine = owners.iter().filter(|o| self.tries.contains(&o.key));
        let all: Vec<_> = mine.filter_map(|o| Some((o, o.fill(&route.path)?))).collect();
        let mut seen = BTreeSet::new();
        all.into_iter().filter(|(_, path)| seen.insert(path.clone())).collect()
    }

    async fn read(
        &self,
        city: &City,
        route: &Route,
        path: &str,
        owners: &[Owner],
        wrong: &mut Vec<String>,
    ) -> String {
        let (status, answer) = self.who.ask(city, &route.method, path, "").await;
        self.judge(&format!("GET {path}"), status.as_u16(), (&answer, path), owners, wrong);
        status.as_u16().to_string()
    }

    /// Lists are searched for what one wants to see.
    async fn search(&self, city: &City, route: &Route, owners: &[Owner], wrong: &mut Vec<String>) {
        let path = &route.path;
        let mut queries = Vec::new();
        if path.starts_with("/api/") {
            queries.push("limit=100".to_owned());
        }
        for owner in owners.iter().filter(|o| self.tries.contains(&o.key) && !path.starts_with("/api/")) {
            let all = "list=all&all=1&lines=200&kind=dispute&item=home-purchase-proof";
            let (name, number) = (escaped(owner.name), owner.number);
            let case = owner.has("case").unwrap_or(number);
            queries.push(format!("q={name}&text={name}&citizen_id={number}&{all}"));
            queries.push(format!("q={case}&text={case}&number={case}&case={case}&{all}"));
            queries.push(format!("q={number}&text={number}&number={number}"));
        }
        for query in queries {
            self.read(city, route, &format!("{path}?{query}"), owners, wrong).await;
        }
    }

    async fn act(
        &self,
        city: &City,
        route: &Route,
        (owner, path): (&Owner, &str),
        owners: &[Owner],
        wrong: &mut Vec<String>,
    ) -> String {
        if NOT_SENT.contains(&route.path.as_str())
            || !self.acts
            || self.theirs.iter().any(|start| route.path.starts_with(start))
        {
            return "-".to_owned();
        }
        let mut first = None;
        for (path, body) in self.bodies(route, owner, path) {
            let (status, answer) = self.who.ask(city, &route.method, &path, &body).await;
            let sent = format!("{path} {body}");
            let what = format!("{} {sent}", route.method);
            self.judge(&what, status.as_u16(), (&answer, &sent), owners, wrong);
            // Objecting has two shapes, one for either side; what is not public nobody reaches with one of them.
            if route.path.starts_with("/api/")
                && [400, 422].contains(&status.as_u16())
                && !path.ends_with("/object")
                && route.path.contains('{')
            {
                wrong.push(format!(
                    "{} {what}: {status}, so that the right was not asked: {answer}",
                    self.who.name
                ));
            }
            first.get_or_insert(status);
        }
        // Codes are counted by place and minute: whether it is one too many is chance.
        let told = |s: StatusCode| if s == StatusCode::TOO_MANY_REQUESTS { StatusCode::NOT_FOUND } else { s };
        first.map_or_else(String::new, |s| told(s).as_u16().to_string())
    }

    /// What is sent: bodies that can be read, so that the right decides; on a case every verb there is.
    fn bodies(&self, route: &Route, owner: &Owner, path: &str) -> Vec<(String, String)> {
        if !route.path.starts_with("/api/") {
            let fields = "approve=yes&upheld=yes&reason=x&measures=x&text=x&do=revoke&sign=yes&line=holder&purpose=x&confirm=&number=1&go=next";
            return vec![(path.to_owned(), format!("_csrf={}&{fields}", self.who.csrf))];
        }
        let mut own = body_for(path);
        if path == "/api/v1/cases" {
            own = json!({"item": "home-purchase-proof", "answers": {"kind": "stock"}});
        }
        let mut bodies = vec![(path.to_owned(), own)];
        if route.path.ends_with("/{verb}") {
            let case = format!("/api/v1/cases/{}", owner.get("case"));
            let of = |verb: &&str, body: Value| (format!("{case}/{verb}"), body);
            let staff = cases::STAFF_VERBS.iter().map(|verb| of(verb, staff_body(verb)));
            bodies = staff.chain(cases::APPLICANT_VERBS.iter().map(|v| of(v, applicant_body(v)))).collect();
        }
        bodies.into_iter().map(|(path, body)| (path, body.to_string())).collect()
    }

    fn judge(
        &self,
        what: &str,
        status: u16,
        (answer, sent): (&str, &str),
        owners: &[Owner],
        wrong: &mut Vec<String>,
    ) {
        let marks = owners.iter().flat_map(|o| &o.marks);
        let shown = marks.filter(|m| answer.contains(&m.text) && !self.knows(m, sent));
        let found: Vec<&str> = shown.map(|m| m.what.as_str()).collect();
        if !found.is_empty() || status >= 500 {
            wrong.push(format!("{} {what}: {status} shows {found:?}", self.who.name));
        }
    }

    /// What they may be shown, or have sent themselves.
    fn knows(&self, mark: &Mark, sent: &str) -> bool {
        // Whoever was handed the token is told which certificate it is: that is what it is for.
        let by_token = ["/verify/", "/api/v1/verifications/"].iter().any(|at| sent.starts_with(at));
        let told = by_token && mark.what.ends_with("the certificate's identifier");
        // One's own entry in the register of marriages names whom one is married to.
        let married = sent.starts_with("/space/facts ") && self.who.name.ends_with("spouse");
        let told = told || married && mark.what.ends_with(": the name");
        // A window of the city packs for all its agencies, and whoever acts for a firm reads who of it comes to the hall.
        let told = told || sent.starts_with("/desk/parcels/") && mark.what.ends_with(": case");
        let told = told || sent.starts_with("/appointments/") && mark.what.ends_with(": the name");
        let may = self.may.iter().any(|m| *m == mark.what || m.ends_with(':') && mark.what.starts_with(m));
        told || may || sent.contains(&mark.text) || sent.contains(&escaped(&mark.text))
    }
}
