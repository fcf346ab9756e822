//! The one form's state: every member that is part of the matter asks its own rules with its own answers, and what they say
//! is put together.

use super::{Member, Merged, build};
use crate::planner::{How, Plan};
use forms::{Answers, Evaluation, FieldType};
use kernel::{FieldError, Text};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

impl Merged {
    /// What is shown, must be answered and is wrong: the union over the members that are part of the matter. `facts` by
    /// member, as given to [`Merged::of`], hold what its rules may read beside `form.*`. A paper's field is shown when the
    /// plan asks for that paper, and must be answered when it must be there at filing; a declaration that stands for a paper
    /// when the plan says so.
    pub fn evaluate(&self, answers: &Answers, facts: &[Value], plan: &Plan) -> Evaluation {
        let mut all = self.own.evaluate(answers, &Value::Object(Map::new()));
        for (m, member) in self.members.iter().enumerate().filter(|(_, m)| plan.takes(&m.item)) {
            let facts = self.given.iter().position(|g| *g == m).and_then(|g| facts.get(g));
            let one = member.evaluate(answers, facts.unwrap_or(&Value::Null), plan);
            all.show.extend(one.show);
            all.require.extend(one.require);
            for error in one.errors {
                // What is missing is said once, in the words of whoever asks first.
                let said = all.missing.contains(&error.field) && one.missing.contains(&error.field);
                if !said && !all.errors.contains(&error) {
                    all.errors.push(error);
                }
            }
            all.missing.extend(one.missing);
        }
        let place: BTreeMap<&str, usize> =
            self.form.fields().enumerate().map(|(n, f)| (f.id.as_str(), n)).collect();
        all.errors.sort_by_key(|e| place.get(build::root(&e.field)).copied());
        all
    }
}

impl Member {
    fn evaluate(&self, answers: &Answers, facts: &Value, plan: &Plan) -> Evaluation {
        let own = self.project(answers);
        let mut state = self.form.evaluate(&own, facts);
        for (field, papers) in &self.papers {
            self.paper(field, papers, &own, plan, &mut state);
        }
        let up = |path: &String| self.path_up(path);
        let error = |e: &FieldError| Some(FieldError { field: up(&e.field)?, say: e.say.clone() });
        Evaluation {
            show: state.show.iter().filter_map(up).collect(),
            require: state.require.iter().filter_map(up).collect(),
            errors: state.errors.iter().filter_map(error).collect(),
            missing: state.missing.iter().filter_map(up).collect(),
        }
    }

    /// Whether a paper's own field is shown and must be answered, by the plan.
    fn paper(&self, id: &str, papers: &[String], own: &Answers, plan: &Plan, state: &mut Evaluation) {
        let Some(field) = self.form.field(id) else { return };
        let wanted = if field.kind() == FieldType::File { How::Asked } else { How::Declared };
        let of = |p: &&crate::planner::PlannedPaper| {
            papers.contains(&p.id) && p.how == wanted && p.demands.iter().any(|(item, _)| *item == self.item)
        };
        let asked: Vec<_> = plan.papers.iter().filter(of).collect();
        let wrong = state.errors.iter().any(|e| e.field == id) && !state.missing.contains(id);
        if !wrong {
            state.errors.retain(|e| e.field != id);
            state.missing.remove(id);
        }
        state.require.remove(id);
        if asked.is_empty() {
            state.errors.retain(|e| e.field != id);
            state.show.remove(id);
            return;
        }
        let must = asked.iter().any(|p| !p.optional && !p.later);
        if !state.show.contains(id) {
            // A rule of the form keeps it away; a paper that must be there has its place all the same.
            if !must || field.show.is_none() {
                return;
            }
            state.show.insert(id.to_owned());
        }
        if must {
            state.require.insert(id.to_owned());
            let empty = own.get(id).is_none_or(|v| v.as_array().is_some_and(Vec::is_empty));
            if empty && !wrong {
                state.missing.insert(id.to_owned());
                state
                    .errors
                    .push(FieldError { field: id.to_owned(), say: missing(field.kind(), &field.label) });
            }
        }
    }
}

fn missing(kind: FieldType, label: &Text) -> Text {
    if kind == FieldType::File {
        return Text::new(format!("请上传{}。", label.zh), format!("Upload: {}.", label.en));
    }
    Text::new("请确认后勾选。", "Please confirm by ticking this.")
}
