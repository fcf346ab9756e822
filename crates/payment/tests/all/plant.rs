//! A day's book on both sides, and the differences that are put in.

use super::{DifferenceKind, OurPart, OurRefund, Planted};
use jiff::civil::{Date, date};
use kernel::{Money, Rng as _, SeededRng, Timestamp};
use payment::statement::Line;

pub fn day() -> Date {
    date(2026, 11, 23)
}

fn noon() -> Timestamp {
    "2026-11-23T04:00:00Z".parse().unwrap()
}

pub struct Book {
    pub parts: Vec<OurPart>,
    pub refunds: Vec<OurRefund>,
    pub lines: Vec<Line>,
    chance: SeededRng,
}

fn paid(n: usize, amount: Money) -> (OurPart, Line) {
    let (trade, line, account) = (format!("trade-{n}"), format!("order-{n}"), format!("99{:04}", n % 7));
    let ours = OurPart { trade, line, account, amount, paid_at: Some(noon()) };
    let theirs = Line {
        gateway_no: format!("G{n}"),
        trade: ours.trade.clone(),
        line: ours.line.clone(),
        refund: None,
        account: ours.account.clone(),
        amount,
        done: true,
        at: noon(),
    };
    (ours, theirs)
}

fn given_back(n: usize, amount: Money) -> (OurRefund, Line) {
    let (refund, trade) = (format!("refund-{n}"), format!("trade-back-{n}"));
    let ours = OurRefund { refund: refund.clone(), trade: trade.clone(), amount, done_at: Some(noon()) };
    let theirs = Line {
        gateway_no: format!("R{n}"),
        trade,
        line: format!("order-back-{n}"),
        refund: Some(refund),
        account: String::new(),
        amount,
        done: true,
        at: noon(),
    };
    (ours, theirs)
}

impl Book {
    /// So many movements on both sides, a quarter of them refunds, and nothing that differs.
    pub fn new(size: usize, seed: u64) -> Self {
        let chance = SeededRng::new(seed);
        let mut book = Self { parts: Vec::new(), refunds: Vec::new(), lines: Vec::new(), chance };
        for n in 0..size {
            let amount = Money::fen(i64::try_from(book.chance.next_u64() % 1_000_000).unwrap() + 2);
            if n % 4 == 0 {
                let (ours, theirs) = given_back(n, amount);
                book.refunds.push(ours);
                book.lines.push(theirs);
            } else {
                let (ours, theirs) = paid(n, amount);
                book.parts.push(ours);
                book.lines.push(theirs);
            }
        }
        book
    }

    /// Puts in so many differences, each at a movement of its own; kinds by chance, each at least once.
    pub fn plant(&mut self, count: usize) -> Planted {
        let mut planted = Planted::new();
        let (mut pay, mut back, mut fresh) = (0, 0, 1_000_000);
        for n in 0..count {
            let kinds = DifferenceKind::ALL;
            let roll = usize::try_from(self.chance.next_u64()).unwrap_or(n);
            let kind = kinds[if n < kinds.len() { n } else { roll % kinds.len() }];
            let of_refund =
                kind.word().contains("refund") || (kind == DifferenceKind::DayDiffers && n % 2 == 1);
            let (trade, line, refund) = match kind {
                DifferenceKind::UnknownPayment | DifferenceKind::UnknownRefund => {
                    fresh += 1;
                    let theirs = if of_refund {
                        given_back(fresh, Money::fen(5)).1
                    } else {
                        paid(fresh, Money::fen(5)).1
                    };
                    let key = (
                        theirs.trade.clone(),
                        theirs.line.clone(),
                        theirs.refund.clone().unwrap_or_default(),
                    );
                    self.lines.push(theirs);
                    key
                }
                _ if of_refund => {
                    back += 1;
                    self.spoil_refund(kind, back - 1)
                }
                _ => {
                    pay += 1;
                    self.spoil_pay(kind, pay - 1)
                }
            };
            assert!(planted.insert((kind, trade, line, refund)));
        }
        self.shuffle();
        planted
    }

    fn at(&self, trade: &str) -> usize {
        self.lines.iter().position(|l| l.trade == trade).unwrap()
    }

    fn spoil_pay(&mut self, kind: DifferenceKind, n: usize) -> (String, String, String) {
        let (trade, line) = (self.parts[n].trade.clone(), self.parts[n].line.clone());
        let at = self.at(&trade);
        match kind {
            DifferenceKind::MissingThere => drop(self.lines.swap_remove(at)),
            DifferenceKind::AmountDiffers => self.lines[at].amount = Money::fen(1),
            DifferenceKind::AccountDiffers => self.lines[at].account = "elsewhere".to_owned(),
            DifferenceKind::PaidThereOnly => self.parts[n].paid_at = None,
            DifferenceKind::FailedThere => self.lines[at].done = false,
            DifferenceKind::PaidTwice => {
                let again = Line { gateway_no: format!("again-{n}"), ..self.lines[at].clone() };
                self.lines.push(again);
            }
            DifferenceKind::LineTwice => {
                let again = self.lines[at].clone();
                self.lines.push(again);
            }
            DifferenceKind::DayDiffers => {
                self.parts[n].paid_at = Some("2026-11-22T15:59:59Z".parse().unwrap())
            }
            other => panic!("{other} is not of payments"),
        }
        (trade, line, String::new())
    }

    fn spoil_refund(&mut self, kind: DifferenceKind, n: usize) -> (String, String, String) {
        let (refund, trade) = (self.refunds[n].refund.clone(), self.refunds[n].trade.clone());
        let at = self.at(&trade);
        let line = self.lines[at].line.clone();
        match kind {
            DifferenceKind::RefundMissingThere => {
                self.lines.swap_remove(at);
                return (trade, String::new(), refund);
            }
            DifferenceKind::RefundAmountDiffers => self.lines[at].amount = Money::fen(1),
            DifferenceKind::RefundThereOnly => self.refunds[n].done_at = None,
            DifferenceKind::RefundFailedThere => self.lines[at].done = false,
            DifferenceKind::RefundTwice => {
                let again = Line { gateway_no: format!("back-again-{n}"), ..self.lines[at].clone() };
                self.lines.push(again);
            }
            DifferenceKind::DayDiffers => {
                self.refunds[n].done_at = Some("2026-11-23T16:00:00Z".parse().unwrap());
            }
            other => panic!("{other} is not of refunds"),
        }
        (trade, line, refund)
    }

    /// The order of a file says nothing.
    fn shuffle(&mut self) {
        for i in (1..self.lines.len()).rev() {
            let j = usize::try_from(self.chance.next_u64()).unwrap_or(i) % (i + 1);
            self.lines.swap(i, j);
        }
    }
}
