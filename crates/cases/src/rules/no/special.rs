//! The refusals of what stands beside the plain way: suspensions, promises, disputes, remedies.

use kernel::{Lang, Refusal, RefusalKind, Term, Text};

pub(in crate::rules) fn deviation_unsaid(band: &Text) -> Refusal {
    Refusal::new(
        RefusalKind::Invalid,
        "cases.deviation-reason",
        format!("您的意见与裁量基准不一致（{}），请说明理由。", band.zh),
        format!("Your opinion keeps away from the standard ({}); say why.", band.en),
    )
    .field(
        "deviation",
        "请写明偏离裁量基准的理由，监督人员会看到。",
        "Say why you keep away from the standard; supervision sees it.",
    )
}

pub(in crate::rules) fn amount_missing(min: &str, max: &str) -> Refusal {
    Refusal::new(
        RefusalKind::Invalid,
        "cases.amount-missing",
        format!("请填写金额，裁量基准为{min}元至{max}元。"),
        format!("Set the amount; the standard says {min} to {max} yuan."),
    )
    .field("amount", "请填写金额。", "Set the amount.")
}

pub(in crate::rules) fn no_declaration() -> Refusal {
    Refusal::new(
        RefusalKind::Invalid,
        "cases.no-declaration",
        "该事项不适用告知承诺。",
        "This item cannot be decided on a declaration.",
    )
    .field("declares", "请按一般程序提交材料。", "Hand in the papers in the ordinary way.")
}

pub(in crate::rules) fn declaration_closed() -> Refusal {
    Refusal::new(
        RefusalKind::Forbidden,
        "cases.declaration-closed",
        "您目前的情况不适用告知承诺，请按一般程序办理。",
        "You cannot declare here at present; please apply in the ordinary way.",
    )
    .next("请按一般程序提交材料。", "Hand in the papers in the ordinary way.")
}

pub(in crate::rules) fn not_tolerable(id: &str) -> Refusal {
    Refusal::new(
        RefusalKind::Invalid,
        "cases.not-tolerable",
        format!("材料“{id}”不能后补。"),
        format!("The paper “{id}” cannot come later."),
    )
    .field("promises", "请现在提交这份材料。", "Hand this paper in now.")
}

pub(in crate::rules) fn claimed() -> Refusal {
    Refusal::new(
        RefusalKind::Conflict,
        "cases.claimed",
        "这项待办已由同事签收。",
        "A colleague has taken this task.",
    )
    .next(
        "请联系签收人转办或释放，或由负责人处理。",
        "Ask them to hand it over or release it, or leave it to the head.",
    )
}

pub(in crate::rules) fn changed_amount_missing() -> Refusal {
    let (zh, en) = ("请填写变更后的金额。", "Set the amount that it was changed to.");
    Refusal::new(RefusalKind::Invalid, "cases.changed-amount-missing", zh, en).field("amount", zh, en)
}

pub(in crate::rules) fn not_so_at_window() -> Refusal {
    Refusal::new(
        RefusalKind::Invalid,
        "cases.not-so-at-window",
        "确认参加和对公示的异议有各自的登记方式。",
        "A confirmation, and an objection to what is public, have forms of their own.",
    )
    .next("请选择对应的操作。", "Choose that act.")
}

pub(in crate::rules) fn word_first() -> Refusal {
    Refusal::new(
        RefusalKind::Conflict,
        "cases.word-first",
        "该当事人还没有确认参加，请先登记其确认。",
        "This party has not confirmed yet that they take part; write that down first.",
    )
    .next("请先办理“登记当事人确认”。", "Record their word first.")
}

pub(in crate::rules) fn external() -> Refusal {
    Refusal::new(
        RefusalKind::Conflict,
        "cases.external",
        "这个环节由专线系统办理，等待其回传结果。",
        "A line system does this step; its report is awaited.",
    )
    .next("如长时间没有结果，请联系系统管理人员重发。", "If nothing comes, ask an operator to send it again.")
}

