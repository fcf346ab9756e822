//! Every page filled with sample words, for tests.

use super::feedback::{self, AnswerPage, ListPage, Report};
use super::home::{Home, HomeBig, panel};
use super::looks::LooksPage;
use super::space::SpacePage;
use super::text::{SitemapPage, text};
use crate::WORDS;
use crate::view::{ItemCard, Line, LookLine, Me, Space, ThemeLink};
use askama::Template;
use page::{Ctx, FormState, Shell};

fn line(word: &str, kind: &'static str, state: &str, action: &str, mine: bool) -> Line {
    Line {
        href: "/cases/1".into(),
        title: word.into(),
        notes: vec![
            "办件编号 1132010001294700000300020180010020261122000123".into(),
            "现在由客运管理处办理，最迟2026年11月23日(周一) 17:30".into(),
        ],
        kind,
        word: state.into(),
        action: action.into(),
        mine,
    }
}

fn space(word: &str) -> Space {
    let look = LookLine {
        at: "2026年11月22日(周日) 10:05".into(),
        who: format!("{word}审查人员"),
        what: "户籍与婚姻登记".into(),
        why: "审查办件".into(),
        case: word.into(),
    };
    Space {
        me: Me {
            name: word.into(),
            number: ("统一社会信用代码".into(), "913201**********3X".into()),
            phone: Some("138****1234".into()),
            acting: Some("王五".into()),
        },
        waiting: vec![
            line(word, "wait", "待补正", "去补正", true),
            line(word, "neutral", "没填完", "接着填", true),
        ],
        running: vec![line(word, "info", "已受理", "看进度", false)],
        finished: vec![
            line(word, "good", "已办结", "看进度", false),
            line(word, "bad", "不予许可", "看进度", false),
        ],
        certificates: vec![
            line(word, "wait", "还有9天到期", "查看", false),
            line(word, "good", "有效", "查看", false),
        ],
        looks: vec![look.clone(), look],
        older: Some("/space?before=1".into()),
    }
}

fn card(word: &str, icon: &'static str) -> ItemCard {
    ItemCard {
        href: "/items/x".into(),
        name: word.into(),
        note: "市交通运输局 · 1个工作日办结 · 不用跑".into(),
        icon,
    }
}

fn theme(name: &str, icon: &'static str) -> ThemeLink {
    ThemeLink { href: "/items?theme=x".into(), name: name.into(), icon, count: 3 }
}

fn home(ctx: &Ctx, word: &str, full: bool) -> Home {
    let say = WORDS.say(ctx.lang);
    let used =
        if full { vec![card(word, "bus"), card(word, "home"), card(word, "document")] } else { vec![] };
    Home {
        shell: Shell::new(ctx, "首页").bare(),
        w: say,
        hints: used.iter().take(2).cloned().collect(),
        people: if full { vec![theme(word, "baby"), theme("住房保障", "home")] } else { vec![] },
        firms: if full { vec![theme("交通运输", "bus")] } else { vec![] },
        news: used.iter().map(|c| (c.clone(), "2026年11月20日(周五)".to_owned())).collect(),
        panel: full.then(|| panel(space(word), say)),
        used,
    }
}

fn report(word: &str, reply: Option<&str>) -> Report {
    Report {
        number: "7K3M9Q2PXA".into(),
        at: "2026年11月22日(周日) 10:05".into(),
        kind: "错别字".into(),
        place: word.into(),
        text: word.into(),
        reply: reply.map(str::to_owned),
    }
}

/// Every page by name.
pub(crate) fn all(ctx: &Ctx, word: &str) -> Vec<(&'static str, String)> {
    let say = WORDS.say(ctx.lang);
    let shell = |title: &str| Shell::new(ctx, title);
    let html = |t: &dyn askama::DynTemplate| t.dyn_render().unwrap();
    let mut wrong = FormState::new().with("text", word).with("place", word);
    wrong.fail("kind", word, word);
    let looks =
        |looks| LooksPage { shell: shell("looks"), w: say, looks, newest: None, older: Some("/x".into()) };
    let mut big = ctx.clone();
    big.big = true;
    vec![
        ("home", html(&home(ctx, word, true))),
        ("home-empty", html(&home(ctx, word, false))),
        (
            "home-big",
            HomeBig {
                shell: Shell::new(&big, "首页").bare(),
                w: say,
                used: vec![card(word, "bus")],
                waiting: word.into(),
            }
            .render()
            .unwrap(),
        ),
        (
            "space",
            html(&SpacePage { shell: shell(&say.t("space-title")), w: say, space: space(word), newer: None }),
        ),
        (
            "space-empty",
            html(&SpacePage {
                shell: shell(&say.t("space-title")),
                w: say,
                space: Space::default(),
                newer: None,
            }),
        ),
        ("looks", html(&looks(space(word).looks))),
        ("looks-empty", html(&looks(vec![]))),
        ("help", html(&text(ctx, "help"))),
        ("about", html(&text(ctx, "about"))),
        ("accessibility", html(&text(ctx, "accessibility"))),
        (
            "sitemap",
            html(&SitemapPage {
                shell: shell("sitemap"),
                groups: vec![(word.into(), vec![(word.into(), "/x".into())])],
            }),
        ),
        ("feedback", html(&feedback::page_of(ctx, wrong))),
        (
            "answer",
            html(&AnswerPage {
                shell: shell("answer"),
                w: say,
                thanks: true,
                report: report(word, Some(word)),
            }),
        ),
        (
            "received",
            html(&ListPage {
                shell: shell("received"),
                w: say,
                reports: vec![report(word, None), report(word, Some(word))],
                newest: None,
                older: None,
            }),
        ),
        (
            "received-empty",
            html(&ListPage { shell: shell("received"), w: say, reports: vec![], newest: None, older: None }),
        ),
    ]
}
