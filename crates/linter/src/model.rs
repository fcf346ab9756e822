//! What the linter says: a rule, how bad, where, why, and what to do.

use catalog::{Item, Knowledge, MatterTheme, Register};
use forms::Elements;
use kernel::{AgencyCode, Lang, Text};
use serde::Serialize;

/// Everything that is looked at together.
#[derive(Debug, Clone, Copy)]
pub struct Stock<'a> {
    /// The items.
    pub items: &'a [Item],
    /// The themes that join them (一件事).
    pub themes: &'a [MatterTheme],
    /// What papers prove and who issues them.
    pub knowledge: &'a Knowledge,
    /// The registers that items may ask.
    pub registers: &'a [Register],
    /// The dictionary of data elements.
    pub elements: &'a Elements,
    /// The agencies with what each does; without them, responsibility is judged by the known functions only.
    pub agencies: Option<&'a [(AgencyCode, Option<String>)]>,
}

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// It must not be published: a person would be sent in circles, or against the law.
    Error,
    /// It should be mended: a person is asked more than needed.
    Warning,
    /// Worth knowing.
    Note,
}

impl Severity {
    /// Its name.
    pub fn name(self) -> Text {
        match self {
            Self::Error => Text::new("错误", "error"),
            Self::Warning => Text::new("警告", "warning"),
            Self::Note => Text::new("提示", "note"),
        }
    }
}

/// What is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rule {
    /// 循环证明: papers that can only be had with each other.
    CircularProof,
    /// 奇葩证明: a paper that nobody is responsible for.
    OddProofNobody,
    /// 奇葩证明: a paper that proves what a register of the government holds.
    OddProofHeld,
    /// One paper under two names.
    SamePaperTwoNames,
    /// A term longer than the law allows.
    TermBeyondLaw,
    /// A step, paper or member that never comes to be.
    UnreachableStep,
    /// A rule that cannot be evaluated.
    RuleUnevaluable,
    /// A fee without a basis.
    FeeWithoutBasis,
    /// A certificate that nobody issues.
    CertificateNobodyIssues,
    /// One data element asked in different ways.
    ElementAskedDifferently,
    /// One situation with different questions or answers.
    SituationDiffers,
    /// A kind of paper that the dictionary does not know.
    UnknownKind,
    /// A claim that the dictionary does not know.
    UnknownClaim,
    /// A field that asks again for what is known.
    NeedlessField,
    /// A member that is to wait for another, where nothing ever waits.
    DependencyWithoutEffect,
    /// A law that binds no procedure of the item's kind.
    UnknownLaw,
    /// A fee that is due on acceptance and stands before whatever would accept.
    FeeBeforeAcceptance,
}

impl Rule {
    /// Every rule.
    pub const ALL: [Self; 17] = [
        Self::CircularProof,
        Self::OddProofNobody,
        Self::OddProofHeld,
        Self::SamePaperTwoNames,
        Self::TermBeyondLaw,
        Self::UnreachableStep,
        Self::RuleUnevaluable,
        Self::FeeWithoutBasis,
        Self::CertificateNobodyIssues,
        Self::ElementAskedDifferently,
        Self::SituationDiffers,
        Self::UnknownKind,
        Self::UnknownClaim,
        Self::NeedlessField,
        Self::DependencyWithoutEffect,
        Self::UnknownLaw,
        Self::FeeBeforeAcceptance,
    ];