pub(in crate::rules) fn chair_examines() -> Refusal {
    Refusal::new(RefusalKind::Conflict, "cases.chair-examines", "听证主持人不得审查同一申请（行政许可法第四十八条）。", "Whoever presides over the hearing does not examine the case (Administrative Licensing Law, article 48).")
        .next("请由其他人员办理。", "Leave it to somebody else.")
}

pub(in crate::rules) fn visit_missing() -> Refusal {
    Refusal::new(
        RefusalKind::Conflict,
        "cases.visit-missing",
        "该环节须先进行现场核查并记录。",
        "This step needs an inspection on site, with its record, first.",
    )
    .next("请先登记现场核查情况。", "Record the inspection first.")
}

/// The same record a second time: a form sent twice, or an answer that was cut off.
pub(in crate::rules) fn visit_recorded() -> Refusal {
    Refusal::new(
        RefusalKind::Conflict,
        "cases.visit-recorded",
        "这次现场核查已经登记过。",
        "This inspection is recorded already.",
    )
    .next("如需补充，请另写一份不同的记录。", "To add something, write a record of its own.")
}

pub(in crate::rules) fn two_officers() -> Refusal {
    Refusal::new(
        RefusalKind::Invalid,
        "cases.two-officers",
        "现场核查应由两名以上工作人员进行（行政许可法第三十四条）。",
        "An inspection is made by two officers at least (Administrative Licensing Law, article 34).",
    )
    .field("officers", "请写明两名以上工作人员。", "Name two officers or more.")
}

pub(in crate::rules) fn cannot_recall() -> Refusal {
    Refusal::new(
        RefusalKind::Conflict,
        "cases.cannot-recall",
        "后续环节已经开始办理，或者不是您的意见，不能取回。",
        "Others have built on it already, or it was not yours; it cannot be called back.",
    )
    .next("如需更正，请联系后续环节退回。", "Ask those after you to send it back.")
}

pub(in crate::rules) fn no_earlier_step(to: &str) -> Refusal {
    Refusal::new(
        RefusalKind::Invalid,
        "cases.no-earlier-step",
        format!("“{to}”不是本环节之前由人员办理的环节。"),
        format!("“{to}” is no earlier step that a person did."),
    )
    .field("to_step", "请选择之前的环节。", "Choose an earlier step.")
}

pub(in crate::rules) fn no_such_procedure(kind: &Text) -> Refusal {
    Refusal::new(
        RefusalKind::Invalid,
        "cases.no-such-procedure",
        format!("该事项不适用“{}”特别程序。", kind.zh),
        format!("This item knows no special procedure “{}”.", kind.en),
    )
    .field("kind", "请选择该事项列明的特别程序。", "Choose one that the item names.")
}

pub(in crate::rules) fn time_needed() -> Refusal {
    Refusal::new(RefusalKind::Invalid, "cases.time-needed", "特别程序所需时间应当书面告知申请人（行政许可法第四十五条），请填写预计时间。", "The applicant is told in writing how long it takes (Administrative Licensing Law, article 45); say how long.")
        .field("expected", "例如 10wd。", "For example 10wd.")
}

pub(in crate::rules) fn longer_than(most: Term) -> Refusal {
    Refusal::new(
        RefusalKind::Invalid,
        "cases.longer-than",
        format!("该特别程序最长{}。", most.text().zh),
        format!("This procedure takes {} at most.", most.text().en),
    )
    .field("expected", "请缩短预计时间。", "Make it shorter.")
}

pub(in crate::rules) fn no_extension() -> Refusal {
    Refusal::new(
        RefusalKind::Conflict,
        "cases.no-extension",
        "该类程序没有延期的规定。",
        "The law of this procedure knows no extension.",
    )
    .next("请在期限内作出决定。", "Decide in time.")
}

pub(in crate::rules) fn head_only(who: &Text) -> Refusal {
    Refusal::new(
        RefusalKind::Forbidden,
        "cases.head-only",
        format!("须经{}批准。", who.zh),
        format!("This needs the leave of {}.", who.en),
    )
    .next("请报负责人办理。", "Submit it to the head.")
}

