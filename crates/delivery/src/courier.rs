//! The courier as a socket, and the messages of the protocol that the stand-in and [`crate::http`] speak. A carrier's own protocol is another
//! implementation of [`Courier`].

use crate::model::{OrderId, Said, Signer};
use async_trait::async_trait;
use kernel::Timestamp;
use serde::{Deserialize, Serialize};

/// A parcel as the courier is told of it; the same order is the same parcel, however often it is told.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewOrder {
    /// Its id.
    pub order: OrderId,
    /// The number on the label.
    pub number: String,
    /// The administrative division it goes to (GB/T 2260).
    pub division: String,
    /// Street, house, flat.
    pub street: String,
    /// Who takes it.
    pub recipient: String,
    /// Their telephone; empty for whoever has none.
    pub phone: String,
}

/// Says no address: what is printed may end in a log.
impl std::fmt::Debug for NewOrder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "NewOrder {}", self.order)
    }
}

/// What the courier says of an order: in call-backs and in answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct News {
    /// Which order.
    pub order: OrderId,
    /// The courier's number.
    pub tracking: String,
    /// What.
    pub said: Said,
    /// When that was.
    pub at: Timestamp,
    /// Who signed, for a signature.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signer: Option<Signer>,
    /// Their name, or why it came back.
    #[serde(default)]
    pub note: String,
}

/// Who carries parcels. Every call may be repeated. An error says that nothing is known, never that nothing happened.
#[async_trait]
pub trait Courier: Send + Sync {
    /// Whether there is one at all; else results are collected.
    fn carries(&self) -> bool {
        true
    }
    /// Tells of a parcel that will be handed over; answers the courier's number.
    async fn order(&self, new: &NewOrder) -> Result<String, String>;
    /// Tells that it was handed over.
    async fn hand_over(&self, order: OrderId, list: &str) -> Result<(), String>;
    /// Asks for everything that happened to it, the earliest first.
    async fn query(&self, order: OrderId) -> Result<Vec<News>, String>;
}

/// Where none is configured: nothing is carried.
pub struct NoCourier;

const NONE: &str = "no courier is configured";

#[async_trait]
impl Courier for NoCourier {
    fn carries(&self) -> bool {
        false
    }
    async fn order(&self, _: &NewOrder) -> Result<String, String> {
        Err(NONE.to_owned())
    }
    async fn hand_over(&self, _: OrderId, _: &str) -> Result<(), String> {
        Err(NONE.to_owned())
    }
    async fn query(&self, _: OrderId) -> Result<Vec<News>, String> {
        Err(NONE.to_owned())
    }
}
