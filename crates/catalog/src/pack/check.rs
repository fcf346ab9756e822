//! Checking one item: codes, ids, references, terms, and every rule against the typed paths it may read.

use super::tree::{Tree, inside};
use super::{Complaint, files::Files};
use crate::planner::hours;
use crate::{Handling, Instead, Item, ItemKind, Need, Shared};
use forms::FieldType;
use kernel::codes::{CreditCode, ImplementationCode};
use kernel::rules::{RuleError, Schema, Type};
use kernel::{AgencyCode, Text};
use std::collections::BTreeSet;

/// What was found in one file.
pub struct Found<'a> {
    file: &'a str,
    source: &'a str,
    tree: &'a Tree,
    pub complaints: Vec<Complaint>,
    /// Whether a rule cannot be evaluated.
    pub broken: bool,
    /// Whether the form begins with a section that the loader made of the situations.
    pub situations: bool,
}

impl<'a> Found<'a> {
    pub fn new(file: &'a str, source: &'a str, tree: &'a Tree) -> Self {
        Self { file, source, tree, complaints: Vec::new(), broken: false, situations: false }
    }

    pub fn say(&mut self, path: &str, zh: impl Into<String>, en: impl Into<String>) {
        self.text(path, Text::new(zh, en));
    }

    pub fn text(&mut self, path: &str, say: Text) {
        let (line, column) = self.tree.place(path);
        self.complaints.push(Complaint { file: self.file.to_owned(), line, column, say });
    }

    fn at(&mut self, path: &str, at: (usize, usize), say: Text) {
        let (line, column) = inside(self.source, self.tree.place(path), at);
        self.broken = true;
        self.complaints.push(Complaint { file: self.file.to_owned(), line, column, say });
    }

    pub(super) fn rule(&mut self, path: &str, outcome: Result<(), Vec<RuleError>>) {
        for error in outcome.err().unwrap_or_default() {
            self.at(path, (error.line, error.column), error.say);
        }
    }

    pub(super) fn unknown(&mut self, path: &str, what: (&str, &str), id: &str) {
        self.say(path, format!("没有名为“{id}”的{}。", what.0), format!("There is no {} `{id}`.", what.1));
    }

    pub(super) fn ids<'i>(&mut self, path: &str, ids: impl Iterator<Item = &'i str>) {
        let mut seen = BTreeSet::new();
        for (i, id) in ids.enumerate() {
            let path = format!("{path}[{i}].id");
            if !forms::compile::is_id(id) {
                self.say(
                    &path,
                    format!("“{id}”不能作标识：请用小写字母开头，由小写字母、数字和下划线组成。"),
                    format!("`{id}` is no id: begin with a lower-case letter, then letters, digits and `_`."),
                );
            }
            if !seen.insert(id) {
                self.say(&path, format!("标识“{id}”用了两次。"), format!("The id `{id}` is used twice."));
            }
        }
    }
}

/// Whether `word` may name an item, a certificate, a kind of paper: lower-case letters, digits and hyphens.
pub(super) fn is_slug(word: &str) -> bool {
    let fits = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    !word.is_empty() && word.len() <= 60 && !word.starts_with('-') && word.bytes().all(fits)
}

/// Loads the templates that the item names.
pub fn templates(item: &mut Item, folder: &str, files: &Files, found: &mut Found<'_>) {
    for (r, result) in item.results.iter_mut().enumerate() {
        let path = format!("results[{r}].template");
        let plain = !result.template.contains(['/', '\\']) && result.template.ends_with(".typ");
        if !plain {
            found.say(
                &path,
                "模板应是同一文件夹里的 .typ 文件。",
                "A template is a .typ file in the same folder.",
            );
            continue;
        }
        match files.get(&format!("{folder}{}", result.template)).map(|b| String::from_utf8(b.clone())) {
            Some(Ok(text)) => result.source = text,
            Some(Err(_)) => found.say(&path, "模板不是 UTF-8 文本。", "The template is not UTF-8 text."),
            None => found.say(
                &path,
                format!("文件夹里没有模板“{}”。", result.template),
                format!("There is no template `{}` in the folder.", result.template),
            ),
        }
    }
}

