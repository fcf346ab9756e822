//! Every page filled with sample words, for tests.

use super::branches::{BranchLine, BranchesPage};
use super::choose::{Choice, ChoosePage};
use super::due::{DuePage, OneTap, Right};
use super::facts::{Block, FactsPage};
use super::feedback::{self, AnswerPage, ListPage, Report};
use super::home::{Home, HomeBig, panel};
use super::lists::WholeList;
use super::looks::LooksPage;
use super::space::SpacePage;
use super::text::{self, SitemapPage};
use super::themes::{MatterPage, ThemesPage};
use crate::WORDS;
use crate::guide::view::{Ask, Change, Fee, Guide, Member, Paper, Step, Steps};
use crate::view::{ItemCard, Line, LookLine, Me, Offer, Space, ThemeCard, ThemeLink};
use page::{Ctx, FormState, Shell};

fn line(word: &str, kind: &'static str, state: &str, action: &str, mine: bool) -> Line {
    Line {
        href: "/cases/1".into(),
        title: word.into(),
        notes: vec![
            "2026年11月22日(周日)提交，办件编号尾号22000123".into(),
            "现在由客运管理处办理，最迟2026年11月23日(周一) 17:30".into(),
        ],
        kind,
        word: state.into(),
        action: action.into(),
        mine,
    }
}

fn look(word: &str) -> LookLine {
    LookLine {
        at: "2026年11月22日(周日) 10:05".into(),
        who: format!("{word}审查人员"),
        what: "户籍与婚姻登记".into(),
        why: "审查办件".into(),
        law: word.into(),
        case: word.into(),
        foreign: true,
        ..LookLine::default()
    }
}

fn space(word: &str) -> Space {
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
        looks: vec![look(word).into(), look(word).into()],
        more: true,
        all: true,
        more_waiting: true,
        unread: 3,
        ratable: 1,
        branches: true,
        more_certificates: true,
        offers: vec![Offer {
            href: "/space/mandates/1".into(),
            title: word.into(),
            notes: vec![word.into()],
        }],
        ending: vec![Line {
            href: "/certificates/1".into(),
            title: word.into(),
            notes: vec!["2026年12月1日(周二)到期，还有9天".into()],
            ..Line::default()
        }],
    }
}

fn card(word: &str, icon: &'static str) -> ItemCard {
    ItemCard {
        href: "/items/x".into(),
        name: word.into(),
        agency: "市交通运输局".into(),
        notes: vec!["1个工作日办结".into(), "不用跑".into()],
        icon,
    }
}

fn theme(name: &str, icon: &'static str) -> ThemeLink {
    ThemeLink { href: "/items?theme=x".into(), name: name.into(), icon, count: 3 }
}

fn joint(word: &str) -> ThemeCard {
    ThemeCard { href: "/themes/x".into(), name: word.into(), what: word.into(), icon: "home".into() }
}

fn home(ctx: &Ctx, word: &str, full: bool) -> Home {
    let say = WORDS.say(ctx.lang);
    let used =
        if full { vec![card(word, "bus"), card(word, "home"), card(word, "document")] } else { vec![] };
    Home {
        shell: Shell::new(ctx, "首页").bare(),
        w: say,
        hints: used.iter().take(2).cloned().collect(),
        joint: if full { vec![joint(word)] } else { vec![] },
        people: if full { vec![theme(word, "baby"), theme("住房保障", "home")] } else { vec![] },
        firms: if full { vec![theme("交通运输", "bus")] } else { vec![] },
        news: used.iter().map(|c| (c.clone(), "2026年11月20日(周五)".to_owned())).collect(),
        panel: full.then(|| panel(space(word), say)),
        used,
    }
}

fn report(number: &str, word: &str, reply: Option<&str>) -> Report {
    Report {
        number: number.into(),
        at: "2026年11月22日(周日) 10:05".into(),
        kind: "错别字".into(),
        place: word.into(),
        text: word.into(),
        reply: reply.map(str::to_owned),
    }
}

/// Every page by name.
pub(crate) fn all(ctx: &Ctx, word: &str) -> Vec<(&'static str, String)> {
    let mut pages = homes(ctx, word);
    pages.extend(spaces(ctx, word));
    pages.extend(facts_and_branches(ctx, word));
    pages.extend(guides(ctx, word));
    pages.extend(texts(ctx, word));
    pages.extend(reports(ctx, word));
    pages
}

