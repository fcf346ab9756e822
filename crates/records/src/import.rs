//! Cases come in from a file: read, judged, and taken over a few at a time, each once however often the file is sent.

use crate::arriving::{Arriving, Known, KnownItem, arrive, item_of};
use crate::mapping::Mapping;
use crate::read::{self, Raw, Spoilt};
use crate::report::{Problem, Report};
use crate::store as rows;
use ::store::{Cx, Ground};
use async_trait::async_trait;
use kernel::{ActorRef, Failure, Fault, Lang, Outcome, Refusal};
use std::collections::{BTreeMap, HashMap};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::io::Read;

/// The socket by which cases that come in are handed on to the room that keeps them.
#[async_trait]
pub trait Intake: Send + Sync {
    /// The states a case may come in with, and whether each is an end.
    fn states(&self) -> &'static [(&'static str, bool)];
    /// What can have come of it.
    fn outcomes(&self) -> &'static [&'static str];
    /// The words of acts that are no steps of an item.
    fn acts(&self) -> &'static [&'static str];
    /// What would be refused about the case whatever else is there: asked in a dry run, too.
    ///
    /// # Errors
    /// A refusal, which becomes a problem of the file's line.
    fn check(&self, case: &Arriving) -> Result<(), Refusal>;
    /// Takes a case over within the caller's commit, and gives its number here.
    ///
    /// # Errors
    /// A refusal becomes a problem of the file's line.
    async fn take(&self, cx: &mut Cx, source: &str, case: &Arriving) -> Outcome<String>;
}

/// What is to be done with a file.
#[derive(Debug, Clone)]
pub struct Order {
    /// How it is to be understood.
    pub mapping: Mapping,
    /// Its name, for the lines of problems.
    pub file: String,
    /// Only try: nothing is written.
    pub dry: bool,
    /// Who imports it, for the trace.
    pub actor: ActorRef,
    /// The language of whoever does.
    pub lang: Lang,
}

/// So many cases are one commit: few enough that one that is refused costs little, and enough to be fast.
const BATCH: usize = 20;

struct Run<'a> {
    ground: &'a Ground,
    intake: &'a dyn Intake,
    order: &'a Order,
    known: Known,
    /// Which numbers stood on which lines. The one thing that grows with the file: some sixteen bytes a case.
    seen: HashMap<u64, u64>,
    report: Report,
}

/// Imports a file, or only tries: reads it case by case, leaves out and reports what is wrong, skips what came in before. A run
/// that was broken off goes on where it stopped when the file is sent again.
///
/// # Errors
/// A fault of the store; what is wrong with the file stands in the report.
pub async fn import(
    ground: &Ground,
    intake: &dyn Intake,
    order: &Order,
    file: impl Read + Send + 'static,
) -> Outcome<Report> {
    let known = Known {
        agencies: identity::agencies(&ground.store)
            .await?
            .into_iter()
            .map(|a| (a.code, a.division))
            .collect(),
        items: BTreeMap::new(),
        states: intake.states(),
        outcomes: intake.outcomes(),
        acts: intake.acts(),
        now: ground.clock.now(),
    };
    let report = Report { file: order.file.clone(), dry: order.dry, ..Report::default() };
    let mut run = Run { ground, intake, order, known, seen: HashMap::new(), report };
    let mut cases = match read::open(&order.mapping, file) {
        Ok(cases) => cases,
        Err(spoilt) => {
            run.spoilt(spoilt);
            return Ok(run.report);
        }
    };
    let mut batch = Vec::with_capacity(BATCH);
    while let Some(next) = cases.next() {
        match next {
            Ok(raw) => batch.extend(run.judge(&raw).await?),
            Err(spoilt) => run.spoilt(spoilt),
        }
        if batch.len() == BATCH {
            run.take(std::mem::take(&mut batch)).await?;
        }
        if run.report.stopped {
            break;
        }
    }
    run.take(batch).await?;
    Ok(run.report)
}

