//! What the room decides, and nothing else decides: pure, so that tests, replay and what-if read the same rules.

use crate::model::{Command, Event, State};
use kernel::{Refusal, RefusalKind};

/// What `command` leads to in `state`.
///
/// # Errors
/// A [`Refusal`] that says why not and what to do instead.
pub fn decide(state: &State, command: &Command) -> Result<Vec<Event>, Refusal> {
    match (&state.title, command) {
        (Some(_), Command::Begin { .. }) => {
            Err(Refusal::new(RefusalKind::Conflict, "NAME.begun", "已经开始，不能再次开始。", "This has already begun."))
        }
        (None, Command::Begin { .. }) => Err(Refusal::new(
            RefusalKind::Unavailable,
            "NAME.unwritten",
            "此功能尚未建成。",
            "This is not built yet.",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_rule_is_written() {
        let begin = Command::Begin { title: "一号".to_owned() };
        let decided = decide(&State::default(), &begin);
        let wanted = Ok(vec![Event::Begun { title: "一号".to_owned() }]);
        assert_eq!(decided, wanted, "write the first rule of NAME in crates/NAME/src/rules.rs");
    }
}