/// Checks everything and compiles every rule.
pub fn item(item: &mut Item, shared: &Shared, found: &mut Found<'_>) {
    particulars(item, found);
    terms(item, found);
    let known = shared.elements.schema();
    let schema = sources(item, shared, &known, found);
    super::situation::known(item, &schema, found);
    if let Err(complaints) = item.form.compile(&shared.elements, &schema) {
        for complaint in complaints {
            let path = format!("form{}", complaint.path);
            let path = super::situation::written(&path, found.situations);
            match complaint.at {
                Some(at) => found.at(&path, at, complaint.say),
                None => found.text(&path, complaint.say),
            }
        }
    }
    let mut all = schema;
    all.merge(&item.form.schema());
    materials(item, &all, found);
    super::process::check(item, &all, found);
    super::special::check(item, &all, found);
    super::special::entitlement(item, &known, shared, found);
    results(item, &all, found);
    super::fees::check(item, &all, found);
    super::graph::steps(item, found);
    super::examples::check(item, shared, found);
}

fn particulars(item: &Item, found: &mut Found<'_>) {
    if !is_slug(&item.key) {
        found.say(
            "",
            format!("文件夹名“{}”不能作事项的键：请用小写字母、数字和连字符。", item.key),
            format!(
                "The folder's name `{}` cannot be the item's key: lower-case letters, digits, hyphens.",
                item.key
            ),
        );
    }
    if let Err(error) = item.code.parse::<ImplementationCode>() {
        found.text("code", error.say);
    }
    agency(&item.agency, "agency", found);
    for (path, text) in
        [("name", &item.name), ("what", &item.what), ("who", &item.who), ("complain", &item.complain)]
    {
        if text.zh.trim().is_empty() || text.en.trim().is_empty() {
            found.say(path, "中文和英文都要写。", "Write it in both languages.");
        }
    }
    let audience: BTreeSet<_> = item.audience.iter().collect();
    if audience.is_empty() || audience.len() != item.audience.len() {
        found.say("audience", "请写明服务对象，每种一次。", "Say whom it serves, each once.");
    }
    if item.basis.is_empty() {
        found.say("basis", "请写明法律依据。", "Name the legal basis.");
    }
    super::theme::situations(&item.situations, found);
}

pub(super) fn agency(code: &AgencyCode, path: &str, found: &mut Found<'_>) {
    if AgencyCode::parse(code.as_str()).is_none() {
        found.say(
            path,
            format!("“{code}”不是部门代码，例如 nanjing.transport。"),
            format!("`{code}` is no agency's code, such as nanjing.transport."),
        );
    }
}

fn terms(item: &Item, found: &mut Found<'_>) {
    let (statutory, promised) = (item.terms.statutory, item.terms.promised);
    if hours(promised) > hours(statutory) {
        found.say(
            "terms.promised",
            format!("承诺时限（{promised}）长于法定时限（{statutory}）。"),
            format!("The promised term ({promised}) is longer than the statutory one ({statutory})."),
        );
    }
    let law = match (item.kind, item.joint) {
        (ItemKind::Permit, false) => Some((
            20,
            "行政许可法第四十二条；几个部门联合办理的写 joint: true",
            "Licensing Law, article 42; write `joint: true` when several agencies handle it together",
        )),
        (ItemKind::Permit, true) => {
            Some((45, "行政许可法第四十二条第二款", "Licensing Law, article 42, paragraph 2"))
        }
        // The longest of any registration; that of market entities is 3.
        (ItemKind::Registration, _) => {
            Some((30, "不动产登记暂行条例第二十条", "Regulation on Real-Estate Registration, article 20"))
        }
        _ => None,
    };
    if let Some((most, zh, en)) = law.filter(|(most, _, _)| hours(statutory) > most * 8) {
        found.say(
            "terms.statutory",
            format!("法定时限最长{most}个工作日（{zh}）。"),
            format!("The statutory term is {most} working days at most ({en})."),
        );
    }
    precheck(item, found);
    if item.handling == Handling::Instant && hours(promised) > 8 {
        found.say(
            "terms.promised",
            "即办件应在一个工作日内办结。",
            "An instant item is done within one working day.",
        );
    }
}

