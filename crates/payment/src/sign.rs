//! What is signed between the platform and a gateway.

use exchange::signed::Protocol;
pub use exchange::signed::{Key, SKEW_SECONDS};
use kernel::Fault;

/// The protocol spoken with a gateway.
pub static PROTOCOL: Protocol = Protocol {
    name: "yimen.payment.1",
    partner: "gateway",
    unsigned: "payment.signature",
    late: "payment.clock",
};

/// A gateway's key; its secret has 32 bytes or more.
///
/// # Errors
/// A [`Fault`] when it is shorter.
pub fn key(id: impl Into<String>, secret: impl Into<String>) -> Result<Key, Fault> {
    Key::new(&PROTOCOL, id, secret)
}
