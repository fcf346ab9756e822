//! The standing words of every notice, in both languages: exact and short; what differs from case to case is filled in.

use crate::running::day;
use crate::{Frame, Law, NoticeContent, NoticeKind, SuspensionKind, law};
use jiff::civil::Date;
use kernel::{Lang, Term, Text, Timestamp, clock};

/// What a notice is written about; what a kind does not need stays empty.
#[derive(Debug, Clone, Default)]
pub struct Matter {
    /// The item's name.
    pub item: Text,
    /// When the application was received, or the act that is taken back was done.
    pub received: Option<Date>,
    /// The day it is all about: to decide, to supply, to ask for a hearing, to bring what was promised, to deliver.
    pub due: Option<Date>,
    /// What was told before (extension).
    pub before: Option<Date>,
    /// How long: the special procedure, the extension, the later check.
    pub term: Option<Term>,
    /// Which special procedure.
    pub procedure: Option<SuspensionKind>,
    /// The body that is right, that it is sent to, or whose head gave leave.
    pub body: Option<Text>,
    /// When the hearing is.
    pub at: Option<Timestamp>,
    /// Where the hearing is.
    pub place: Option<String>,
    /// Who conducts it.
    pub chair: Option<String>,
}

/// A notice's content with the standing words of its kind; facts, reasons, demands and reckoning are the caller's to add.
pub fn standard(kind: NoticeKind, frame: Frame, matter: &Matter) -> NoticeContent {
    NoticeContent {
        item: matter.item.clone(),
        paragraphs: paragraphs(kind, frame, matter),
        laws: laws(kind, frame),
        remedies: if kind.needs_remedies() { remedies(frame) } else { Vec::new() },
        ..NoticeContent::default()
    }
}

/// What can be done against it, sentence by sentence.
pub fn remedies(frame: Frame) -> Vec<Text> {
    let one = |r: crate::Remedy| {
        let cite = r.law.cite();
        Text::new(format!("{}（{}）", r.say.zh, cite.zh), format!("{} ({})", r.say.en, cite.en))
    };
    frame.remedies().into_iter().map(one).collect()
}

/// The laws that a notice of this kind rests on by its frame; the item's own come from the item.
pub fn laws(kind: NoticeKind, frame: Frame) -> Vec<Law> {
    if frame != Frame::Licence {
        return match kind {
            NoticeKind::Supplement => vec![frame.supplement_law()],
            NoticeKind::NotAccepted | NoticeKind::Returned | NoticeKind::Refusal => vec![frame.refusal_law()],
            _ => Vec::new(),
        };
    }
    let article = match kind {
        NoticeKind::Receipt
        | NoticeKind::Acceptance
        | NoticeKind::Supplement
        | NoticeKind::NotAccepted
        | NoticeKind::Returned => 32,
        NoticeKind::SpecialProcedure => 45,
        NoticeKind::Extension => 42,
        NoticeKind::HearingOffer => 47,
        NoticeKind::Hearing => 48,
        NoticeKind::Grant | NoticeKind::Refusal => 38,
        NoticeKind::Forwarding => 43,
        NoticeKind::Revocation => 69,
        NoticeKind::Lapse | NoticeKind::Conditional | NoticeKind::Declaration | NoticeKind::Service => {
            return Vec::new();
        }
    };
    vec![law::licensing(article)]
}

/// A date in both languages; three dots where it is not known.
fn date(at: Option<Date>) -> Text {
    at.map_or_else(|| Text::same("……"), |d| Text::new(day(d, Lang::ZhCn), day(d, Lang::En)))
}

fn length(term: Option<Term>) -> Text {
    term.map_or_else(|| Text::same("……"), Term::text)
}

/// One paragraph with `{item}`, `{received}`, `{due}`, `{before}`, `{term}`, `{body}`, `{procedure}`, `{what}` filled in.
fn fill(zh: &str, en: &str, frame: Frame, m: &Matter) -> Text {
    let procedure = m.procedure.map(SuspensionKind::name).unwrap_or_default();
    let what = super::kind::matter(frame);
    let values = [
        ("{item}", m.item.clone()),
        ("{received}", date(m.received)),
        ("{due}", date(m.due)),
        ("{before}", date(m.before)),
        ("{term}", length(m.term)),
        ("{body}", m.body.clone().unwrap_or_default()),
        ("{procedure}", procedure),
        ("{what}", Text::new(what.0, what.1)),
    ];
    let mut out = Text::new(zh, en);
    for (key, value) in values {
        out.zh = out.zh.replace(key, &value.zh);
        out.en = out.en.replace(key, &value.en);
    }
    out
}

