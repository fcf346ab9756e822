//! Papers: what was handed in, what stands in for it, and what is still missing.

use super::matter::Check;
use crate::bundle::{Bundle, Way};
use crate::model::{Fact, FactAnswer, Given, Material};
use ::store::{Cx, Store};
use catalog::planner::Plan;
use catalog::{Instead, Item, Need};
use forms::{Answers, FieldType};
use kernel::rules::Verdict;
use kernel::{AccountId, FileId, Outcome, Refusal, RefusalKind};
use serde_json::{Value, json};

/// Puts files that were given by demand into the form's own file fields; what is left was given in another way.
pub(crate) fn merge(
    item: &Item,
    answers: &mut Answers,
    given: &[Material],
) -> Result<Vec<Material>, Refusal> {
    let mut rest = Vec::new();
    for material in given {
        let Some(spec) = item.materials.iter().find(|m| m.id == material.demand) else {
            return Err(unknown(&material.demand));
        };
        match (&material.given, &spec.field) {
            (Given::File(file), Some(field)) => {
                item.form.attach(answers, field, *file, &spec.name.zh);
            }
            _ => rest.push(material.clone()),
        }
    }
    Ok(rest)
}

/// Puts the papers that were given by demand, or by a paper of the plan, into the file fields of the one form; what is left is told
/// for each member as `item/demand`.
pub(crate) fn place(
    bundle: &Bundle,
    plan: &Plan,
    answers: &mut Answers,
    given: &[Material],
) -> Result<Vec<Material>, Refusal> {
    let mut rest = Vec::new();
    for material in given {
        let mut placed = None;
        for (member, published) in bundle.items.iter().enumerate() {
            let item = &published.item;
            for spec in item.materials.iter().filter(|m| meant(bundle, plan, item, m, &material.demand)) {
                let field = spec.field.as_deref().map(|f| bundle.lifted(member, f));
                match (&material.given, field) {
                    (Given::File(_), Some(field)) if placed.as_ref() == Some(&field) => {}
                    (Given::File(file), Some(field)) => {
                        bundle.form().attach(answers, &field, *file, &spec.name.zh);
                        placed = Some(field);
                    }
                    _ => {
                        let demand = format!("{}/{}", item.key, spec.id);
                        rest.push(Material { demand, given: material.given.clone() });
                        placed = placed.or_else(|| Some(String::new()));
                    }
                }
            }
        }
        if placed.is_none() {
            return Err(unknown(&material.demand));
        }
    }
    Ok(rest)
}

/// Whether what was handed in for `demand` is meant for this paper of the item.
fn meant(bundle: &Bundle, plan: &Plan, item: &Item, spec: &catalog::Material, demand: &str) -> bool {
    let whole = format!("{}/{}", item.key, spec.id);
    let planned = bundle.paper_for(plan, &item.key, &spec.id).map(|p| p.id.as_str());
    demand == spec.id || demand == whole || planned == Some(demand)
}

fn unknown(demand: &str) -> Refusal {
    Refusal::new(
        RefusalKind::Invalid,
        "cases.unknown-material",
        format!("该事项没有“{demand}”这项材料。"),
        format!("This item has no paper called “{demand}”."),
    )
    .field("materials", "请核对材料的标识。", "Check the id of the paper.")
}

/// The files named in the answers, wherever they stand.
pub(crate) fn files_in(answers: &Answers) -> Vec<FileId> {
    let mut found = Vec::new();
    for value in answers.values() {
        collect(value, &mut found);
    }
    found
}

fn collect(value: &Value, found: &mut Vec<FileId>) {
    match value {
        Value::Array(many) => many.iter().for_each(|v| collect(v, found)),
        Value::Object(fields) => {
            match fields.get("file").and_then(Value::as_str).and_then(|f| f.parse().ok()) {
                Some(file) => found.push(file),
                None => fields.values().for_each(|v| collect(v, found)),
            }
        }
        _ => {}
    }
}

/// The files of papers.
pub(crate) fn files_of(materials: &[Material]) -> Vec<FileId> {
    let file = |m: &Material| match m.given {
        Given::File(file) => Some(file),
        _ => None,
    };
    materials.iter().filter_map(file).collect()
}

/// The files in one answer.
pub(crate) fn files_of_value(value: &Value) -> Vec<FileId> {
    let mut found = Vec::new();
    collect(value, &mut found);
    found
}

