//! Begin: finds the first draft of this person for this item, or makes one with what is already known filled in.

use crate::draft::{Draft, SEAL, known_answers};
use crate::model::MatterId;
use crate::store::{self as rows, MatterLine};
use ::store::{Cx, Sealed};
use catalog::{Audience, Item, Published};
use identity::Applicant;
use kernel::{Outcome, Refusal, RefusalKind};
use trace::Purpose;

/// Where to go on.
#[derive(Debug, Clone)]
pub struct Started {
    /// The matter that holds the draft.
    pub matter: MatterId,
    /// The first section of the form.
    pub section: String,
    /// Whether there was a draft already.
    pub resumed: bool,
}

/// Begins an application for `item`; starting twice finds the first draft, on any device.
///
/// # Errors
/// A refusal when the item is not for whoever applies.
pub async fn start(cx: &mut Cx, who: &Applicant, item: &Published) -> Outcome<Started> {
    for_whom(who, &item.item)?;
    let section = item.item.form.sections.first().map_or("check", |s| s.id.as_str()).to_owned();
    let about = about(&item.item);
    let store = cx.store().clone();
    if let Some(draft) = rows::find_draft(&store, who.person(), who.subject(), &about).await? {
        return Ok(Started { matter: draft.id, section, resumed: true });
    }
    let known = identity::known_facts(cx, who.subject(), who.person(), &Purpose::new("prefill")).await?;
    let mut draft = Draft { known, ..Draft::default() };
    item.item.form.prefill(&mut draft.answers, &known_answers(&item.item, &draft.known));
    let line = new_matter(cx, who, &item.item, Some(Sealed::seal(store.sealer(), SEAL, &draft)?), "draft");
    rows::add_matter(&mut cx.commit, &line, &[(item.item.key.clone(), item.id)]);
    Ok(Started { matter: line.id, section, resumed: false })
}

/// What a matter is about; a matter of several items will carry its theme here.
pub(crate) fn about(item: &Item) -> String {
    format!("item:{}", item.key)
}

pub(crate) fn new_matter(
    cx: &Cx,
    who: &Applicant,
    item: &Item,
    draft: Option<Sealed<Draft>>,
    state: &str,
) -> MatterLine {
    MatterLine {
        id: cx.new_id(),
        about: about(item),
        subject: who.subject(),
        person: who.person(),
        account: who.account(),
        name_zh: item.name.zh.clone(),
        name_en: item.name.en.clone(),
        state: state.to_owned(),
        rev: 1,
        draft,
        created_at: cx.now,
        saved_at: cx.now,
    }
}

/// Refuses when the item is not for persons, or not for firms, and says how to switch.
pub(crate) fn for_whom(who: &Applicant, item: &Item) -> Result<(), Refusal> {
    let (needed, zh, en) = match who.acting() {
        Some(_) => (
            Audience::Organisation,
            "该事项由个人办理，您现在代表单位。",
            "This is for persons; you are acting for a firm.",
        ),
        None => (
            Audience::Person,
            "该事项由企业等单位办理，您现在以个人身份登录。",
            "This is for firms; you are acting for yourself.",
        ),
    };
    if item.audience.is_empty() || item.audience.contains(&needed) {
        return Ok(());
    }
    Err(Refusal::new(RefusalKind::Forbidden, "cases.wrong-audience", zh, en)
        .next("请在页面顶部切换办事身份后再试。", "Switch at the top of the page and try again."))
}