impl Run<'_> {
    fn spoilt(&mut self, spoilt: Spoilt) {
        self.report.stopped |= spoilt.fatal;
        if !spoilt.fatal {
            self.report.rows += 1;
            self.report.cases += 1;
            self.report.bad += 1;
        }
        self.report.add(spoilt.problem);
    }

    fn refused(&mut self, line: u64, refusal: &Refusal) {
        self.report.bad += 1;
        let (zh, en) = (refusal.sentence(Lang::ZhCn), refusal.sentence(Lang::En));
        self.report.add(Problem::new(line, &refusal.code, zh, en));
    }

    async fn judge(&mut self, raw: &Raw) -> Outcome<Option<Arriving>> {
        self.report.rows += raw.rows;
        self.report.cases += 1;
        if let Some(item) = item_of(raw, &self.order.mapping)
            && !self.known.items.contains_key(item)
        {
            let found = catalog::find(&self.ground.store, item).await?;
            let known = found.map(|published| KnownItem {
                agency: published.item.agency.clone(),
                steps: published.item.process.iter().map(|s| s.id.clone()).collect(),
            });
            self.known.items.insert(item.to_owned(), known);
        }
        match arrive(raw, &self.order.mapping, &self.known) {
            Ok(case) => match self.intake.check(&case) {
                Ok(()) => Ok(self.first(case)),
                Err(refusal) => {
                    self.refused(case.line, &refusal);
                    Ok(None)
                }
            },
            Err(problems) => {
                self.report.bad += 1;
                problems.into_iter().for_each(|p| self.report.add(p));
                Ok(None)
            }
        }
    }

    /// The case, unless the file has its number twice.
    fn first(&mut self, case: Arriving) -> Option<Arriving> {
        let mut hasher = DefaultHasher::new();
        case.external.hash(&mut hasher);
        let Some(line) = self.seen.insert(hasher.finish(), case.line) else { return Some(case) };
        let number = &case.external;
        let problem = Problem::new(
            case.line,
            "records.twice",
            format!("编号{number}在第{line}行已经有了；同一办件的行要连在一起。"),
            format!("Number {number} stands on line {line} already; the rows of one case belong together."),
        );
        self.report.bad += 1;
        self.report.add(problem);
        None
    }

    async fn take(&mut self, batch: Vec<Arriving>) -> Outcome<()> {
        if self.order.dry {
            let there = there(self.ground, &self.order.mapping.source, &batch).await?;
            self.report.there += there.len() as u64;
            self.report.created += (batch.len() - there.len()) as u64;
            return Ok(());
        }
        match self.put(&batch).await {
            Ok(created) => {
                self.count(batch.len(), created);
                Ok(())
            }
            // One of them is refused: each by itself, so that the others come in.
            Err(Failure::Refused(_)) => {
                for case in batch {
                    match self.put(std::slice::from_ref(&case)).await {
                        Ok(created) => self.count(1, created),
                        Err(Failure::Refused(refusal)) => {
                            self.refused(case.line, &refusal);
                        }
                        Err(fault) => return Err(fault),
                    }
                }
                Ok(())
            }
            Err(fault) => Err(fault),
        }
    }

    fn count(&mut self, all: usize, created: usize) {
        self.report.created += created as u64;
        self.report.there += (all - created) as u64;
    }

    /// Takes the cases over in one commit, and says how many of them are new.
    async fn put(&self, batch: &[Arriving]) -> Outcome<usize> {
        if batch.is_empty() {
            return Ok(0);
        }
        let (ground, order) = (self.ground, self.order);
        ::store::command!(ground, order.lang, order.actor, |cx| self.put_in(&mut cx, batch).await)
    }

    async fn put_in(&self, cx: &mut Cx, batch: &[Arriving]) -> Outcome<usize> {
        let source = &self.order.mapping.source;
        let there = there(&cx.ground, source, batch).await?;
        let mut created = 0;
        for case in batch.iter().filter(|case| !there.contains_key(&case.external)) {
            let number = self.intake.take(cx, source, case).await?;
            rows::add_entry(&mut cx.commit, source, &case.external, &number);
            created += 1;
        }
        Ok(created)
    }
}

async fn there(ground: &Ground, source: &str, batch: &[Arriving]) -> Result<BTreeMap<String, String>, Fault> {
    let externals: Vec<&str> = batch.iter().map(|c| c.external.as_str()).collect();
    rows::entries(&ground.store, source, &externals).await
}