/// Keeps loose uploads for good, with the commit that begins to use them; each once.
pub(crate) fn attach(cx: &mut Cx, files: impl IntoIterator<Item = FileId>) {
    let mut done = Vec::new();
    for file in files {
        if !done.contains(&file) {
            ::store::files::attach(cx, file);
            done.push(file);
        }
    }
}

/// Refuses files that are not this account's own uploads.
pub(crate) async fn own_files(store: &Store, account: AccountId, files: &[FileId]) -> Outcome<()> {
    for file in files {
        let info = ::store::files::info(store, *file).await?;
        if info.is_none_or(|i| i.owner != Some(account)) {
            return Err(Refusal::new(
                RefusalKind::Invalid,
                "cases.unknown-file",
                "有一份附件不存在，或不是您上传的。",
                "A file does not exist, or was not uploaded by you.",
            )
            .next("请重新上传这份附件。", "Please upload it again.")
            .into());
        }
    }
    Ok(())
}

/// Certificates that stand in for papers must still be valid when the commit happens.
pub(crate) async fn rely(cx: &mut Cx, materials: &[Material]) -> Outcome<()> {
    let store = cx.store().clone();
    for material in materials {
        let Given::Certificate(id) = &material.given else { continue };
        if let Some(certificate) = certificates::get(&store, *id).await? {
            certificates::guard(&mut cx.commit, &certificate);
        }
    }
    Ok(())
}

/// How every demand of the item is met; a required one that is not is a refusal that names its field.
pub(crate) async fn meet(
    check: &Check<'_>,
    answers: &Answers,
    given: Vec<Material>,
    facts: &[Fact],
    env: &Value,
) -> Outcome<Vec<Material>> {
    let item = &check.item.item;
    let mut met = Vec::new();
    let mut missing = Vec::new();
    for spec in &item.materials {
        let verdict = spec.when.as_ref().and_then(|w| w.rule()).map(|r| r.test(env));
        if verdict == Some(Verdict::No) {
            continue;
        }
        // Whether it is needed shows only once another party has confirmed, or once a register that is down answers: it is not asked for
        // now. Asked for in case, everybody would bring what few need and some cannot have (who is not married has no spouse's consent),
        // and a source that is down would stop them after all. The case is marked; nothing is granted before the register has answered,
        // and when it says that the paper is needed, a person asks for it (`rules::papers`).
        let later = matches!(&verdict, Some(Verdict::Absent(paths)) if untold(facts, paths));
        let mut how = handed_in(spec, item, answers);
        if how.is_empty() {
            how = given.iter().filter(|m| m.demand == spec.id).map(|m| m.given.clone()).collect();
            how = checked(check, spec, how).await?;
        }
        if let (true, Some(Way::As(stands))) = (how.is_empty(), check.ways.get(&spec.id)) {
            how = stands.clone();
        }
        if how.is_empty() {
            how = instead(check, spec, answers, facts);
        }
        // A paper that has no place in the form is proved by its register; when that holds nothing, a person looks at it.
        let can_bring = spec.field.is_some() || !spec.instead.contains(&Instead::Source);
        // What the item lets come later, and the applicant promised, is awaited (容缺受理).
        let promised = spec.tolerable.is_some() && check.later.contains(&spec.id);
        if how.is_empty() && spec.need == Need::Required && can_bring && !promised && !later {
            missing.push(spec);
        }
        met.extend(how.into_iter().map(|given| Material { demand: spec.id.clone(), given }));
    }
    if missing.is_empty() { Ok(met) } else { Err(refuse(&missing).into()) }
}

/// Whether one of these paths would be known if a register had answered: it is down, or waits for a party's word.
fn untold(facts: &[Fact], paths: &[String]) -> bool {
    let root = |path: &str| path.split(['.', '[']).next().unwrap_or_default().to_owned();
    paths.iter().any(|path| facts.iter().any(|f| f.answer.open() && f.alias == root(path)))
}

