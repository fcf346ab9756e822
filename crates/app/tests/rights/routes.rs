//! Every route of the wired program, read from the router itself: nobody can forget to name one.

use axum::Router;
use std::collections::{BTreeMap, BTreeSet};

/// A method and a pattern.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Route {
    pub path: String,
    pub method: String,
}

const METHODS: [&str; 5] = ["get", "delete", "patch", "post", "put"];

/// The routes of `router`, by what it prints of itself: ids with the methods they answer, and ids with their patterns.
pub fn of(router: &Router) -> BTreeSet<Route> {
    let printed = format!("{router:?}");
    let (own, _) = printed.split_once("fallback_router").expect("a router prints its parts");
    let (endpoints, paths) = own.rsplit_once("paths: {").expect("a router prints its patterns");
    let mut methods: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for part in endpoints.split("RouteId(").skip(1) {
        let (id, rest) = part.split_once(')').unwrap();
        let answers = |m: &&str| {
            let of_method = rest.split_once(&format!("{m}: ")).map_or("None", |(_, after)| after);
            !of_method.starts_with("None")
        };
        methods.entry(id).or_default().extend(METHODS.into_iter().filter(answers));
    }
    let mut routes = BTreeSet::new();
    for part in paths.split("RouteId(").skip(1) {
        let (id, rest) = part.split_once(')').unwrap();
        let path = rest.split('"').nth(1).unwrap();
        for method in methods.get(id).into_iter().flatten() {
            routes.insert(Route { path: path.to_owned(), method: method.to_uppercase() });
        }
    }
    assert!(routes.len() > 100, "the router is not printed as it was: {printed}");
    routes
}

/// Text as part of a query.
pub fn escaped(text: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b'~');
    text.bytes().map(|b| if plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}
