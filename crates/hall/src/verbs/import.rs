//! Taking a table of halls over: all lines are read first, and one that is wrong stops all.

use super::day_of;
use crate::model::{Equipped, Hall, HallCode, Letter, Letters};
use crate::network::{self, BadLine, Line};
use crate::rules::training::covered;
use crate::store as rows;
use ::store::{Cx, Ground, command};
use kernel::{ActorRef, Failure, Lang, Outcome};
use std::collections::HashMap;

/// So many halls are written in one commit.
const AT_ONCE: usize = 200;

/// What an import did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Imported {
    /// How many halls were written; 0 when a line is wrong.
    pub halls: usize,
    /// What is wrong, line by line.
    pub bad: Vec<BadLine>,
}

impl Imported {
    /// The report for whoever imports.
    pub fn text(&self, lang: Lang) -> String {
        let bad = self.bad.iter().map(|b| match lang {
            Lang::ZhCn => format!("第{}行 {}：{}\n", b.line, b.column, b.say.zh),
            Lang::En => format!("line {}, {}: {}\n", b.line, b.column, b.say.en),
        });
        let end = match (lang, self.bad.is_empty()) {
            (Lang::ZhCn, true) => format!("已导入{}个大厅。\n", self.halls),
            (Lang::En, true) => format!("{} halls imported.\n", self.halls),
            (Lang::ZhCn, false) => format!("{}处有误，没有导入任何大厅。\n", self.bad.len()),
            (Lang::En, false) => format!("{} mistakes; no hall was imported.\n", self.bad.len()),
        };
        bad.chain([end]).collect()
    }
}

/// Imports the table `text` ([`network::COLUMNS`]). A hall that is there is written over, its windows keep whoever is on duty and whether
/// they are open; what left the file goes when nobody waits for it. A file that was cut off is simply imported again.
///
/// # Errors
/// A fault of the store; wrong lines are no error but stand in the report, and then nothing was written.
pub async fn import(ground: &Ground, text: &str, dry_run: bool) -> Outcome<Imported> {
    let (lines, bad) = network::read(text);
    if !bad.is_empty() {
        return Ok(Imported { halls: 0, bad });
    }
    if !dry_run {
        for part in lines.chunks(AT_ONCE) {
            write(ground, part).await?;
        }
    }
    Ok(Imported { halls: lines.len(), bad })
}

async fn write(ground: &Ground, part: &[Line]) -> Outcome<()> {
    let actor = ActorRef::system();
    command!(ground, Lang::default(), actor, |cx| {
        let known = equipped(&cx, part).await?;
        for line in part {
            let was = known.get(&line.hall.code).filter(|_| !line.equipped);
            let hall = Hall { equipment: was.copied().unwrap_or(line.hall.equipment), ..line.hall.clone() };
            rows::put_hall(&mut cx.commit, &hall, &line.businesses, &line.windows);
        }
        relearn(&mut cx, part).await?;
        take_away(&mut cx, part).await
    })
}

/// What clerks cover who are trained for single items follows what the businesses name now.
async fn relearn(cx: &mut Cx, part: &[Line]) -> Result<(), Failure> {
    let codes: Vec<HallCode> = part.iter().map(|l| l.hall.code.clone()).collect();
    for mut training in rows::trainings_in(cx.store(), &codes).await? {
        let Some(line) = part.iter().find(|l| l.hall.code == training.hall) else { continue };
        let covers = covered(&line.businesses, &training.letters, &training.items());
        if covers != training.covers {
            training.covers = covers;
            rows::put_training(&mut cx.commit, &training);
        }
    }
    Ok(())
}

/// What halls are equipped with of which the table does not tell it.
async fn equipped(cx: &Cx, part: &[Line]) -> Result<HashMap<HallCode, Equipped>, Failure> {
    let silent = part.iter().filter(|line| !line.equipped).map(|line| line.hall.code.clone());
    let known = rows::halls(cx.store(), &silent.collect::<Vec<_>>()).await?;
    Ok(known.into_iter().map(|hall| (hall.code, hall.equipment)).collect())
}

/// Windows and letters that are in the file no more go, unless somebody is on duty there or has a ticket: then they stay until the next
/// import. The queue's `rev` is raised, so that no ticket is taken for what goes at the same moment.
async fn take_away(cx: &mut Cx, part: &[Line]) -> Result<(), Failure> {
    let codes: Vec<HallCode> = part.iter().map(|l| l.hall.code.clone()).collect();
    let (windows, letters) =
        (rows::windows_in(cx.store(), &codes).await?, rows::letters_in(cx.store(), &codes).await?);
    for line in part {
        let code = &line.hall.code;
        let gone = |l: &(HallCode, Letter)| l.0 == *code && !line.businesses.iter().any(|b| b.letter == l.1);
        let gone: Vec<Letter> = letters.iter().filter(|l| gone(l)).map(|l| l.1).collect();
        let left: Vec<&(HallCode, String, Letters)> = windows
            .iter()
            .filter(|w| w.0 == *code && !line.windows.iter().any(|own| own.number == w.1))
            .collect();
        if gone.is_empty() && left.is_empty() {
            continue;
        }
        let day = day_of(cx.now);
        let rev = rows::rev(cx.store(), code, &day).await?;
        let needed = rows::letters_queued(cx.store(), code, &day).await?;
        let takes = |letter: &Letter| line.windows.iter().any(|w| w.letters.has(*letter));
        rows::advance(&mut cx.commit, code, &day, rev);
        for (_, number, letters) in left {
            if !letters.0.iter().any(|l| needed.contains(&(*l,)) && !takes(l)) {
                rows::drop_window(&mut cx.commit, code, number);
            }
        }
        for letter in gone.into_iter().filter(|l| !needed.contains(&(*l,))) {
            rows::drop_letter(&mut cx.commit, code, letter);
        }
    }
    Ok(())
}
