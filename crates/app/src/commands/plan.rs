//! `yimen plan THEME|ITEM…`: what a joint matter takes, and what fell away of what was asked before, each with its reason.

mod table;

use catalog::planner::{self, Plan, Question, Reform};
use catalog::{Item, MatterTheme, Merged, Pack, Sharing, Situation};
use clap::Args;
use forms::Answers;
use kernel::{Fault, Lang};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// What is to be planned.
#[derive(Args)]
pub struct PlanArgs {
    /// One theme (`stock-house`), or items by key or code.
    #[arg(required = true)]
    names: Vec<String>,
    /// The folder of packs.
    #[arg(long, default_value = "packs")]
    packs: PathBuf,
    /// What the agencies share: a sharing of the theme, such as `2016` or `today`; the theme's last one when not said.
    #[arg(long)]
    sharing: Option<String>,
    /// An answer to a situation, `mortgage=yes`; may be given several times.
    #[arg(long = "situation", value_name = "ID=ANSWER")]
    situations: Vec<String>,
    /// As JSON.
    #[arg(long)]
    json: bool,
    /// The language of the table: `zh-CN` or `en`.
    #[arg(long, default_value = "zh-CN")]
    lang: String,
}

/// Plans and prints.
///
/// # Errors
/// A [`Fault`] that says which pack, name, sharing or answer is wrong.
pub fn run(args: &PlanArgs) -> Result<(), Fault> {
    let lang = super::lang(&args.lang)?;
    let pack = load(&args.packs, lang)?;
    let planned = plan(&pack, &args.names, args.sharing.as_deref(), &args.situations)?;
    if args.json {
        println!("{:#}", planned.json());
    } else {
        print!("{}", table::table(&planned, lang));
    }
    Ok(())
}

/// The packs of a folder.
///
/// # Errors
/// A [`Fault`] with every complaint.
pub fn load(packs: &Path, lang: Lang) -> Result<Pack, Fault> {
    catalog::pack::load(packs).map_err(|complaints| {
        let lines: Vec<String> = complaints.iter().map(|c| c.line(lang)).collect();
        Fault::new(lines.join("\n"))
    })
}

/// A matter planned, and what that means against what was asked before.
pub struct Planned<'a> {
    /// The theme, when it is one.
    pub theme: Option<&'a MatterTheme>,
    /// The items.
    pub members: Vec<&'a Item>,
    /// Under which sharing.
    pub sharing: Option<&'a Sharing>,
    /// The plan.
    pub plan: Plan,
    /// Before and after.
    pub reform: Reform,
}

impl Planned<'_> {
    /// As JSON: the figures on top, then the reform and the plan whole.
    pub fn json(&self) -> Value {
        let mut out = json!({
            "theme": self.theme.map(|t| &t.id),
            "items": self.members.iter().map(|i| &i.key).collect::<Vec<_>>(),
            "sharing": self.sharing.map(|s| &s.id),
        });
        let reform = serde_json::to_value(&self.reform).unwrap_or_default();
        if let (Some(out), Value::Object(reform)) = (out.as_object_mut(), reform) {
            out.extend(reform);
            out.insert("plan".to_owned(), serde_json::to_value(&self.plan).unwrap_or_default());
        }
        out
    }
}

/// Plans a theme or some items of a pack.
///
/// # Errors
/// A [`Fault`] that names what there is instead.
pub fn plan<'a>(
    pack: &'a Pack,
    names: &[String],
    sharing: Option<&str>,
    situations: &[String],
) -> Result<Planned<'a>, Fault> {
    let (theme, members) = pack.members(names)?;
    let sharing = shared(theme, sharing)?;
    let answers = answers(theme, &members, situations)?;
    let shared = &pack.shared;
    let question = Question {
        theme,
        answers: &answers,
        sharing,
        ..Question::of(&members, &shared.knowledge, &shared.registers)
    };
    let plan = planner::plan(&question);
    let merged = Merged::of(&members, theme, &shared.elements);
    let reform = match theme {
        Some(theme) => planner::compare(theme, &plan, &merged),
        None => planner::compare_items(&members, &plan, &merged),
    };
    Ok(Planned { theme, members, sharing, plan, reform })
}

/// The sharing asked for; else the theme's last one, which is today's.
fn shared<'a>(theme: Option<&'a MatterTheme>, wanted: Option<&str>) -> Result<Option<&'a Sharing>, Fault> {
    let Some(wanted) = wanted else { return Ok(theme.and_then(|t| t.sharing.last())) };
    let Some(theme) = theme else {
        return Err(Fault::new(
            "a sharing belongs to a theme; items are planned by what they allow themselves",
        ));
    };
    let known: Vec<&str> = theme.sharing.iter().map(|s| s.id.as_str()).collect();
    let found = theme.sharing(wanted).map(Some);
    found.ok_or_else(|| Fault::new(format!("{} has no sharing {wanted:?}: {}", theme.id, known.join(", "))))
}

/// Answers to the situations that the theme or its items ask.
fn answers(theme: Option<&MatterTheme>, members: &[&Item], given: &[String]) -> Result<Answers, Fault> {
    let of_items = members.iter().flat_map(|i| &i.situations);
    let asked: BTreeMap<&str, &Situation> =
        theme.into_iter().flat_map(|t| &t.situations).chain(of_items).map(|s| (s.id.as_str(), s)).collect();
    let mut answers = Answers::new();
    for one in given {
        let (id, value) = one
            .split_once('=')
            .ok_or_else(|| Fault::new(format!("{one:?}: write a situation as mortgage=yes")))?;
        let situation = asked.get(id).ok_or_else(|| {
            let ids: Vec<&str> = asked.keys().copied().collect();
            Fault::new(format!("nobody asks for the situation {id:?}; asked are: {}", ids.join(", ")))
        })?;
        let answer = situation.answer(value.split(',')).ok_or_else(|| {
            let options: Vec<&str> = situation.options.iter().map(|o| o.value.as_str()).collect();
            let how = if situation.several { "several, with commas between them," } else { "one" };
            Fault::new(format!("{id} is answered by {how} of {}, not by {value:?}", options.join(", ")))
        })?;
        answers.insert(id.to_owned(), answer);
    }
    Ok(answers)
}

/// Chinese or English.
fn say<'t>(lang: Lang, zh: &'t str, en: &'t str) -> &'t str {
    if lang == Lang::ZhCn { zh } else { en }
}
