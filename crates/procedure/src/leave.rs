//! Whose leave more time needs, and the document that gives it.

use crate::frame::MoreTime;
use jiff::civil::Date;
use kernel::{FileId, Refusal, RefusalKind, Text};
use serde::{Deserialize, Serialize};

/// Whose leave more time needs (Administrative Licensing Law art. 42).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LeaveOf {
    /// 本行政机关负责人: whoever is in charge of the body extends.
    Agency,
    /// 本级人民政府负责人: when several bodies decide together (art. 42 para. 2). Given outside the body, so it is proven by its
    /// document.
    Government,
}

impl LeaveOf {
    /// Who that is.
    pub fn name(self) -> Text {
        match self {
            Self::Agency => Text::new("本行政机关负责人", "the head of the agency"),
            Self::Government => Text::new("本级人民政府负责人", "the head of the people's government"),
        }
    }
}

/// The leave of a head of government, as its document says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Leave {
    /// Which government: 佛山市禅城区人民政府.
    pub body: String,
    /// Who gave it.
    pub signer: String,
    /// The document's number.
    pub number: String,
    /// The day it was given.
    pub on: Date,
    /// The document on file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence: Option<FileId>,
}

impl Leave {
    /// The leave in one sentence's part: 经某市人民政府市长批准，文号，日期.
    pub fn said(&self) -> Text {
        let Self { body, signer, number, on, .. } = self;
        Text::new(
            format!("经{body}{signer}批准，{number}，{on}"),
            format!("By leave of {body} ({signer}), {number}, {on}"),
        )
    }
}

impl MoreTime {
    /// Whether the leave that is needed is there, on the day of the act. That the head of the body itself acts is for its rules.
    ///
    /// # Errors
    /// `procedure.leave-of-government`, each thing that is missing at its field (`leave.body`, …).
    pub fn check(&self, leave: Option<&Leave>, on: Date) -> Result<(), Refusal> {
        if self.of == LeaveOf::Agency {
            return Ok(());
        }
        let mut refusal = needed();
        let blank = |read: fn(&Leave) -> &str| leave.is_none_or(|l| read(l).trim().is_empty());
        if blank(|l| &l.body) {
            refusal = refusal.field("leave.body", "请填写批准的人民政府。", "Say which government gave it.");
        }
        if blank(|l| &l.signer) {
            refusal = refusal.field("leave.signer", "请填写批准的负责人。", "Say who gave it.");
        }
        if blank(|l| &l.number) {
            refusal = refusal.field("leave.number", "请填写批准文号。", "Give the number of its document.");
        }
        match leave.map(|l| l.on) {
            None => refusal = refusal.field("leave.on", "请填写批准日期。", "Give the day of the leave."),
            Some(day) if day > on => {
                refusal = refusal.field(
                    "leave.on",
                    "批准日期不能晚于办理延期的日期。",
                    "The leave cannot be later than the extension.",
                );
            }
            Some(_) => {}
        }
        if refusal.fields.is_empty() { Ok(()) } else { Err(refusal) }
    }
}

fn needed() -> Refusal {
    Refusal::new(
        RefusalKind::Invalid,
        "procedure.leave-of-government",
        "联合办理延长期限，须经本级人民政府负责人批准（《行政许可法》第四十二条第二款）。",
        "More time for a joint procedure needs the leave of the head of the people's government (Administrative Licensing Law, \
         article 42, paragraph 2).",
    )
    .next("请填写批准文书的内容。", "Fill in what the document of the leave says.")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Frame;
    use jiff::civil::date;

    fn fields(leave: Option<&Leave>) -> Vec<String> {
        let more = Frame::Licence.extension(true).unwrap();
        match more.check(leave, date(2026, 11, 23)) {
            Ok(()) => Vec::new(),
            Err(refusal) => refusal.fields.into_iter().map(|f| f.field).collect(),
        }
    }

    #[test]
    fn a_joint_extension_needs_the_head_of_the_government() {
        assert_eq!(fields(None), ["leave.body", "leave.signer", "leave.number", "leave.on"]);
        let leave = Leave {
            body: "佛山市禅城区人民政府".to_owned(),
            signer: "区长".to_owned(),
            number: "禅府批〔2026〕7号".to_owned(),
            on: date(2026, 11, 23),
            evidence: None,
        };
        assert!(fields(Some(&leave)).is_empty());
        let wrong = Leave { number: " ".to_owned(), on: date(2026, 11, 24), ..leave };
        assert_eq!(fields(Some(&wrong)), ["leave.number", "leave.on"]);
        let single = Frame::Licence.extension(false).unwrap();
        assert_eq!((single.of, single.check(None, date(2026, 11, 23)).is_ok()), (LeaveOf::Agency, true));
    }
}
