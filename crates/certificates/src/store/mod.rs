//! All SQL of the room.

mod certificate;
mod copy;
mod ends;
mod listed;
mod offer;
mod presentation;
mod status;

pub use certificate::{by_token, find, for_case, get, guard, held_by};
pub(crate) use certificate::{insert, keep_template, replace_file, set_file, set_state, template};
pub(crate) use copy::{copies_of, copy, copy_by_token, insert_copy, withdraw_copy};
pub use ends::ending;
pub(crate) use ends::{ends_next, reminded, set_reminded};
pub(crate) use listed::{is_listed, put_listed};
pub(crate) use offer::{
    count_try, insert_offer, offer, offer_by_access, offer_by_code, redeem_offer, take_offer,
};
pub(crate) use presentation::{
    count_guess, forget_guesses, guesses, insert_presentation, presentation, presentation_by_code,
    presentation_by_token, presentations_of, see_presentation,
};
pub(crate) use status::{
    document_place, is_stamped, put_status, set_status, status_list_exists, told, unstamped, waits_for_stamp,
};
