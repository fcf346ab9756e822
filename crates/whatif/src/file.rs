//! The file that describes what is tried; everything in it is checked before anything runs.

mod desks;
mod hall;

pub use desks::{Desk, Desks, EXAMINERS_MAX, Moves};
pub use hall::{
    Arrangement, Break, Came, Hall, KindOf, Published, Record, Sensitivity, StopOf, Unit, Windows,
};

use crate::chance::Minutes;
use kernel::Fault;
use serde::{Deserialize, Serialize};

/// A file of `yimen whatif`: a hall's day, a matter, or both.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct File {
    /// A day of a hall under several arrangements.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hall: Option<Hall>,
    /// The working time of a matter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub matter: Option<Matter>,
}

/// The working time of a matter: its steps one after another against side by side.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Matter {
    /// A theme, or items, of the packs.
    pub plan: Vec<String>,
    /// How much of its term a step uses (1: all of it, which is also the most).
    pub used: Minutes,
    /// How many matters are drawn for each seed.
    pub matters: usize,
    /// The desks at which the steps wait; when not said, it is working time only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub desks: Option<Desks>,
}

impl File {
    /// Reads a description.
    ///
    /// # Errors
    /// A [`Fault`] that says what is wrong with it.
    pub fn read(text: &str) -> Result<Self, Fault> {
        let file: Self =
            serde_saphyr::from_str(text).map_err(|e| Fault::from("reading the description", e))?;
        if file.hall.is_none() && file.matter.is_none() {
            return Err(Fault::new("the description has neither `hall` nor `matter`"));
        }
        if let Some(hall) = &file.hall {
            hall.check()?;
        }
        if let Some(matter) = &file.matter {
            need(
                matter.used.sound() && matter.matters > 0,
                "matter: `used` and `matters` must be numbers to draw from",
            )?;
            need(!matter.plan.is_empty(), "matter: `plan` must name a theme or items")?;
            matter.desks.as_ref().map_or(Ok(()), Desks::check)?;
        }
        Ok(file)
    }
}

/// What must hold, or the sentence.
fn need(holds: bool, sentence: impl Into<String>) -> Result<(), Fault> {
    if holds { Ok(()) } else { Err(Fault::new(sentence.into())) }
}