/// Licensing Law, article 32: what is missing is told within five working days, so a look before that is no longer.
fn precheck(item: &Item, found: &mut Found<'_>) {
    let acceptance = 5 * 8;
    if let Some(precheck) = item.precheck.filter(|p| item.kind == ItemKind::Permit && hours(*p) > acceptance)
    {
        found.say(
            "precheck",
            format!("预审（{precheck}）不能长于受理的期限5个工作日（行政许可法第三十二条）。"),
            format!("The look before receipt ({precheck}) is longer than the 5 working days for acceptance (Licensing Law, article 32)."),
        );
    }
}

/// Checks the registers asked, in order; answers the schema of all that rules may read beside the form.
fn sources(item: &mut Item, shared: &Shared, known: &Schema, found: &mut Found<'_>) -> Schema {
    found.ids("sources", item.sources.iter().map(|s| s.id.as_str()));
    let mut readable = known.clone();
    readable.merge(&item.form.schema());
    let mut schema = known.clone();
    for (s, source) in item.sources.iter_mut().enumerate() {
        let path = format!("sources[{s}]");
        if ["form", "row", "person", "organisation", "today"].contains(&source.id.as_str()) {
            found.say(
                &format!("{path}.id"),
                "这个名字已另有用途。",
                "This name is taken by the rules themselves.",
            );
        }
        let Some(register) = shared.register(&source.source) else {
            found.unknown(
                &format!("{path}.source"),
                ("登记（见 sources.yaml）", "register (see sources.yaml)"),
                &source.source,
            );
            continue;
        };
        for key in register.keys.keys().filter(|k| !source.keys.contains_key(*k)) {
            found.say(
                &format!("{path}.keys"),
                format!("查询“{}”需要键“{key}”。", register.id),
                format!("Asking `{}` needs the key `{key}`.", register.id),
            );
        }
        for (key, rule) in &mut source.keys {
            let path = format!("{path}.keys.{key}");
            if !register.keys.contains_key(key) {
                found.unknown(&path, ("查询键", "key"), key);
            }
            found.rule(&path, rule.compile_value(&readable));
        }
        if let Some(when) = &mut source.when {
            found.rule(&format!("{path}.when"), when.compile(&readable));
        }
        shared.put(&mut readable, &source.id, &source.source);
        shared.put(&mut schema, &source.id, &source.source);
    }
    schema
}

