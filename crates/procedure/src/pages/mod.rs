//! The operator's pages: seals, who may apply them, and their use.

mod seal;
mod seals;

use axum::Router;
use axum::routing::{get, post};
use identity::{Agency, Colleague};
use kernel::{AccountId, AgencyCode, Fault, Lang};
use page::House;
use std::collections::BTreeMap;
use store::Store;

/// How many agencies' staff are looked up for one page.
const AGENCIES_MAX: usize = 40;
/// How many lines a list shows.
const LINES: i64 = 50;

/// The room's pages: `/desk/seals`, `/desk/seals/{id}` and what is posted there.
pub fn routes(house: House) -> Router {
    Router::new()
        .route("/desk/seals", get(seals::get))
        .route("/desk/seals/{id}", get(seal::get))
        .route("/desk/seals/{id}/state", post(seal::state))
        .route("/desk/seals/{id}/automatic", post(seal::automatic))
        .route("/desk/seals/{id}/rights", post(seal::right))
        .with_state(house)
}

/// The staff who may come to apply an agency's seals: its own and its parts', and the city's halls'.
struct People(BTreeMap<AccountId, (String, String)>);

impl People {
    async fn load(store: &Store, agency: &AgencyCode, lang: Lang) -> Result<Self, Fault> {
        let root = agency.as_str().split('.').next().unwrap_or("");
        let near = |a: &Agency| a.code.as_str().split('.').next() == Some(root);
        let mut found: Vec<Agency> = identity::agencies(store).await?.into_iter().filter(near).collect();
        // its own people first, should there be more agencies than one page asks about
        found.sort_by_key(|a| !agency.contains(&a.code));
        let mut people = BTreeMap::new();
        for place in found.into_iter().take(AGENCIES_MAX) {
            for Colleague { account, name, .. } in identity::colleagues(store, &place.code).await? {
                people.entry(account).or_insert((name, place.name.get(lang).to_owned()));
            }
        }
        Ok(Self(people))
    }

    /// Name and agency; the end of the account's id for somebody who has left.
    fn of(&self, account: AccountId) -> (String, String) {
        self.0.get(&account).cloned().unwrap_or_else(|| {
            let id = account.to_string();
            (format!("…{}", id.get(id.len().saturating_sub(6)..).unwrap_or("")), String::new())
        })
    }
}