/// `why` says what is missing, or wrong, of the leave.
pub(in crate::rules) fn leave_of_government(why: &Refusal) -> Refusal {
    let all = |lang| {
        let said: Vec<&str> = why.fields.iter().map(|f| f.say.get(lang)).collect();
        said.join(if lang == Lang::ZhCn { "" } else { " " })
    };
    let mut refusal = Refusal::new(
        RefusalKind::Invalid,
        "cases.leave-of-government",
        why.say.zh.clone(),
        why.say.en.clone(),
    )
    .field("leave", all(Lang::ZhCn), all(Lang::En));
    refusal.next.clone_from(&why.next);
    refusal
}

pub(in crate::rules) fn extended_once() -> Refusal {
    Refusal::new(
        RefusalKind::Conflict,
        "cases.extended-once",
        "已经延期过一次，不能再次延期。",
        "The term was extended once already.",
    )
    .next("请尽快作出决定。", "Decide as soon as you can.")
}

pub(in crate::rules) fn extended_late() -> Refusal {
    Refusal::new(
        RefusalKind::Conflict,
        "cases.extended-late",
        "办理期限已经届满，不能延期。",
        "The term has ended; it can no longer be extended.",
    )
    .next("请立即作出决定。", "Decide at once.")
}

pub(in crate::rules) fn nothing_to_confirm() -> Refusal {
    Refusal::new(
        RefusalKind::Conflict,
        "cases.nothing-to-confirm",
        "没有需要您确认的内容。",
        "There is nothing for you to confirm.",
    )
    .next("请查看办理进度。", "See how the case stands.")
}

pub(in crate::rules) fn nothing_promised() -> Refusal {
    Refusal::new(
        RefusalKind::Conflict,
        "cases.nothing-promised",
        "没有待补交的承诺材料。",
        "Nothing that was promised is still awaited.",
    )
    .next("请查看办理进度。", "See how the case stands.")
}

pub(in crate::rules) fn nothing_declared() -> Refusal {
    Refusal::new(
        RefusalKind::Conflict,
        "cases.nothing-declared",
        "没有待核查的承诺。",
        "There is no declaration to check.",
    )
    .next("请查看办理情况。", "See how the case stands.")
}

pub(in crate::rules) fn no_such_fact(path: &str) -> Refusal {
    Refusal::new(
        RefusalKind::Invalid,
        "cases.no-such-fact",
        format!("没有可以提出异议的数据“{path}”，或者已经提出过。"),
        format!("There is no entry “{path}” to dispute, or it is disputed already."),
    )
    .field("path", "请选择办件页面列出的数据。", "Choose an entry shown on the page of the case.")
}

pub(in crate::rules) fn no_such_paper(demand: &str) -> Refusal {
    Refusal::new(
        RefusalKind::Invalid,
        "cases.unknown-material",
        format!("该事项没有“{demand}”这项材料。"),
        format!("This item has no paper called “{demand}”."),
    )
    .field("demand", "请核对材料的标识。", "Check the id of the paper.")
}

pub(in crate::rules) fn original_beyond(paper: &Text) -> Refusal {
    Refusal::new(
        RefusalKind::Invalid,
        "cases.original-beyond",
        format!("“{}”只需验看原件，不得收取。", paper.zh),
        format!("“{}” is only looked at; the original is given back.", paper.en),
    )
    .field("original", "请选择“验原件”。", "Choose “looked at”.")
}

pub(in crate::rules) fn not_public() -> Refusal {
    Refusal::new(
        RefusalKind::Conflict,
        "cases.not-public",
        "该环节目前不在公示期内。",
        "This step is not open to objections now.",
    )
    .next("如有意见，请通过投诉渠道反映。", "Otherwise use the ways to complain.")
}

pub(in crate::rules) fn name_missing() -> Refusal {
    let (zh, en) = ("请填写书面异议上的姓名。", "Write the name that stands under the objection.");
    Refusal::new(RefusalKind::Invalid, "cases.name-missing", zh, en).field("name", zh, en)
}

