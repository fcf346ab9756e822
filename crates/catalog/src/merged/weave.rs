//! Which fields of several forms are one: by situation, by data element, by paper; everything else stays its item's own.

use super::shape;
use crate::planner::in_order;
use crate::{Item, Material, MatterTheme, Situation};
use forms::{Answers, Field, FieldType};
use std::collections::{HashMap, HashSet};

/// The section that the loader makes of an item's situations.
pub(crate) const SITUATION: &str = "situation";

/// The longest id a field may have.
const ID_MAX: usize = 60;

/// What makes fields of several items one.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Key<'a> {
    /// The situation with this id.
    Situation(&'a str),
    /// The data element.
    Element(&'a str),
    /// The paper: kind, holder, the how-manieth of both in its item.
    Paper(&'a str, &'a str, usize),
}

/// One field of the one form.
pub(crate) struct Woven<'a> {
    /// Its id.
    pub id: String,
    /// Who asks it: member and its own field; the first one decides how it is shown.
    pub asked: Vec<(usize, &'a Field)>,
    /// The situation it is, when it is one.
    pub situation: Option<&'a Situation>,
    /// Whether the theme asks it, whoever else does: it stays, so that an answer can be changed.
    pub theme: bool,
    /// Whether it is a file field that belongs to a paper.
    pub paper: bool,
    /// Whether it is a group whose columns have their names by element.
    pub merged_group: bool,
}

/// The fields of some members as one form's.
pub(crate) struct Weave<'a> {
    /// The members in their order, each once.
    pub items: Vec<&'a Item>,
    /// Whether it is one item's own form.
    pub alone: bool,
    /// The fields, in order.
    pub fields: Vec<Woven<'a>>,
    /// By member, own field id → place in `fields`.
    own: Vec<HashMap<&'a str, usize>>,
    by_id: HashMap<String, usize>,
}

/// A paper of an item: kind, holder, and the how-manieth of both.
pub(crate) fn paper_of(item: &Item, m: usize) -> Option<(&str, &str, usize)> {
    let material = item.materials.get(m)?;
    let before = item.materials.iter().take(m);
    let nth = before.filter(|o| o.kind == material.kind && o.holder == material.holder).count();
    Some((&material.kind, &material.holder, nth))
}

/// `kind:holder`, `kind:holder#2`.
pub(crate) fn paper_id((kind, holder, nth): (&str, &str, usize)) -> String {
    if nth == 0 { format!("{kind}:{holder}") } else { format!("{kind}:{holder}#{}", nth + 1) }
}

impl<'a> Weave<'a> {
    /// Weaves the forms of these members, in whatever order they are given.
    pub fn of(members: &[&'a Item], theme: Option<&'a MatterTheme>) -> Self {
        let items = in_order(members, theme);
        let mut work = Work {
            alone: items.len() < 2,
            fields: Vec::new(),
            keys: HashMap::new(),
            ids: HashSet::new(),
            own: Vec::with_capacity(items.len()),
        };
        for situation in theme.iter().flat_map(|t| &t.situations) {
            work.situation(situation);
        }
        for (m, item) in items.iter().enumerate() {
            work.member(m, item);
        }
        let Work { alone, fields, own, .. } = work;
        let by_id = fields.iter().enumerate().map(|(i, f)| (f.id.clone(), i)).collect();
        Self { items, alone, fields, own, by_id }
    }

    /// The field of the one form that a member's own field is.
    pub fn woven(&self, member: usize, own: &str) -> Option<&Woven<'a>> {
        self.fields.get(*self.own.get(member)?.get(own)?)
    }

    /// The field with this id.
    pub fn field(&self, id: &str) -> Option<&Woven<'a>> {
        self.fields.get(*self.by_id.get(id)?)
    }

    /// A member's own answers out of the one form's.
    pub fn project(&self, member: usize, answers: &Answers) -> Answers {
        let asked = |id: &String| {
            let woven = self.field(id).into_iter();
            woven.flat_map(move |w| {
                w.asked.iter().filter(move |(m, _)| *m == member).map(move |(_, f)| (w, *f))
            })
        };
        let mut out = Answers::new();
        for (id, value) in answers {
            for (woven, field) in asked(id) {
                let columns = woven.merged_group.then(|| shape::columns(field));
                out.insert(field.id.clone(), columns.map_or_else(|| value.clone(), |c| c.down(value)));
            }
        }
        out
    }
}

struct Work<'a> {
    alone: bool,
    fields: Vec<Woven<'a>>,
    /// Fields that may be joined; several under one key when their shapes differ.
    keys: HashMap<Key<'a>, Vec<usize>>,
    ids: HashSet<String>,
    own: Vec<HashMap<&'a str, usize>>,
}

impl<'a> Work<'a> {
    /// A question of the theme; one that no item asks stays the theme's.
    fn situation(&mut self, situation: &'a Situation) {
        let place = self.fields.len();
        self.ids.insert(situation.id.clone());
        self.keys.entry(Key::Situation(&situation.id)).or_default().push(place);
        self.fields.push(Woven {
            id: situation.id.clone(),
            asked: Vec::new(),
            situation: Some(situation),
            theme: true,
            paper: false,
            merged_group: false,
        });
    }

