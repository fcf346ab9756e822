//! The shelf of service items: packs, versions, search, guides.
#![doc = include_str!("../README.md")]
//!
//! catalog: service items as data, their versions, search and guide pages.

pub mod agreement;
mod before;
mod by;
mod entitled;
mod example;
pub mod facts;
mod fee;
mod function;
mod joint;
mod knowledge;
mod merged;
mod migrate;
pub mod model;
pub mod pack;
pub mod pages;
pub mod planner;
pub mod publish;
mod search;
mod shared;
mod situation;
mod special;
mod step;
pub mod store;
mod theme;
mod whose;

pub use before::{Before, BeforeField, BeforeList, BeforePaper, SourceGrade};
pub use by::{By, Level};
pub use entitled::{Entitled, Sure, entitled, entitled_child};
pub use example::{Do, Example, Expect, Given, Outcome as DoOutcome};
pub use fee::{DECISION, Fee, FeeAmount, FeeDue, FeeRule, Owed, WhileUnpaid};
pub use function::{function_name, level_name};
pub use joint::*;
pub use knowledge::{Claim, Holder, KindDeclaration, Knowledge, MaterialKind};
pub use merged::Merged;
pub use migrate::{Path as MigrationPath, migration};
pub use model::*;
pub use pack::{Complaint, Pack};
pub use pages::routes;
pub use planner::{
    CriticalPath, Fallen, FieldHow, HOURS_A_DAY, HeldAs, Holding, How, Plan, PlannedField, PlannedMember,
    PlannedPaper, PlannedStep, ProofGrade, Reform, StillAsked, compare, compare_items, critical_path, plan,
};
pub use publish::{publish, publish_theme};
pub use shared::{Register, RegisterField, RegisterType, Shared};
pub use special::*;
pub use step::*;
pub use store::{
    Filter, Listed, MIGRATIONS, Published, ThemeVersion, current_theme, find, find_theme, find_theme_version,
    knowledge, list, renewing, search, search_themes, shared, shared_version, tags_in_use, themes, version,
};
pub use theme::{Theme, theme, theme_name};
pub use whose::{Whose, whose};

kernel::typed_id! {
    /// One published version of an item; what was filed stays with it.
    ItemVersionId;
}
::store::text_column!(ItemVersionId);

#[cfg(test)]
mod tests;
