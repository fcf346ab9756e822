//! The words at the beginning of a case and on its time: received, accepted, supplement, special procedure, extension, hearing.

use super::{Consequence, Matter, date, fill};
use crate::{Frame, NoticeKind};
use kernel::{Text, clock};

pub(super) fn beginning(kind: NoticeKind, frame: Frame, m: &Matter) -> Vec<Text> {
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
            to_supply(frame, m),
        ],
        _ => vec![
            say(
                "您（贵单位）{received}提出的{item}申请，主要材料齐全，下列次要材料暂缺。根据您（贵单位）的书面承诺，先予受理。",
                "Your application of {received} for {item} has its main papers; the secondary ones below are missing. On your \
                 written promise it is accepted first.",
            ),
            consequence(frame, m),
            say("本机关将于{decide_by}前（含当日）作出决定。", "We will decide by the end of {decide_by}."),
        ],
    };
    if frame == Frame::Licence && kind == NoticeKind::Receipt {
        out.push(say(
            "本机关将自收到之日起5个工作日内告知是否受理或者需要补正的全部内容；逾期不告知的，自收到之日起即为受理。",
            "Within 5 working days of receipt we will say whether it is accepted or everything that it lacks; if we do not, it \
             counts as accepted from receipt.",
        ));
    }
    if frame == Frame::RealEstate && kind == NoticeKind::Receipt {
        out.push(say(
            "本机关当场告知是否受理；未当场书面告知不予受理的，视为受理。",
            "We say on the spot whether it is accepted; if we do not refuse it in writing on the spot, it counts as accepted.",
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

/// Until when it is supplied: a day where it is known, else so many days from the service, which is still to come.
fn to_supply(frame: Frame, m: &Matter) -> Text {
    let (zh, en) = if m.due.is_some() || m.term.is_none() {
        (
            "请于{due}前（含当日）补正。逾期未补正的，终止办理，您（贵单位）可以重新申请。",
            "Please supply it by the end of {due}. After that the application ends, and you may apply again.",
        )
    } else {
        (
            "请自收到本告知书之日起{term}内补正。逾期未补正的，终止办理，您（贵单位）可以重新申请。",
            "Please supply it within {term} of receiving this notice. After that the application ends, and you may apply again.",
        )
    };
    fill(zh, en, frame, m)
}

/// What follows when a promised paper does not come, by its day.
fn consequence(frame: Frame, m: &Matter) -> Text {
    let say = |zh: &str, en: &str| fill(zh, en, frame, m);
    match m.consequence {
        Some(Consequence::Refuse) => say(
            "请于{due}前（含当日）补交。逾期未补交的，不予{what}。",
            "Please bring them by the end of {due}; after that the application is refused.",
        ),
        Some(Consequence::Lapse) => say(
            "请于{due}前（含当日）补交。逾期未补交的，终止办理，您（贵单位）可以重新申请。",
            "Please bring them by the end of {due}; after that the application ends, and you may apply again.",
        ),
        None => say(
            "请于{due}前（含当日）补交。逾期未补交的，按下列后果处理。",
            "Please bring them by the end of {due}; otherwise the consequences below follow.",
        ),
    }
}

pub(super) fn time(kind: NoticeKind, frame: Frame, m: &Matter) -> Vec<Text> {
    let say = |zh: &str, en: &str| fill(zh, en, frame, m);
    if kind == NoticeKind::Resumption {
        return vec![
            say(
                "您（贵单位）提出的{item}申请，{procedure}已于{at}结束，现恢复办理。",
                "The {procedure} in the matter of your application for {item} ended on {at}; it goes on.",
            ),
            say(
                "办理期限继续计算：原截止日期为{before}，现截止日期为{due}。",
                "The time runs on: it was due on {before} and is now due on {due}.",
            ),
        ];
    }
    if kind == NoticeKind::SpecialProcedure {
        return vec![
            say(
                "办理您（贵单位）提出的{item}申请，需要进行{procedure}，理由如下。所需时间为{term}，不计入办理期限。",
                "Your application for {item} needs a procedure ({procedure}) for the reasons below. It takes {term}, which \
                 does not count towards the time to decide.",
            ),
            say(
                "期限自{still}起停止计算，{procedure}结束后继续计算，届时告知新的截止日期。",
                "The time stands still from {still} and goes on when the {procedure} ends; we will then tell you the new date.",
            ),
        ];
    }
    vec![say(
        "您（贵单位）提出的{item}申请，因下列理由不能在{before}前作出决定。经{body}批准，办理期限延长{term}，至{due}止。",
        "For the reasons below your application for {item} cannot be decided by {before}. By leave of {body} the time is \
         extended by {term}, to the end of {due}.",
    )]
}

/// Somebody else is told that it touches their interests, and what they may do.
fn interested(frame: Frame, m: &Matter) -> Vec<Text> {
    let until = until(frame, m);
    let say = |zh: &str, en: &str| fill(zh, en, frame, m);
    vec![
        say(
            "本机关正在办理{applicant}提出的{item}申请，该事项与您（贵单位）有重大利益关系，理由如下。",
            "We are handling the application of {applicant} for {item}. It touches major interests of yours, for the reasons \
             below.",
        ),
        say(
            "您（贵单位）有权陈述意见、进行申辩，本机关将予听取。",
            "You may state your view and object; we will hear it.",
        ),
        Text::new(
            format!("您（贵单位）有权要求听证。{}", until.zh),
            format!("You have the right to a hearing. {}", until.en),
        ),
    ]
}

/// Until when a hearing may be asked for: a day where it is known, else so many days from the service, which is still to come.
fn until(frame: Frame, m: &Matter) -> Text {
    let (zh, en) = if m.due.is_some() || m.term.is_none() {
        ("要求听证的，请于{due}前（含当日）提出", "If you want one, ask by the end of {due}")
    } else {
        (
            "要求听证的，请自收到本告知书之日起{term}内提出",
            "If you want one, ask within {term} of receiving this notice",
        )
    };
    let end = fill(
        "；逾期未提出的，视为放弃。听证不收取费用。",
        "; otherwise the right counts as waived. A hearing costs you nothing.",
        frame,
        m,
    );
    let begin = fill(zh, en, frame, m);
    Text::new(format!("{}{}", begin.zh, end.zh), format!("{}{}", begin.en, end.en))
}

pub(super) fn hearing(kind: NoticeKind, frame: Frame, m: &Matter) -> Vec<Text> {
    let say = |zh: &str, en: &str| fill(zh, en, frame, m);
    if kind == NoticeKind::HearingOffer {
        return vec![
            say(
                "本机关办理的{item}与您（贵单位）有重大利益关系，理由如下。您（贵单位）有权要求听证。",
                "The matter of {item} touches major interests of yours, for the reasons below. You have the right to a hearing.",
            ),
            until(frame, m),
        ];
    }
    if kind == NoticeKind::Interested {
        return interested(frame, m);
    }
    let place = m.place.clone().unwrap_or_default();
    let chair = m.chair.clone().unwrap_or_default();
    let moment = m
        .at
        .map(|at| (clock::legal_date(at), at.to_zoned(clock::legal_zone()).strftime("%H:%M").to_string()));
    let (on, hour) = moment.map_or_else(|| (date(None), String::new()), |(d, hour)| (date(Some(d)), hour));
    let mut out = vec![
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
    ];
    if kind == NoticeKind::HearingPublic {
        out.pop();
        out.push(say(
            "听证公开举行。与该事项有利害关系的，可以在{due}前（含当日）向本机关报名参加。",
            "The hearing is public. Whoever it concerns may ask us to take part by the end of {due}.",
        ));
    }
    out
}

/// Turned away, sent back or sent on.
pub(super) fn turned(kind: NoticeKind, frame: Frame, m: &Matter) -> Vec<Text> {
    let say = |zh: &str, en: &str| fill(zh, en, frame, m);
    match kind {
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
        _ => vec![say(
            "您（贵单位）{received}提出的{item}申请，本机关已完成初步审查，现将审查意见和全部申请材料转报{body}。您（贵单位）\
             无需重复提交材料。",
            "We have reviewed your application of {received} for {item} and send it with our opinion and all its papers to \
             {body}. You need not submit anything again.",
        )],
    }
}

/// What was told and what was declared.
pub(super) fn declaration(frame: Frame, m: &Matter) -> Vec<Text> {
    let say = |zh: &str, en: &str| fill(zh, en, frame, m);
    vec![
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
    ]
}
