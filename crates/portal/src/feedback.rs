//! Errors of the site that readers report (我为政府网站找错): filed with a number, answered by an operator.

use crate::store::{self, ReportLine};
use ::store::Cx;
use identity::Operator;
use kernel::{Fault, Outcome, Refusal, RefusalKind, rng};

/// What can be wrong with a page: the machine words, also the ends of the texts' keys.
pub const KINDS: &[&str] = &["wrong", "typo", "link", "service", "other"];
/// The longest text of a report and of a reply, in characters.
pub const TEXT_MAX: usize = 1_000;

kernel::typed_id! {
    /// A report of an error of the site.
    ReportId;
}

/// What a reader sends.
#[derive(Debug, Clone, Default)]
pub struct NewReport {
    /// One of [`KINDS`].
    pub kind: String,
    /// The page's address; may be empty.
    pub place: String,
    /// What is wrong.
    pub text: String,
    /// How to reach the reader; may be empty, is sealed.
    pub contact: String,
}

/// Files a report and gives its number, which nobody can guess.
///
/// # Errors
/// `portal.report-wrong` with the wrong fields.
pub fn report(cx: &mut Cx, new: &NewReport) -> Outcome<String> {
    check(new)?;
    let number = number(cx);
    let id: ReportId = cx.new_id();
    let contact = match new.contact.as_str() {
        "" => None,
        text => Some(cx.store().sealer().seal("portal_report.contact", text.as_bytes())?),
    };
    let line = ReportLine {
        id: id.to_string(),
        number: number.clone(),
        reported_at: cx.now,
        place: new.place.clone(),
        kind: new.kind.clone(),
        text: new.text.clone(),
        reply: None,
        rev: 1,
    };
    store::insert(cx, line, contact);
    Ok(number)
}

/// Answers a report; the answer is seen by whoever has its number.
///
/// # Errors
/// Not found, or answered already.
pub async fn reply(cx: &mut Cx, _who: &Operator, number: &str, text: &str) -> Outcome<()> {
    let line = store::find(cx.store(), number).await?.ok_or_else(Refusal::not_found)?;
    let text = text.trim();
    if text.is_empty() || text.chars().count() > TEXT_MAX {
        return Err(wrong()
            .field("reply", "请填写1到1000个字的答复。", "Please write a reply of 1 to 1,000 characters.")
            .into());
    }
    if line.reply.is_some() {
        let refusal = Refusal::new(
            RefusalKind::Conflict,
            "portal.report-answered",
            "这条留言已经答复过了。",
            "This report has been answered already.",
        );
        return Err(refusal.next("请返回列表查看。", "Please go back to the list.").into());
    }
    store::reply(cx, line.id, line.rev, text.to_owned());
    Ok(())
}

fn wrong() -> Refusal {
    Refusal::new(
        RefusalKind::Invalid,
        "portal.report-wrong",
        "有几处需要改一改。",
        "A few things need correcting.",
    )
}

fn check(new: &NewReport) -> Result<(), Refusal> {
    let mut refusal = wrong();
    if !KINDS.contains(&new.kind.as_str()) {
        refusal = refusal.field("kind", "请选择是哪一类问题。", "Please choose what sort of error it is.");
    }
    if new.place.chars().count() > 300 {
        refusal = refusal.field(
            "place",
            "网址太长，请不超过300个字符。",
            "The address is too long: 300 characters at most.",
        );
    }
    match new.text.chars().count() {
        0 => refusal = refusal.field("text", "请写明哪里有错。", "Please say what is wrong."),
        n if n > TEXT_MAX => {
            refusal =
                refusal.field("text", "内容太长，请不超过1000个字。", "Too long: 1,000 characters at most.");
        }
        _ => {}
    }
    if new.contact.chars().count() > 100 {
        refusal = refusal.field("contact", "联系方式请不超过100个字符。", "100 characters at most.");
    }
    if refusal.fields.is_empty() { Ok(()) } else { Err(refusal) }
}

/// Ten characters that can be read out on the telephone.
fn number(cx: &Cx) -> String {
    const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    let pick = |b: &u8| LETTERS.get(usize::from(b & 31)).copied().map_or('0', char::from);
    rng::bytes::<10>(cx.ground.rng.as_ref()).iter().map(pick).collect()
}

/// A page of reports, newest first, and where the next one begins.
pub(crate) async fn page_of(
    store: &::store::Store,
    cursor: Option<&str>,
) -> Result<(Vec<ReportLine>, Option<String>), Fault> {
    const LINES: usize = 20;
    let place =
        cursor.and_then(|c| c.split_once('.')).and_then(|(at, id)| Some((at.parse().ok()?, id.to_owned())));
    let limit = i64::try_from(LINES + 1).unwrap_or(21);
    let mut lines = store::list(store, place.unwrap_or((i64::MAX, String::new())), limit).await?;
    let more = lines.len() > LINES;
    lines.truncate(LINES);
    let next = lines.last().filter(|_| more).map(|l| format!("{}.{}", l.reported_at.as_microsecond(), l.id));
    Ok((lines, next))
}