fn materials(item: &mut Item, schema: &Schema, found: &mut Found<'_>) {
    found.ids("materials", item.materials.iter().map(|m| m.id.as_str()));
    let Item { materials, form, sources, process, renews, .. } = item;
    for (m, material) in materials.iter_mut().enumerate() {
        let path = format!("materials[{m}]");
        if let Some(when) = &mut material.when {
            found.rule(&format!("{path}.when"), when.compile(schema));
        }
        if let Some(field) = &material.field {
            let kind = form.field(field).map(forms::Field::kind);
            if !matches!(kind, Some(FieldType::File | FieldType::Declaration)) {
                found.unknown(
                    &format!("{path}.field"),
                    ("文件或声明字段", "file or declaration field"),
                    field,
                );
            }
        }
        let dated = |id: &String| form.field(id).is_some_and(|f| f.kind() == FieldType::Date);
        if let Some(issued) = material.issued.as_ref().filter(|id| !dated(id)) {
            found.unknown(&format!("{path}.issued"), ("日期字段", "date field"), issued);
        }
        if let Some(issuer) = &material.issuer {
            agency(issuer, &format!("{path}.issuer"), found);
        }
        if let Some(source) = material.source.as_ref().filter(|id| !sources.iter().any(|s| s.id == **id)) {
            found.unknown(&format!("{path}.source"), ("数据来源", "source"), source);
        }
        let by_source = material.instead.contains(&Instead::Source);
        if by_source != material.source.is_some() {
            found.say(
                &format!("{path}.source"),
                "instead 含 source 时写明 source，否则不写。",
                "Give a `source` when `instead` has source, and only then.",
            );
        }
        if material.instead.contains(&Instead::Certificate) != material.certificate.is_some() {
            found.say(
                &format!("{path}.certificate"),
                "instead 含 certificate 时写明 certificate，否则不写。",
                "Give a `certificate` when `instead` has certificate, and only then.",
            );
        }
        super::special::tolerance(material, &path, found);
        super::special::whose(material, process, &path, found);
        // What is prolonged is held already, or there is nothing to prolong.
        let goes_on = renews.as_ref().is_some_and(|r| r.certificate == material.kind);
        if material.need != Need::Later && material.field.is_none() && !by_source && !goes_on {
            found.say(
                &path,
                "没有办法交这份材料：请写明 field（表单中的文件或声明字段）或 instead: [source]。",
                "There is no way to hand this in: name a `field` (file or declaration) or `instead: [source]`.",
            );
        }
    }
}

fn results(item: &mut Item, schema: &Schema, found: &mut Found<'_>) {
    for (r, result) in item.results.iter_mut().enumerate() {
        let path = format!("results[{r}]");
        if !is_slug(&result.certificate) {
            found.say(
                &format!("{path}.certificate"),
                "请用小写字母、数字和连字符。",
                "Use lower-case letters, digits and hyphens.",
            );
        }
        let (body, serial) = result.type_code.split_at_checked(18).unwrap_or((&result.type_code, ""));
        match body.parse::<CreditCode>() {
            Err(error) => found.text(&format!("{path}.type_code"), error.say),
            Ok(_) if serial.len() == 3 && serial.bytes().all(|b| b.is_ascii_digit()) => {}
            Ok(_) => found.say(
                &format!("{path}.type_code"),
                "证照类型代码是定义机构的18位统一社会信用代码加3位数字。",
                "A certificate's type code is the defining body's credit code and three digits.",
            ),
        }
        for (word, rule) in [("from", &mut result.valid.from), ("to", &mut result.valid.to)] {
            let Some(rule) = rule else { continue };
            let path = format!("{path}.valid.{word}");
            found.rule(&path, rule.compile_value(schema));
            if rule.rule().is_some_and(|r| !matches!(r.ty(), Type::Date)) {
                found.say(&path, "这里应得出一个日期。", "This must come to a date.");
            }
        }
        if result.valid.to.is_some() && result.valid.days.is_some() {
            found.say(&format!("{path}.valid"), "to 和 days 只写一个。", "Write `to` or `days`, not both.");
        }
        if result.renew_before.is_some() && result.valid.to.is_none() && result.valid.days.is_none() {
            found.say(
                &format!("{path}.renew_before"),
                "长期有效的证照不用延续。",
                "What is valid without end is not renewed.",
            );
        }
        let mut keys = BTreeSet::new();
        for (f, field) in result.fields.iter_mut().enumerate() {
            let path = format!("{path}.fields[{f}]");
            if !forms::compile::is_id(&field.key) || !keys.insert(field.key.clone()) {
                found.say(
                    &format!("{path}.key"),
                    "键要合规且不重复。",
                    "The key must be an id, and used once.",
                );
            }
            found.rule(&format!("{path}.value"), field.value.compile_value(schema));
        }
    }
}