pub(in crate::rules) fn person_once() -> Refusal {
    Refusal::new(
        RefusalKind::Conflict,
        "cases.person-once",
        "已经转为人工办理。",
        "A person looks at it already.",
    )
    .next("请查看办理进度。", "See how the case stands.")
}

pub(in crate::rules) fn not_automatic() -> Refusal {
    Refusal::new(
        RefusalKind::Conflict,
        "cases.not-automatic",
        "该决定不是仅由系统自动作出的。",
        "This was not decided by the program alone.",
    )
    .next("如有异议，请按决定书载明的途径提出。", "The decision says what can be done against it.")
}

pub(in crate::rules) fn special_first() -> Refusal {
    Refusal::new(
        RefusalKind::Conflict,
        "cases.special-first",
        "特别程序尚未结束。",
        "A special procedure is still going on.",
    )
    .next("请先结束特别程序。", "End it first.")
}

pub(in crate::rules) fn no_such_notice() -> Refusal {
    Refusal::new(
        RefusalKind::Invalid,
        "cases.no-such-notice",
        "该办件没有这份文书。",
        "The case has no such notice.",
    )
    .field("notice", "请选择已出具的文书。", "Choose one that was issued.")
}

pub(in crate::rules) fn remedy_open() -> Refusal {
    Refusal::new(
        RefusalKind::Conflict,
        "cases.remedy-open",
        "已有复议或诉讼尚未结束。",
        "A reconsideration or a suit is still open.",
    )
    .next("请先登记其结果。", "Record how it ended first.")
}

pub(in crate::rules) fn no_such_remedy() -> Refusal {
    Refusal::new(
        RefusalKind::Conflict,
        "cases.no-such-remedy",
        "没有这件未结的复议或诉讼。",
        "There is no such open reconsideration or suit.",
    )
    .next("请刷新页面。", "Reload the page.")
}

pub(in crate::rules) fn outcome_does_not_fit() -> Refusal {
    Refusal::new(
        RefusalKind::Invalid,
        "cases.outcome-does-not-fit",
        "该结果与办件当前状态不符，或者缺少变更后的决定。",
        "This outcome does not fit the state of the case, or the changed decision is missing.",
    )
    .field("outcome", "请核对复议决定或者判决。", "Check the reconsideration decision or judgment.")
}

pub(in crate::rules) fn nothing_due() -> Refusal {
    Refusal::new(RefusalKind::Conflict, "cases.nothing-due", "没有届满的期限。", "No term has ended.")
        .next("无须处理。", "Nothing is to be done.")
}

pub(in crate::rules) fn no_migration() -> Refusal {
    Refusal::new(
        RefusalKind::Conflict,
        "cases.no-migration",
        "新版本没有规定如何承接该办件，继续按原版本办理。",
        "The new version does not say how to take this case over; it goes on under its own.",
    )
    .next("无须处理。", "Nothing is to be done.")
}

pub(in crate::rules) fn not_all_confirmed() -> Refusal {
    Refusal::new(
        RefusalKind::Conflict,
        "cases.not-all-confirmed",
        "共同申请的其他当事人还没有确认，现在不能受理。",
        "Other parties of this joint application have not confirmed yet; it cannot be accepted now.",
    )
    .next(
        "等对方确认后会自动继续；也可以由对方到窗口确认。",
        "It goes on by itself once they confirm; they may also do so at a window.",
    )
}

pub(in crate::rules) fn not_responsible() -> Refusal {
    Refusal::new(
        RefusalKind::Forbidden,
        "cases.not-responsible",
        "这项操作由负责本事项的机关办理，您的单位只对自己的环节提出意见。",
        "This is for the body responsible for the case; yours gives its opinion on its own step.",
    )
    .next(
        "请在自己的待办中写明意见，或者联系负责的机关。",
        "Say it in your own task, or contact the body responsible.",
    )
}
