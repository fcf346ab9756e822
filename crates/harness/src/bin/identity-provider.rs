//! The stand-in for a national identity service as a program: `identity-provider ADDRESS CITY.yaml`. It knows the people of a
//! demonstration city and says on its first line where it is.
#![allow(clippy::print_stdout, reason = "its first line is what it says")]

use harness::provider::{Person, provider};
use kernel::SystemClock;
use serde::Deserialize;
use std::net::SocketAddr;
use std::sync::Arc;

/// A citizen card (GA/T 2000.156).
const CITIZEN_CARD: &str = "111";

#[derive(Deserialize)]
struct City {
    persons: Vec<Entry>,
    accounts: Vec<Account>,
}

#[derive(Deserialize)]
struct Entry {
    id: String,
    name: String,
    documents: Vec<Document>,
    phone: Option<String>,
}

#[derive(Deserialize)]
struct Document {
    #[serde(rename = "type")]
    kind: String,
    number: String,
}

#[derive(Deserialize)]
struct Account {
    person: String,
}

/// Those of the city who have a citizen card and an account, and one more who comes for the first time.
fn people(city: City) -> Vec<Person> {
    let known = |id: &str| city.accounts.iter().any(|account| account.person == id);
    let own = |entry: &Entry| {
        let card = entry.documents.iter().find(|d| d.kind == CITIZEN_CARD)?;
        let (id, name, number) = (entry.id.clone(), entry.name.clone(), card.number.clone());
        Some(Person { id, name, number, phone: entry.phone.clone() })
    };
    let newcomer = Person {
        id: "newcomer".to_owned(),
        name: "欧阳·一鸣".to_owned(),
        number: "999999199001010016".to_owned(),
        phone: Some("13900009999".to_owned()),
    };
    city.persons.iter().filter(|p| known(&p.id)).filter_map(own).chain([newcomer]).collect()
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), String> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [address, path] = words.as_slice() else {
        return Err("identity-provider ADDRESS CITY.yaml".to_owned());
    };
    let address: SocketAddr = address.parse().map_err(|e| format!("{address}: {e}"))?;
    let text = std::fs::read_to_string(path).map_err(|e| format!("{path}: {e}"))?;
    let city: City = serde_saphyr::from_str(&text).map_err(|e| format!("{path}: {e}"))?;
    let running = provider(address, Arc::new(SystemClock), people(city)).await;
    println!("{}", running.issuer);
    std::future::pending::<()>().await;
    Ok(())
}
