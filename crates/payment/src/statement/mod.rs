//! The gateway's statement of a day (对账单): its declared format, and what differs from our books.
//!
//! UTF-8, one record a line, comma between, no quotes. First line `yimen-statement,1,DAY`; second line the names of the columns;
//! then one line for each part of a payment (`pay`) and each refund (`refund`); last line `end,LINES,PAID,REFUNDED` in fen.
//! Columns: `kind,gateway_no,trade,line,refund,account,amount,state,at` — amounts in fen, moments RFC 3339, states `done` or `failed`.

mod compare;
#[cfg(test)]
mod tests;

pub use compare::{Difference, DifferenceKind, Found, OurPart, OurRefund, compare};

use jiff::civil::Date;
use kernel::{Money, Refusal, RefusalKind, Timestamp};
use std::fmt::Write as _;

/// A line of a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The gateway's own number.
    pub gateway_no: String,
    /// The payment; kept as text, for the gateway may know one we never made.
    pub trade: String,
    /// The order that the part pays; empty for a refund of what came in excess.
    pub line: String,
    /// The refund, when it is one.
    pub refund: Option<String>,
    /// The account's number.
    pub account: String,
    /// How much.
    pub amount: Money,
    /// Whether it was done; else it failed.
    pub done: bool,
    /// When.
    pub at: Timestamp,
}

/// A statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// Of which day.
    pub day: Date,
    /// Its lines.
    pub lines: Vec<Line>,
}

const COLUMNS: &str = "kind,gateway_no,trade,line,refund,account,amount,state,at";

impl Statement {
    fn sums(&self) -> (i64, i64) {
        let sum = |refund: bool| {
            let lines = self.lines.iter().filter(|l| l.done && l.refund.is_some() == refund);
            lines.map(|l| l.amount.as_fen()).fold(0, i64::saturating_add)
        };
        (sum(false), sum(true))
    }

    /// As text.
    pub fn write(&self) -> String {
        let mut out = format!("yimen-statement,1,{}\n{COLUMNS}\n", self.day);
        for l in &self.lines {
            let kind = if l.refund.is_some() { "refund" } else { "pay" };
            let (refund, state) = (l.refund.as_deref().unwrap_or(""), if l.done { "done" } else { "failed" });
            let _ = writeln!(
                out,
                "{kind},{},{},{},{refund},{},{},{state},{}",
                l.gateway_no,
                l.trade,
                l.line,
                l.account,
                l.amount.as_fen(),
                l.at
            );
        }
        let (paid, refunded) = self.sums();
        let _ = writeln!(out, "end,{},{paid},{refunded}", self.lines.len());
        out
    }

    /// Reads it.
    ///
    /// # Errors
    /// `payment.statement` with the line and what is wrong there; nothing of a statement that is not whole is taken.
    pub fn read(text: &str) -> Result<Self, Refusal> {
        let mut lines = text.lines().enumerate().map(|(i, l)| (i + 1, l.trim_end_matches('\r')));
        let mut next = || lines.next().ok_or_else(|| wrong(0, "文件不完整", "the file ends too early"));
        let day = match next()? {
            (_, first) if first.starts_with("yimen-statement,1,") => {
                let day = first.trim_start_matches('\u{feff}').rsplit(',').next().unwrap_or_default();
                day.parse::<Date>().map_err(|_| wrong(1, "日期不对", "the day is none"))?
            }
            _ => return Err(wrong(1, "不是对账单", "this is no statement")),
        };
        if next()?.1 != COLUMNS {
            return Err(wrong(2, "列名不对", "the columns are others"));
        }
        let mut statement = Self { day, lines: Vec::new() };
        loop {
            let (number, line) = next()?;
            if let Some(end) = line.strip_prefix("end,") {
                let (paid, refunded) = statement.sums();
                if end != format!("{},{paid},{refunded}", statement.lines.len()) {
                    return Err(wrong(number, "笔数或合计不符", "the number of lines or a sum is another"));
                }
                return Ok(statement);
            }
            statement.lines.push(record(number, line)?);
        }
    }
}

fn record(number: usize, line: &str) -> Result<Line, Refusal> {
    let fields: Vec<&str> = line.split(',').collect();
    let [kind, gateway_no, trade, order, refund, account, amount, state, at] = fields.as_slice() else {
        return Err(wrong(number, "列数不对", "it has another number of columns"));
    };
    let refund = match (*kind, *refund) {
        ("pay", "") => None,
        ("refund", id) if !id.is_empty() => Some(id.to_owned()),
        _ => return Err(wrong(number, "种类不对", "the kind is none")),
    };
    let amount: i64 = amount.parse().map_err(|_| wrong(number, "金额不对", "the amount is none"))?;
    if amount < 0 || gateway_no.is_empty() || trade.is_empty() {
        return Err(wrong(number, "缺少流水号或金额为负", "a number is missing, or the amount is negative"));
    }
    let done = match *state {
        "done" => true,
        "failed" => false,
        _ => return Err(wrong(number, "状态不对", "the state is none")),
    };
    let at = at.parse().map_err(|_| wrong(number, "时间不对", "the moment is none"))?;
    let text = |s: &str| s.to_owned();
    let (gateway_no, trade, line) = (text(gateway_no), text(trade), text(order));
    Ok(Line { gateway_no, trade, line, refund, account: text(account), amount: Money::fen(amount), done, at })
}

fn wrong(line: usize, zh: &str, en: &str) -> Refusal {
    Refusal::new(
        RefusalKind::Invalid,
        "payment.statement",
        format!("对账文件第{line}行：{zh}。"),
        format!("The statement, line {line}: {en}."),
    )
    .next(
        "整个文件没有入账，请向缴款渠道重新索取。",
        "Nothing of it was taken; ask the gateway for it again.",
    )
}
