//! Papers photographed straight into a matter (高拍仪, 手机拍照): pages are taken one after another, put in order, turned, taken again,
//! and bound into one PDF. What was taken lies in a tray on the server, so that whoever took it goes on at another machine.
//!
//! The rooms whose forms take papers say who may do so where ([`Spot`]), show the page ([`show`], [`receive`], [`picture`]) and
//! put the bound file into their field ([`bind`], [`close`]).

pub(crate) mod model;
mod page;
mod settings;
mod verbs;

pub use model::{Spot, Waiting};
pub use page::{Received, picture, receive, refused, show};
pub use settings::{Settings, configure};
pub use verbs::{Aside, Bound, bind, clear, close, finish_waiting, keep_waiting, lay_aside, waiting};