fn html(page: &dyn askama::DynTemplate) -> String {
    page.dyn_render().unwrap()
}

fn homes(ctx: &Ctx, word: &str) -> Vec<(&'static str, String)> {
    let mut big = ctx.clone();
    big.big = true;
    let big = HomeBig {
        shell: Shell::new(&big, "首页").bare(),
        w: WORDS.say(ctx.lang),
        used: vec![card(word, "bus")],
        joint: vec![joint(word)],
        waiting: word.into(),
    };
    let (full, empty) = (home(ctx, word, true), home(ctx, word, false));
    vec![("home", html(&full)), ("home-empty", html(&empty)), ("home-big", html(&big))]
}

fn spaces(ctx: &Ctx, word: &str) -> Vec<(&'static str, String)> {
    let w = WORDS.say(ctx.lang);
    let shell = || Shell::new(ctx, w.t("space-title"));
    let looks = |looks| LooksPage {
        shell: shell(),
        w,
        form: page::FormState::new().with("from", word),
        agencies: vec![(word.to_owned(), word.to_owned())],
        grounds: vec![("examine".to_owned(), word.to_owned())],
        filtered: false,
        file: "/space/looks/file".to_owned(),
        looks,
        newest: None,
        older: Some("/x".into()),
    };
    let list = |lines| WholeList {
        shell: shell(),
        w,
        name: word.to_owned(),
        lines,
        none: (word.to_owned(), word.to_owned()),
        by_time: true,
        newest: None,
        older: Some("/space/cases?before=1".into()),
    };
    let space_page = |space| SpacePage { shell: shell(), w, space };
    vec![
        ("space", html(&space_page(space(word)))),
        ("space-empty", html(&space_page(Space::default()))),
        ("space-list", html(&list(space(word).finished))),
        ("space-list-empty", html(&list(vec![]))),
        ("looks", html(&looks(vec![look(word)]))),
        ("looks-empty", html(&looks(vec![]))),
    ]
}

fn ask(word: &str) -> Ask {
    Ask {
        id: "mortgage".into(),
        ask: word.into(),
        options: vec![("yes".into(), word.into(), true), (word.into(), word.into(), false)],
        several: true,
    }
}

fn guide(word: &str) -> Guide {
    let text = || word.to_owned();
    let paper = || Paper {
        name: text(),
        kind: "wait",
        how: text(),
        why: text(),
        for_whom: text(),
        notes: vec![text()],
    };
    let member = || Member {
        name: text(),
        href: "/items/x".into(),
        agency: text(),
        state: ("info", text()),
        why: text(),
    };
    Guide {
        count: text(),
        open: text(),
        asks: vec![ask(word)],
        members: vec![member()],
        folded: vec![(text(), vec![member()])],
        bring: vec![paper()],
        spared: vec![paper()],
        spared_count: text(),
        fields: text(),
        steps: vec![Steps {
            name: text(),
            agency: text(),
            done: text(),
            holds: true,
            steps: vec![Step { title: text(), when: text(), critical: true, waits: vec![text()] }],
        }],
        holds_up: text(),
        time: text(),
        glance: vec![(text(), text())],
        fees: vec![Fee { name: text(), amount: text(), notes: vec![text()] }],
        results: vec![(text(), text())],
        parcels: text(),
        changes: vec![Change { what: text(), before: "19".into(), now: "9".into() }],
        fallen: vec![(text(), text(), text())],
        exact: false,
    }
}

fn right(word: &str, sure: bool) -> Right {
    Right {
        name: word.into(),
        child: if sure { String::new() } else { word.into() },
        href: "/items/x".into(),
        sure,
        why: word.into(),
        missing: if sure { String::new() } else { word.into() },
        tap: OneTap {
            action: "/due/x".into(),
            key: "due:1".into(),
            version: "1".into(),
            child: String::new(),
            ready: sure,
            declared: vec![word.into()],
            rows: vec![(word.into(), word.into())],
            asks: if sure { String::new() } else { word.into() },
            begun: false,
            there: String::new(),
        },
    }
}

