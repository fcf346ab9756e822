//! A new version of a certificate (更正、变更、延续): what may differ from the old one, and when it may be made. Pure.

use crate::model::{CertField, Certificate, State};
use crate::renewal::apply_by;
use jiff::civil::Date;
use kernel::{Refusal, RefusalKind, Timestamp, clock};
use serde::{Deserialize, Serialize};

/// Why there is a new version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum VersionKind {
    /// 更正: it never said what it should have said.
    Correction,
    /// 变更: what it says has changed since (Licensing Law art. 49).
    Change,
    /// 延续: it holds longer (Licensing Law art. 50).
    Renewal,
}

impl VersionKind {
    /// All of them, in the order of the page.
    pub const ALL: [Self; 3] = [Self::Correction, Self::Change, Self::Renewal];

    /// The stable word: `correction`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Correction => "correction",
            Self::Change => "change",
            Self::Renewal => "renewal",
        }
    }

    /// The kind called `word`.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }
}

/// What the new version says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewVersion {
    /// Why there is one.
    pub kind: VersionKind,
    /// In the agency's words; for a correction, what was wrong.
    pub why: String,
    /// The holder's name as printed, where it is another one.
    pub holder_name: Option<String>,
    /// New values of lines, by their keys.
    pub lines: Vec<(String, String)>,
    /// A renewal: the new last day.
    pub valid_until: Option<Date>,
    /// A renewal: when the holder applied.
    pub applied_on: Option<Date>,
}

/// The content of the new version, and which lines differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Draft {
    pub holder_name: String,
    pub fields: Vec<CertField>,
    pub valid_until: Option<Date>,
    /// Keys of lines, `holder`, `valid_until`.
    pub differs: Vec<String>,
}

/// The longest value of a line, in characters.
const VALUE_MAX: usize = 500;

/// Lays `want` over `old`.
///
/// # Errors
/// `certificates.wrong-state`, `certificates.version` with what is wrong at its field, or `certificates.nothing-changed`.
pub(crate) fn draft(old: &Certificate, want: &NewVersion, now: Timestamp) -> Result<Draft, Refusal> {
    let mut wrong = Refusal::new(
        RefusalKind::Invalid,
        "certificates.version",
        "请核对新版本的内容。",
        "Check what the new version says.",
    );
    let mut draft = Draft {
        holder_name: old.holder_name.clone(),
        fields: old.fields.clone(),
        valid_until: old.valid_until,
        differs: Vec::new(),
    };
    if want.kind == VersionKind::Renewal {
        wrong = extend(old, want, now, &mut draft, wrong)?;
    } else if old.state(now) != State::Valid {
        return Err(crate::rules::wrong_state());
    } else {
        wrong = rewrite(old, want, &mut draft, wrong);
    }
    if !wrong.fields.is_empty() {
        return Err(wrong);
    }
    if draft.differs.is_empty() { Err(nothing()) } else { Ok(draft) }
}

fn rewrite(old: &Certificate, want: &NewVersion, draft: &mut Draft, mut wrong: Refusal) -> Refusal {
    if let Some(name) = want.holder_name.as_deref().map(str::trim).filter(|n| *n != old.holder_name) {
        if name.is_empty() || name.chars().count() > VALUE_MAX {
            wrong = wrong.field("holder_name", "请填写持证人名称。", "Give the holder’s name.");
        }
        name.clone_into(&mut draft.holder_name);
        draft.differs.push("holder".to_owned());
    }
    for (key, value) in &want.lines {
        let Some(line) = draft.fields.iter_mut().find(|f| f.key == *key) else { continue };
        let value = value.trim();
        if value == line.value {
            continue;
        }
        if value.chars().count() > VALUE_MAX {
            let (zh, en) = ("不超过500字。", "500 characters at most.");
            wrong = wrong.field(format!("line.{key}"), zh, en);
        }
        value.clone_into(&mut line.value);
        draft.differs.push(key.clone());
    }
    wrong
}

/// Silence of the agency is consent only for an application in time: what has ended is renewed for no other reason.
fn extend(
    old: &Certificate,
    want: &NewVersion,
    now: Timestamp,
    draft: &mut Draft,
    mut wrong: Refusal,
) -> Result<Refusal, Refusal> {
    let today = clock::legal_date(now);
    let state = old.state(now);
    let Some(last) = old.valid_until else { return Err(endless()) };
    if !matches!(state, State::Valid | State::Expired { .. }) {
        return Err(crate::rules::wrong_state());
    }
    match want.applied_on {
        Some(on) if on > today => {
            wrong = wrong.field(
                "applied_on",
                "申请日期不能晚于今天。",
                "It cannot have been asked for after today.",
            );
        }
        Some(on) if matches!(state, State::Expired { .. }) && on > apply_by(last) => {
            return Err(too_late(last));
        }
        Some(_) => {}
        None => {
            wrong =
                wrong.field("applied_on", "请填写持证人提出延续申请的日期。", "Say when the holder applied.");
        }
    }
    match want.valid_until {
        Some(until) if until > last => {
            draft.valid_until = Some(until);
            draft.differs.push("valid_until".to_owned());
        }
        _ => {
            wrong = wrong.field(
                "valid_until",
                "新的有效期止应当晚于原来的有效期止。",
                "The new last day lies after the present one.",
            );
        }
    }
    Ok(wrong)
}

fn nothing() -> Refusal {
    Refusal::new(
        RefusalKind::Invalid,
        "certificates.nothing-changed",
        "新版本和现在的证照完全一样，没有生成新版本。",
        "The new version says the same as the certificate does; none was made.",
    )
    .next(
        "请修改需要更正或变更的内容后再提交。",
        "Change what is to be corrected or changed, then send it again.",
    )
}

fn endless() -> Refusal {
    Refusal::new(
        RefusalKind::Conflict,
        "certificates.no-end",
        "这张证照长期有效，不需要延续。",
        "This certificate does not end; it needs no renewal.",
    )
}

fn too_late(last: Date) -> Refusal {
    let by = apply_by(last);
    Refusal::new(
        RefusalKind::Invalid,
        "certificates.renewal-late",
        format!("有效期已于{last}届满。延续申请应当在{by}以前提出，逾期提出的不能视为准予延续。"),
        format!("Its time ended on {last}. Only an application made by {by} counts as granted when nobody decided."),
    )
    .field("applied_on", format!("应当不晚于{by}。"), format!("{by} at the latest."))
    .next("请按新办事项受理(《行政许可法》第五十条)。", "Take it as a new application (Administrative Licensing Law, art. 50).")
}