    fn member(&mut self, m: usize, item: &'a Item) {
        let mut own = HashMap::new();
        let mut taken = HashSet::new();
        for section in &item.form.sections {
            for field in &section.fields {
                let key = self.key(item, &section.id, field);
                // Of two fields of one item that ask for the same, the second is its own: an answer has one place.
                let key = key.filter(|k| taken.insert(*k));
                let place = self.place(m, item, field, key);
                own.insert(field.id.as_str(), place);
            }
        }
        self.own.push(own);
    }

    fn key(&self, item: &'a Item, section: &str, field: &'a Field) -> Option<Key<'a>> {
        if section == SITUATION
            && let Some(situation) = item.situations.iter().find(|s| s.id == field.id)
        {
            return Some(Key::Situation(&situation.id));
        }
        if field.kind() == FieldType::File {
            let mut of = papers_in(item, &field.id);
            // A field for several papers at once is nobody else's.
            return match (of.next(), of.next()) {
                (Some((m, _)), None) => {
                    paper_of(item, m).map(|(kind, holder, nth)| Key::Paper(kind, holder, nth))
                }
                _ => None,
            };
        }
        field.element.as_deref().map(Key::Element)
    }

    /// Where a member's field goes: to one of the same shape, else a new place.
    fn place(&mut self, m: usize, item: &'a Item, field: &'a Field, key: Option<Key<'a>>) -> usize {
        let known = key.and_then(|k| self.keys.get(&k)).into_iter().flatten().copied();
        let fits = |place: &usize| self.fields.get(*place).is_some_and(|woven| joins(woven, field));
        if let Some(place) = known.into_iter().find(fits) {
            if let Some(woven) = self.fields.get_mut(place) {
                woven.asked.push((m, field));
            }
            return place;
        }
        let first = key.is_some_and(|k| !self.keys.contains_key(&k));
        let place = self.fields.len();
        let id = self.name(item, field, key.filter(|_| first));
        let situation = match key {
            Some(Key::Situation(id)) => item.situations.iter().find(|s| s.id == id),
            _ => None,
        };
        let paper = field.kind() == FieldType::File && papers_in(item, &field.id).next().is_some();
        let merged_group = !self.alone && field.kind() == FieldType::Group && field.element.is_some();
        self.fields.push(Woven { id, asked: vec![(m, field)], situation, theme: false, paper, merged_group });
        if let Some(key) = key {
            self.keys.entry(key).or_default().push(place);
        }
        place
    }

    /// A field's id: its own in an item's own form; else by what it is, or by its item.
    fn name(&mut self, item: &Item, field: &Field, key: Option<Key<'a>>) -> String {
        if self.alone {
            return field.id.clone();
        }
        let name = match key {
            Some(Key::Situation(id)) => id.to_owned(),
            Some(Key::Element(element)) => element.replace('.', "_"),
            Some(Key::Paper(kind, holder, 0)) => format!("paper_{kind}_{holder}"),
            Some(Key::Paper(kind, holder, nth)) => format!("paper_{kind}_{holder}_{}", nth + 1),
            None => format!("{}__{}", item.key, field.id),
        };
        let plain = |c: char| if c.is_ascii_lowercase() || c.is_ascii_digit() { c } else { '_' };
        let mut name: String = name.chars().map(plain).collect();
        if !name.starts_with(|c: char| c.is_ascii_lowercase()) {
            name.insert_str(0, "f_");
        }
        name.truncate(ID_MAX);
        let mut free = name.clone();
        let mut n = 1;
        while !self.ids.insert(free.clone()) {
            n += 1;
            let end = format!("_{n}");
            let mut short = name.clone();
            short.truncate(ID_MAX - end.len());
            free = format!("{short}{end}");
        }
        free
    }
}

/// The materials of an item that are handed in at this field.
pub(crate) fn papers_in<'i>(item: &'i Item, field: &str) -> impl Iterator<Item = (usize, &'i Material)> {
    let at = move |(_, m): &(usize, &Material)| m.field.as_deref() == Some(field);
    item.materials.iter().enumerate().filter(at)
}

/// Whether a field may join a woven one: its shape fits everyone who asks it, and its situation's answers are the same.
fn joins(woven: &Woven<'_>, field: &Field) -> bool {
    match (woven.asked.first(), woven.situation) {
        // Columns may differ, so a group must agree with everyone's; for all else one is like the other.
        (Some(_), _) if field.kind() == FieldType::Group => {
            woven.asked.iter().all(|(_, other)| shape::same(other, field))
        }
        (Some((_, first)), _) => shape::same(first, field),
        (None, Some(situation)) => {
            let words: HashSet<&str> = situation.options.iter().map(|o| o.value.as_str()).collect();
            let theirs: HashSet<&str> = field.options.iter().map(|o| o.value.as_str()).collect();
            words == theirs && situation.several == (field.kind() == FieldType::Several)
        }
        (None, None) => false,
    }
}