/// The body of a notice of this kind.
fn paragraphs(kind: NoticeKind, frame: Frame, m: &Matter) -> Vec<Text> {
    let say = |zh: &str, en: &str| fill(zh, en, frame, m);
    match kind {
        NoticeKind::Receipt | NoticeKind::Acceptance | NoticeKind::Supplement | NoticeKind::Conditional => {
            beginning(kind, frame, m)
        }
        NoticeKind::NotAccepted => {
            let mut out = vec![say(
                "您（贵单位）{received}提出的{item}申请，本机关决定不予受理，理由如下。",
                "We do not accept your application of {received} for {item}, for the reasons below.",
            )];
            if m.body.is_some() {
                out.push(say(
                    "该事项由{body}办理，请向该机关申请。",
                    "The body in charge is {body}; please apply there.",
                ));
            }
            out
        }
        NoticeKind::Returned => vec![say(
            "您（贵单位）{received}提交的{item}申请现予退回，理由如下。更正后可以再次提交。",
            "Your application of {received} for {item} is sent back for the reasons below. You may submit it again once \
             it is put right.",
        )],
        NoticeKind::SpecialProcedure | NoticeKind::Extension => time(kind, frame, m),
        NoticeKind::HearingOffer | NoticeKind::Hearing => hearing(kind, frame, m),
        NoticeKind::Grant | NoticeKind::Refusal | NoticeKind::Revocation => decision(kind, frame, m),
        NoticeKind::Lapse => vec![say(
            "您（贵单位）{received}提出的{item}申请，因下列原因终止办理。您（贵单位）可以重新申请。",
            "Your application of {received} for {item} has ended for the reasons below. You may apply again.",
        )],
        NoticeKind::Forwarding => vec![say(
            "您（贵单位）{received}提出的{item}申请，本机关已完成初步审查，现将审查意见和全部申请材料转报{body}。您（贵单位）\
             无需重复提交材料。",
            "We have reviewed your application of {received} for {item} and send it with our opinion and all its papers to \
             {body}. You need not submit anything again.",
        )],
        NoticeKind::Declaration => vec![
            say(
                "本机关告知：办理{item}应当符合的条件、应当履行的义务和虚假承诺的责任，见下表。",
                "We inform you of the conditions and duties that come with {item} and of the liability for a false \
                 declaration, as listed below.",
            ),
            say(
                "申请人承诺：已经知晓告知的全部内容，所填情况真实，已经符合规定的条件，愿意承担虚假承诺的责任。",
                "The applicant declares: I know all of this; what I stated is true; the conditions are met; I accept \
                 liability for a false declaration.",
            ),
            say("本机关将在作出决定后{term}内核查。", "We will check this within {term} after the decision."),
        ],
        NoticeKind::Service => Vec::new(),
    }
}

fn beginning(kind: NoticeKind, frame: Frame, m: &Matter) -> Vec<Text> {
    let say = |zh: &str, en: &str| fill(zh, en, frame, m);
    let mut out = match kind {
        NoticeKind::Receipt => vec![say(
            "本机关已于{received}收到您（贵单位）提交的{item}申请材料，清单见下表。本凭证不表示申请已经受理。",
            "On {received} we received what you submitted for {item}, as listed below. This receipt is not an acceptance.",
        )],
        NoticeKind::Acceptance => vec![
            say(
                "您（贵单位）{received}提出的{item}申请，属于本机关职权范围，申请材料齐全、符合法定形式，现予受理。",
                "Your application of {received} for {item} lies within our competence, is complete and in due form, and is \
                 accepted.",
            ),
            say("本机关将于{due}前（含当日）作出决定。", "We will decide by the end of {due}."),
        ],
        NoticeKind::Supplement => vec![
            say(
                "您（贵单位）{received}提出的{item}申请，尚需补正下列内容。这是需要补正的全部内容，本机关只告知一次。",
                "Your application of {received} for {item} lacks what is listed below. The list is complete; we ask only once.",
            ),
            say(
                "请于{due}前（含当日）补正。逾期未补正的，终止办理，您（贵单位）可以重新申请。",
                "Please supply it by the end of {due}. After that the application ends, and you may apply again.",
            ),
        ],
        _ => vec![
            say(
                "您（贵单位）{received}提出的{item}申请，主要材料齐全，下列次要材料暂缺。根据您（贵单位）的书面承诺，先予受理。",
                "Your application of {received} for {item} has its main papers; the secondary ones below are missing. On your \
                 written promise it is accepted first.",
            ),
            say(
                "请于{due}前（含当日）补交。逾期未补交的，按下列后果处理。",
                "Please bring them by the end of {due}; otherwise the consequences below follow.",
            ),
        ],
    };
    if frame == Frame::Licence && kind == NoticeKind::Receipt {
        out.push(say(
            "本机关将自收到之日起5个工作日内告知是否受理或者需要补正的全部内容；逾期不告知的，自收到之日起即为受理。",
            "Within 5 working days of receipt we will say whether it is accepted or everything that it lacks; if we do not, it \
             counts as accepted from receipt.",
        ));
    }
    if frame == Frame::Licence && kind == NoticeKind::Acceptance {
        out.push(say(
            "依法需要听证、招标、拍卖、检验、检测、检疫、鉴定和专家评审的，所需时间不计入期限，本机关将另行书面告知。",
            "Time needed by law for hearing, tender, auction, inspection, testing, quarantine, appraisal or expert review does \
             not count; we will tell you of it in writing.",
        ));
    }
    out
}

