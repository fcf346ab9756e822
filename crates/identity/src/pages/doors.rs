//! What the room's pages get: the house, the national identity service when one is configured, and whether letters go by e-mail.

use crate::national::National;
use axum::extract::FromRef;
use page::House;
use std::sync::Arc;

/// The state of the room's routes.
#[derive(Clone)]
pub(super) struct Doors {
    pub(super) house: House,
    pub(super) national: Option<Arc<National>>,
    /// Whether somebody carries e-mail.
    pub(super) mail: bool,
}

impl FromRef<Doors> for House {
    fn from_ref(doors: &Doors) -> Self {
        doors.house.clone()
    }
}