fn guides(ctx: &Ctx, word: &str) -> Vec<(&'static str, String)> {
    let w = WORDS.say(ctx.lang);
    let shell = || Shell::new(ctx, word);
    let matter = |guide: Guide, full: bool| MatterPage {
        shell: shell(),
        w,
        what: word.into(),
        who: word.into(),
        reconstructed: full,
        action: "/plan".into(),
        items: vec![word.into()],
        missing: if full { vec![word.into()] } else { vec![] },
        choose: "/plan/choose".into(),
        guide,
        apply: if full { "/apply".into() } else { String::new() },
        carried: vec![("item".into(), word.into())],
        sign_in: "/login".into(),
    };
    let choice = |ticked| Choice { key: word.into(), name: word.into(), agency: word.into(), ticked };
    let choose = |chosen: Vec<Choice>, found| ChoosePage {
        shell: shell(),
        w,
        q: word.into(),
        nothing: chosen.is_empty(),
        chosen,
        found,
        most: word.into(),
        more: word.into(),
    };
    let due = |rights, items| DuePage {
        shell: shell(),
        w,
        form: FormState::new(),
        registers: vec![word.into()],
        items,
        children: true,
        rights,
        down: word.into(),
    };
    vec![
        ("themes", html(&ThemesPage { shell: shell(), w, cards: vec![joint(word)] })),
        ("themes-empty", html(&ThemesPage { shell: shell(), w, cards: vec![] })),
        ("matter", html(&matter(guide(word), true))),
        ("matter-empty", html(&matter(Guide { exact: true, ..Guide::default() }, false))),
        ("choose", html(&choose(vec![choice(true)], vec![choice(false)]))),
        ("choose-empty", html(&choose(vec![], vec![]))),
        ("due", html(&due(None, 2))),
        ("due-nothing", html(&due(None, 0))),
        ("due-answer", html(&due(Some(vec![right(word, true), right(word, false)]), 2))),
        ("due-none", html(&due(Some(vec![]), 2))),
    ]
}

fn texts(ctx: &Ctx, word: &str) -> Vec<(&'static str, String)> {
    let groups = vec![(word.to_owned(), vec![(word.to_owned(), "/x".to_owned())])];
    vec![
        ("help", html(&text::help_page(ctx))),
        ("about", html(&text::about_page(ctx))),
        ("accessibility", html(&text::accessibility_page(ctx))),
        ("sitemap", html(&SitemapPage { shell: Shell::new(ctx, "sitemap"), groups })),
    ]
}

fn reports(ctx: &Ctx, word: &str) -> Vec<(&'static str, String)> {
    let w = WORDS.say(ctx.lang);
    let shell = || Shell::new(ctx, w.t("feedback-title"));
    let mut wrong = FormState::new().with("text", word).with("place", word);
    wrong.fail("kind", word, word);
    let list = |reports| ListPage { shell: shell(), w, reports, newest: None, older: None };
    let answer =
        AnswerPage { shell: shell(), w, thanks: true, report: report("7K3M9Q2PXA", word, Some(word)) };
    let received = vec![report("7K3M9Q2PXA", word, None), report("7K3M9Q2PXB", word, Some(word))];
    vec![
        ("feedback", html(&feedback::page_of(ctx, wrong))),
        ("answer", html(&answer)),
        ("received", html(&list(received))),
        ("received-empty", html(&list(vec![]))),
    ]
}

fn facts_and_branches(ctx: &Ctx, word: &str) -> Vec<(&'static str, String)> {
    let w = WORDS.say(ctx.lang);
    let shell = || Shell::new(ctx, w.t("space-title"));
    let block = |rows: usize| Block {
        name: word.to_owned(),
        notes: vec![word.to_owned()],
        rows: vec![(word.to_owned(), word.to_owned()); rows],
        instead: if rows == 0 { word.to_owned() } else { String::new() },
        correct: "/space/rights/correct?what=account".to_owned(),
    };
    let facts = |registers: Vec<Block>, asked| FactsPage {
        shell: shell(),
        w,
        name: word.to_owned(),
        own: block(3),
        registers,
        asked,
    };
    let branch = BranchLine {
        id: "1".into(),
        name: word.into(),
        code: "919************XY".into(),
        notes: vec![word.into(), word.into()],
        waits: true,
    };
    let branches = |branches: Vec<BranchLine>| BranchesPage {
        shell: shell(),
        w,
        name: word.to_owned(),
        next: branches.first().map(|_| "/x".to_owned()),
        branches,
        first: None,
    };
    vec![
        ("facts", html(&facts(vec![block(0)], false))),
        ("facts-asked", html(&facts(vec![block(2), block(0)], true))),
        ("facts-none", html(&facts(vec![], false))),
        ("branches", html(&branches(vec![branch]))),
        ("branches-empty", html(&branches(vec![]))),
    ]
}