/// The fields of papers that would be missing, as far as the answers and the sources tell: what a certificate of the applicant may
/// stand in for counts as held. For the examples of packs, which have no wallet.
pub(crate) fn lacking(
    item: &Item,
    answers: &Answers,
    facts: &[Fact],
    env: &Value,
    later: &[String],
) -> Vec<String> {
    let stands_in = |spec: &catalog::Material, way: &Instead| match way {
        Instead::Certificate => true,
        Instead::Source => {
            facts.iter().any(|f| spec.source.as_ref() == Some(&f.alias) && f.answer != FactAnswer::NotFound)
        }
        Instead::Declaration => spec.field.as_ref().is_some_and(|f| answers.get(f) == Some(&json!(true))),
    };
    let lacks = |spec: &&catalog::Material| {
        let needed = match spec.when.as_ref().and_then(|w| w.rule()).map(|r| r.test(env)) {
            Some(Verdict::No) => false,
            Some(Verdict::Absent(paths)) => !untold(facts, &paths),
            _ => true,
        };
        let can_bring = spec.field.is_some() || !spec.instead.contains(&Instead::Source);
        let promised = spec.tolerable.is_some() && later.contains(&spec.id);
        needed
            && spec.need == Need::Required
            && can_bring
            && !promised
            && handed_in(spec, item, answers).is_empty()
            && !spec.instead.iter().any(|way| stands_in(spec, way))
    };
    let field =
        |spec: &catalog::Material| spec.field.clone().unwrap_or_else(|| format!("materials.{}", spec.id));
    item.materials.iter().filter(lacks).map(field).collect()
}

/// Files in the form's field, or a declaration ticked there.
fn handed_in(spec: &catalog::Material, item: &Item, answers: &Answers) -> Vec<Given> {
    let Some(field) = spec.field.as_ref().and_then(|id| item.form.field(id)) else { return Vec::new() };
    let value = answers.get(&field.id).unwrap_or(&Value::Null);
    match field.kind() {
        FieldType::Declaration if *value == json!(true) => vec![Given::Declared],
        FieldType::File => {
            let mut files = Vec::new();
            collect(value, &mut files);
            files.into_iter().map(Given::File).collect()
        }
        _ => Vec::new(),
    }
}

/// Certificates that were named must be the applicant's own, valid, and of the kind asked for.
async fn checked(check: &Check<'_>, spec: &catalog::Material, how: Vec<Given>) -> Outcome<Vec<Given>> {
    let now = check.house.ground.clock.now();
    let mut fine = Vec::new();
    for given in how {
        match given {
            Given::Certificate(id) => {
                let found = certificates::get(&check.house.ground.store, id).await?;
                let fits = found.is_some_and(|c| {
                    c.holder == check.filer.subject
                        && c.is_valid(now)
                        && spec.certificate.as_ref() == Some(&c.kind)
                });
                if !fits {
                    return Err(refuse(&[spec]).into());
                }
                fine.push(given);
            }
            Given::File(_) => fine.push(given),
            // Only a register, the form, the plan or the drawer of kept papers can say these.
            _ => {}
        }
    }
    Ok(fine)
}

/// What stands in for a paper, the best first. A register that does not answer now is asked later: it stands in too.
fn instead(check: &Check<'_>, spec: &catalog::Material, answers: &Answers, facts: &[Fact]) -> Vec<Given> {
    let way = |way: &Instead| match way {
        Instead::Certificate => spec
            .certificate
            .as_deref()
            .and_then(|kind| check.wallet.certificate(kind))
            .map(Given::Certificate),
        Instead::Source => spec.source.as_ref().and_then(|alias| {
            let fact = facts.iter().find(|f| f.alias == *alias)?;
            (fact.answer != FactAnswer::NotFound).then(|| Given::Fetched(alias.clone()))
        }),
        Instead::Declaration => {
            let ticked = spec.field.as_ref().is_some_and(|f| answers.get(f) == Some(&json!(true)));
            ticked.then_some(Given::Declared)
        }
    };
    spec.instead.iter().find_map(way).into_iter().collect()
}

fn refuse(missing: &[&catalog::Material]) -> Refusal {
    let mut refusal = Refusal::new(
        RefusalKind::Invalid,
        "cases.material-missing",
        "还缺少必要的材料。",
        "A required paper is missing.",
    )
    .next(
        "请补齐后再提交，已填写的内容都在。",
        "Add it and hand in again; everything you typed is still there.",
    );
    for spec in missing {
        let field = spec.field.clone().unwrap_or_else(|| format!("materials.{}", spec.id));
        refusal = refusal.field(
            field,
            format!("请提供{}。", spec.name.zh),
            format!("Please provide: {}.", spec.name.en),
        );
    }
    refusal
}
