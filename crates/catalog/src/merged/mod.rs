//! One form (一张表): the forms of related items as one, where what several of them ask is asked once.
//!
//! Fields are one when they are the same situation, the same data element in the same shape, or the file of the same paper
//! (kind and holder); everything else stays its item's own. The order is the theme's, else by the items' keys, so that it
//! does not depend on how members were given, and a member given twice counts once. One item keeps its own form, ids
//! unchanged. Rules stay with the members: they are asked through [`Merged::evaluate`], each with its own answers.

mod build;
mod evaluate;
mod known;
mod shape;
mod weave;

pub(crate) use build::{situation_field, situation_section};
pub(crate) use known::{fits, holder_of, holders, own};
pub(crate) use weave::{SITUATION, Weave, Woven, paper_id, paper_of, papers_in};

use crate::{Item, MatterTheme};
use forms::{Answers, Elements, Form};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Several items' forms as one.
#[derive(Debug, Clone)]
pub struct Merged {
    form: Form,
    /// The theme's questions.
    own: Form,
    members: Vec<Arc<Member>>,
    /// As the caller gave them → place in `members`.
    given: Vec<usize>,
    asked_by: BTreeMap<String, Vec<(usize, String)>>,
    /// Papers that any member may ask, by `kind:holder`.
    papers: Vec<String>,
}

/// A member with what is needed to ask its rules.
#[derive(Debug, Clone)]
struct Member {
    item: String,
    form: Form,
    /// Own field → field of the one form.
    fields: BTreeMap<String, build::To>,
    /// Own file and declaration fields → the papers handed in there.
    papers: BTreeMap<String, Vec<String>>,
    /// The registers it asks: alias, register, whose data.
    sources: Vec<known::Asks>,
    alone: bool,
}

impl Merged {
    /// The one form of these members.
    pub fn of(members: &[&Item], theme: Option<&MatterTheme>, elements: &Elements) -> Merged {
        let weave = Weave::of(members, theme);
        build::merged(&weave, members, elements)
    }

    /// The form for pages. Its fields have no rules: those are the members', see [`Merged::evaluate`].
    pub fn form(&self) -> &Form {
        &self.form
    }

    /// The items, in the order of the one form, each once.
    pub fn items(&self) -> impl Iterator<Item = &str> {
        self.members.iter().map(|m| m.item.as_str())
    }

    /// Who asks a field of the one form: member (as given to [`Merged::of`]) and its own field.
    pub fn asked_by(&self, id: &str) -> &[(usize, String)] {
        self.asked_by.get(id).map_or(&[], Vec::as_slice)
    }

    /// The papers that members may ask in any situation, as `kind:holder`.
    pub fn papers(&self) -> &[String] {
        &self.papers
    }

    /// The answers of one member (as given to [`Merged::of`]) under its own ids.
    pub fn project(&self, member: usize, answers: &Answers) -> Answers {
        self.member(member).map(|m| m.project(answers)).unwrap_or_default()
    }

    /// Answers of one member under the ids of the one form.
    pub fn lift(&self, member: usize, answers: &Answers) -> Answers {
        self.member(member).map(|m| m.lift(answers)).unwrap_or_default()
    }

    /// The field of the one form that a member's own field is.
    pub fn field_of(&self, member: usize, own: &str) -> Option<&str> {
        self.member(member)?.fields.get(own).map(|to| to.id.as_str())
    }

    fn member(&self, given: usize) -> Option<&Member> {
        self.members.get(*self.given.get(given)?).map(AsRef::as_ref)
    }
}