    /// A stable word.
    pub fn word(self) -> &'static str {
        match self {
            Self::CircularProof => "circular-proof",
            Self::OddProofNobody => "odd-proof-nobody",
            Self::OddProofHeld => "odd-proof-held",
            Self::SamePaperTwoNames => "same-paper-two-names",
            Self::TermBeyondLaw => "term-beyond-law",
            Self::UnreachableStep => "unreachable-step",
            Self::RuleUnevaluable => "rule-unevaluable",
            Self::FeeWithoutBasis => "fee-without-basis",
            Self::CertificateNobodyIssues => "certificate-nobody-issues",
            Self::ElementAskedDifferently => "element-asked-differently",
            Self::SituationDiffers => "situation-differs",
            Self::UnknownKind => "unknown-kind",
            Self::UnknownClaim => "unknown-claim",
            Self::NeedlessField => "needless-field",
            Self::DependencyWithoutEffect => "dependency-without-effect",
            Self::UnknownLaw => "unknown-law",
            Self::FeeBeforeAcceptance => "fee-before-acceptance",
        }
    }

    /// Its name.
    pub fn name(self) -> Text {
        let (zh, en) = match self {
            Self::CircularProof => ("循环证明", "circular proof"),
            Self::OddProofNobody => ("奇葩证明：无人负责", "odd proof: nobody is responsible"),
            Self::OddProofHeld => ("奇葩证明：政府已有", "odd proof: government holds it"),
            Self::SamePaperTwoNames => ("一件材料两个名称", "one paper under two names"),
            Self::TermBeyondLaw => ("时限超过法定", "term beyond the law"),
            Self::UnreachableStep => ("永远到不了", "never reached"),
            Self::RuleUnevaluable => ("规则无法计算", "rule that cannot be evaluated"),
            Self::FeeWithoutBasis => ("收费没有依据", "fee without basis"),
            Self::CertificateNobodyIssues => ("没有单位核发的证照", "certificate nobody issues"),
            Self::ElementAskedDifferently => {
                ("同一数据元问法不同", "one data element asked in different ways")
            }
            Self::SituationDiffers => ("同一情形问法不同", "one situation asked in different ways"),
            Self::UnknownKind => ("材料类型不在字典", "kind of paper not in the dictionary"),
            Self::UnknownClaim => ("证明内容不在字典", "claim not in the dictionary"),
            Self::NeedlessField => ("已知的又问一遍", "what is known is asked again"),
            Self::DependencyWithoutEffect => ("等待不起作用", "dependency without effect"),
            Self::UnknownLaw => ("程序法不适用", "law does not apply"),
            Self::FeeBeforeAcceptance => ("缴费与受理互相等待", "fee and acceptance wait for each other"),
        };
        Text::new(zh, en)
    }
}

/// One thing found, with its place, why, and what to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Which rule.
    pub rule: Rule,
    /// How bad.
    pub severity: Severity,
    /// The item's key or theme's id; `knowledge`, `sources` or `elements` for what all share.
    pub item: String,
    /// The place in its file: `materials[2].kind`.
    pub path: String,
    /// Why it is wrong.
    pub why: Text,
    /// What to do.
    pub fix: Text,
    /// For circular proofs: the items round the whole circle, the first again at the end.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub circle: Vec<String>,
}

impl Finding {
    /// The finding in one line: `error circular-proof: why What to do.`
    pub fn line(&self, lang: Lang) -> String {
        let gap = if lang == Lang::En { " " } else { "" };
        format!(
            "{} [{}] {}{gap}{}",
            self.severity.name().get(lang),
            self.rule.word(),
            self.why.get(lang),
            self.fix.get(lang)
        )
    }
}

/// Where findings are gathered.
#[derive(Debug, Default)]
pub(crate) struct Report {
    found: Vec<Finding>,
}

impl Report {
    pub fn add(&mut self, rule: Rule, severity: Severity, at: (&str, String), why: Text, fix: Text) {
        let (item, path) = at;
        self.found.push(Finding {
            rule,
            severity,
            item: item.to_owned(),
            path,
            why,
            fix,
            circle: Vec::new(),
        });
    }

    pub fn circle(&mut self, finding: Finding) {
        self.found.push(finding);
    }

    /// Sorted by severity, item, place and rule.
    pub fn sorted(mut self) -> Vec<Finding> {
        self.found.sort_by(|a, b| {
            let key = |f: &Finding| (f.severity, f.item.clone(), f.path.clone(), f.rule, f.why.en.clone());
            key(a).cmp(&key(b))
        });
        self.found.dedup();
        self.found
    }
}
