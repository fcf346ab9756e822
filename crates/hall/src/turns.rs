//! One server lets the commands on a hall's queue in one after another, in the order of coming. Of two at once one would conflict and be
//! decided again, and with ten clerks at it somebody would lose again and again; commands of other servers are still told apart by the
//! queue's `rev`.

use crate::model::HallCode;
use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError, Weak};
use tokio::sync::OwnedMutexGuard;

/// Halls that are remembered before those are forgotten at which nobody stands.
const REMEMBERED: usize = 1_024;

type Line = Arc<tokio::sync::Mutex<()>>;

static LINES: LazyLock<Mutex<HashMap<HallCode, Weak<tokio::sync::Mutex<()>>>>> =
    LazyLock::new(Mutex::default);

/// One's turn at a hall's queue; it ends when this is dropped.
pub struct Turn {
    _held: OwnedMutexGuard<()>,
}

/// Waits for one's turn at a hall's queue. Ask before the command begins, and hold it until the commit is done; a command without it is
/// as right, and slower. Nobody may hold two.
pub async fn turn(hall: &HallCode) -> Turn {
    let line = line_of(hall);
    Turn { _held: line.lock_owned().await }
}

fn line_of(hall: &HallCode) -> Line {
    let mut lines = LINES.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(line) = lines.get(hall).and_then(Weak::upgrade) {
        return line;
    }
    if lines.len() >= REMEMBERED {
        lines.retain(|_, line| line.strong_count() > 0);
    }
    let line = Line::default();
    lines.insert(hall.clone(), Arc::downgrade(&line));
    line
}
