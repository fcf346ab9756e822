//! Halls with a clerk at every window, in one process with its store.

use super::reads::{Read, Reads};
use crate::door::{Ask, Door, Inside, Trouble};
use crate::place::Site;
use app::wiring::Wired;
use hall::Settings;
use hall::model::HallCode;
use hall::verbs::{self, Taken, Taking};
use identity::{Clerk, SessionKind};
use kernel::{ActorRef, Lang, Outcome};
use std::fmt::Write as _;
use store::{Ground, command};

/// What clerks take, each hall the same.
const LETTERS: [&str; 2] = ["A", "B"];

/// The town.
pub struct Town {
    /// The program's parts.
    pub wired: Wired,
    /// Everybody at a window.
    pub posts: Vec<Post>,
    /// The statements that are read with.
    pub reads: Reads,
}

/// A clerk on duty.
#[derive(Clone)]
pub struct Post {
    /// Where.
    pub hall: HallCode,
    /// Who.
    pub clerk: Clerk,
}

/// The code of the `nth` hall.
pub fn code(nth: usize) -> String {
    format!("bench-{nth}")
}

fn city(clerks: usize) -> String {
    let mut text = "divisions:\n  - {code: \"990100\", name: {zh-CN: 示范市, en: City}}\n\
        agencies:\n  - {code: town.hall, name: {zh-CN: 政务服务中心, en: Hall}, credit_code: \"11999999000000115Y\", \
        division: \"990100\", phone: \"12345\", address: {zh-CN: 示范路, en: Road}}\norganisations: []\npersons:\n"
        .to_owned();
    for n in 0..clerks {
        let _ = writeln!(text, "  - {{id: c{n}, name: 某{n}, documents: []}}");
    }
    text.push_str("accounts:\n");
    for n in 0..clerks {
        let _ = writeln!(
            text,
            "  - {{name: c{n}, person: c{n}, listed: false, note: {{zh-CN: x, en: x}}, staff: [{{role: clerk, agency: town.hall}}]}}"
        );
    }
    text
}

fn network(halls: usize, windows: usize) -> String {
    let mut text = hall::COLUMNS.join(",");
    text.push('\n');
    let posts: Vec<String> =
        (1..=windows).map(|n| format!("{n}:comprehensive:{}", LETTERS.concat())).collect();
    for n in 0..halls {
        let _ = writeln!(
            text,
            "{},town,990100,town.hall,第{n}大厅,Hall {n},示范路{n}号,{n} Road,12345,{}.5,32.0,* 1-7 00:00-24:00,*,A:综合业务:General:*|B:不动产:Real \
             estate:*,{}",
            code(n),
            60 + n % 40,
            posts.join("|")
        );
    }
    text
}

impl Town {
    /// Opens the program on a fresh site, with so many halls and a clerk at each of their windows.
    ///
    /// # Errors
    /// When anything of it is refused.
    pub async fn open(site: &Site, halls: usize, windows: usize) -> Result<Self, Trouble> {
        let wired = app::wiring::wire(&site.config()).await?;
        let reads = Reads::of(&wired.house.ground.store);
        let mut town = Self { wired, posts: Vec::new(), reads };
        town.fill(halls, windows).await?;
        Ok(town)
    }

    /// The same on parts that are open.
    ///
    /// # Errors
    /// When anything of it is refused.
    pub async fn fill(&mut self, halls: usize, windows: usize) -> Result<(), Trouble> {
        let ground = &self.wired.house.ground;
        identity::seed_demo(ground, &city(halls * windows)).await.map_err(said)?;
        let imported = hall::import(ground, &network(halls, windows), false).await.map_err(said)?;
        if !imported.bad.is_empty() {
            return Err(imported.text(Lang::En).into());
        }
        for nth in 0..halls * windows {
            let account = format!("c{nth}");
            let signed = identity::sign_in(ground, &account, identity::DEMO_PASSWORD, SessionKind::Cookie);
            let token = signed.await.map_err(said)?.token;
            let session = identity::session(ground, &token).await?.ok_or("no session")?;
            let post = Post { hall: code(nth / windows).parse()?, clerk: session.clerk().map_err(said)? };
            let (number, actor) = ((nth % windows + 1).to_string(), post.clerk.actor_ref());
            let done: Outcome<()> = command!(ground, Lang::ZhCn, actor, |cx| {
                verbs::begin_duty(&mut cx, &Settings::default(), &post.clerk, &post.hall, &number).await
            });
            done.map_err(said)?;
            self.posts.push(post);
        }
        Ok(())
    }

    /// The database and what belongs to it.
    pub fn ground(&self) -> &Ground {
        &self.wired.house.ground
    }

    /// Takes a ticket on line, as a person does.
    ///
    /// # Errors
    /// As the verb.
    pub async fn take(&self, hall: &HallCode, letter: &str) -> Outcome<Taken> {
        let (ground, calendar) = (self.ground(), self.wired.house.calendar.as_ref());
        let taking = Taking {
            hall: hall.clone(),
            letter: letter.parse().map_err(kernel::Fault::new)?,
            via: hall::model::Via::Phone,
            priority: hall::model::Priority::Ordinary,
            who: None,
            token: hall::token(ground.rng.as_ref()),
            kiosk: None,
        };
        let actor = ActorRef::visitor();
        let _turn = hall::turn(hall).await;
        command!(ground, Lang::ZhCn, actor, |cx| {
            verbs::take(&mut cx, calendar, &Settings::default(), &taking).await
        })
    }

    /// What one state of a screen is read with.
    ///
    /// # Errors
    /// When it is not shown.
    pub async fn screen_reads(&self) -> Result<Vec<Read>, Trouble> {
        let mut door = Inside(app::wiring::router(&self.wired));
        let ask = || Ask::get(format!("/screen/{}", code(0)));
        door.ask(ask()).await?;
        self.reads.begin();
        let reply = door.ask(ask()).await?;
        let reads = self.reads.end();
        if reply.status.is_success() { Ok(reads) } else { Err(format!("a screen: {}", reply.status).into()) }
    }
}

/// The letter that the `nth` ticket is for.
pub fn letter(nth: usize) -> &'static str {
    LETTERS.get(nth % LETTERS.len()).copied().unwrap_or("A")
}

/// A failure of a verb in words.
pub fn said(failure: kernel::Failure) -> Trouble {
    failure.to_string().into()
}
