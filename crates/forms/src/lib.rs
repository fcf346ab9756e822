//! Forms as data: elements, fields, answers.
#![doc = include_str!("../README.md")]
//!
//! forms: data elements, fields, answers, their checking, and their printing.

pub mod check;
pub mod compile;
pub mod division;
pub mod element;
pub mod evaluate;
pub mod html;
pub mod model;
pub mod read;
pub mod summary;
pub mod value;

pub use compile::Complaint;
pub use element::{Element, Elements, Sharing};
pub use evaluate::Evaluation;
pub use html::{Known, fields_html};
pub use model::{
    ANSWERS_MAX, Answers, Bound, Check, Choice, Condition, DivisionLevel, Field, FieldType, Form, RAW,
    ROWS_MAX, Section, TextShape,
};
pub use summary::{print, print_masked, section_rows, summary_rows};

#[cfg(test)]
mod tests;