fn time(kind: NoticeKind, frame: Frame, m: &Matter) -> Vec<Text> {
    let say = |zh: &str, en: &str| fill(zh, en, frame, m);
    if kind == NoticeKind::SpecialProcedure {
        return vec![
            say(
                "办理您（贵单位）提出的{item}申请，需要进行{procedure}，理由如下。所需时间为{term}，不计入办理期限。",
                "Your application for {item} needs a procedure ({procedure}) for the reasons below. It takes {term}, which \
                 does not count towards the time to decide.",
            ),
            say(
                "期限自{received}起停止计算，{procedure}结束后继续计算，届时告知新的截止日期。",
                "The time stands still from {received} and goes on when the {procedure} ends; we will then tell you the new date.",
            ),
        ];
    }
    vec![say(
        "您（贵单位）提出的{item}申请，因下列理由不能在{before}前作出决定。经{body}批准，办理期限延长{term}，至{due}止。",
        "For the reasons below your application for {item} cannot be decided by {before}. By leave of {body} the time is \
         extended by {term}, to the end of {due}.",
    )]
}

fn hearing(kind: NoticeKind, frame: Frame, m: &Matter) -> Vec<Text> {
    let say = |zh: &str, en: &str| fill(zh, en, frame, m);
    if kind == NoticeKind::HearingOffer {
        return vec![
            say(
                "本机关办理的{item}与您（贵单位）有重大利益关系，理由如下。您（贵单位）有权要求听证。",
                "The matter of {item} touches major interests of yours, for the reasons below. You have the right to a hearing.",
            ),
            say(
                "要求听证的，请于{due}前（含当日）提出；逾期未提出的，视为放弃。听证不收取费用。",
                "If you want one, ask by the end of {due}; otherwise the right counts as waived. A hearing costs you nothing.",
            ),
        ];
    }
    let place = m.place.clone().unwrap_or_default();
    let chair = m.chair.clone().unwrap_or_default();
    let moment = m
        .at
        .map(|at| (clock::legal_date(at), at.to_zoned(clock::legal_zone()).strftime("%H:%M").to_string()));
    let (on, hour) = moment.map_or_else(|| (date(None), String::new()), |(d, hour)| (date(Some(d)), hour));
    vec![
        Text::new(
            format!("{}听证会定于{}{hour}在{place}举行，主持人：{chair}。", m.item.zh, on.zh),
            format!(
                "The hearing on {} is on {} at {hour}, at {place}; it is conducted by {chair}.",
                m.item.en, on.en
            ),
        ),
        say(
            "您（贵单位）可以亲自参加，也可以委托代理人参加；认为主持人与该事项有直接利害关系的，有权申请回避。",
            "You may come yourself or send somebody in your place. If whoever conducts it has a direct interest in the matter, \
             you may object to that person.",
        ),
    ]
}

fn decision(kind: NoticeKind, frame: Frame, m: &Matter) -> Vec<Text> {
    let say = |zh: &str, en: &str| fill(zh, en, frame, m);
    match kind {
        NoticeKind::Grant => {
            let mut out = vec![match frame {
                Frame::Licence => say(
                    "您（贵单位）{received}提出的{item}申请，符合法定条件、标准，决定准予行政许可。",
                    "Your application of {received} for {item} meets the conditions and standards of law. The licence is granted.",
                ),
                Frame::PublicService => say(
                    "您（贵单位）{received}提出的{item}申请，符合规定，已予办理。",
                    "Your application of {received} for {item} is in order and has been dealt with.",
                ),
                Frame::Filing => say(
                    "您（贵单位）{received}提交的{item}材料齐全，已予备案。",
                    "What you submitted on {received} for {item} is complete and has been filed.",
                ),
                _ => say(
                    "您（贵单位）{received}提出的{item}申请，符合规定条件，决定准予{what}。",
                    "Your application of {received} for {item} meets the conditions. The {what} is granted.",
                ),
            }];
            if m.due.is_some() {
                out.push(say(
                    "证件将于{due}前（含当日）颁发、送达。",
                    "The certificate will be issued and delivered by the end of {due}.",
                ));
            }
            out
        }
        NoticeKind::Refusal => vec![say(
            "您（贵单位）{received}提出的{item}申请，不符合规定条件，决定不予{what}，理由如下。",
            "Your application of {received} for {item} does not meet the conditions. It is refused for the reasons below.",
        )],
        _ => vec![say(
            "本机关于{received}就{item}作出的准予决定，因下列理由予以撤销。",
            "Our decision of {received} to grant {item} is revoked for the reasons below.",
        )],
    }
}
