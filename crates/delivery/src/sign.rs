//! What is signed between the platform and a courier.

use exchange::signed::Protocol;
pub use exchange::signed::{Key, SKEW_SECONDS};
use kernel::Fault;

/// The protocol spoken with a courier.
pub static PROTOCOL: Protocol = Protocol {
    name: "yimen.courier.1",
    partner: "courier",
    unsigned: "delivery.signature",
    late: "delivery.clock",
};

/// A courier's key; its secret has 32 bytes or more.
///
/// # Errors
/// A [`Fault`] when it is shorter.
pub fn key(id: impl Into<String>, secret: impl Into<String>) -> Result<Key, Fault> {
    Key::new(&PROTOCOL, id, secret)
}
