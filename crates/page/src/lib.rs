//! The frame of every page: layout, components, form state, words in two languages, failures as pages.
#![doc = include_str!("../README.md")]

extern crate self as page; // so that shared templates may say `page::…` in every crate, this one too

pub mod answer;
pub mod assets;
pub mod csrf;
pub mod ctx;
pub mod form;
pub mod format;
pub mod house;
pub mod icons;
pub mod kit;
pub mod layer;
pub mod parts;
pub mod problem;
pub mod qr;
pub mod shell;
pub mod submitted;
pub mod words;

pub use answer::{Answer, render, render_with, see_other};
pub use csrf::CsrfToken;
pub use ctx::{Badge, Ctx};
pub use form::{FormState, id_of};
pub use house::{House, Site};
pub use icons::icon;
pub use layer::{Frame, dress, inner, layer, not_found};
pub use parts::{Html, Step, TimelineEntry, badge};
pub use problem::Problem;
pub use qr::qr;
pub use shell::Shell;
pub use submitted::{Submitted, Upload};
pub use words::{Say, Words};

/// The words of the shell and of the shared parts.
pub static WORDS: std::sync::LazyLock<Words> = words!("page");
