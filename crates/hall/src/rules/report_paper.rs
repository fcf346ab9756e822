//! What happened on paper, added to a day's report: it is recorded after the day, and the day's own figures stay as they were counted.

use super::report::{Left, Report, Sum, Why};
use crate::model::{Letter, PaperKind, PaperState};
use crate::store::PaperRow;
use kernel::{Timestamp, clock};

/// What a day's report holds of paper; its slips are among the day's sums too.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OnPaper {
    /// Persons with a slip.
    pub slips: Sum,
    /// Applications accepted on a form.
    pub forms: usize,
}

/// Adds the papers of the day. Of a slip one moment is known, when it ended: it counts as taken and as served in that hour. How long somebody
/// waited is not known, so that waits and services stay those of the tickets.
pub(crate) fn add(report: &mut Report, papers: &[PaperRow]) {
    for paper in papers {
        match (paper.kind, paper.state, paper.letter.zip(paper.at)) {
            (PaperKind::Form, PaperState::Filed, _) => report.paper.forms += 1,
            (PaperKind::Slip, PaperState::Filed | PaperState::Done | PaperState::Missing, Some(at)) => {
                slip(report, paper, at, true);
            }
            (PaperKind::Slip, PaperState::Left, Some(at)) => slip(report, paper, at, false),
            _ => {}
        }
    }
}

fn slip(report: &mut Report, paper: &PaperRow, (letter, at): (Letter, Timestamp), served: bool) {
    let count = |sum: &mut Sum| {
        sum.taken += 1;
        sum.called += usize::from(served);
        sum.served += usize::from(served);
        sum.lost += usize::from(!served);
    };
    count(&mut report.all);
    count(&mut report.paper.slips);
    let hour = at.to_zoned(clock::legal_zone()).hour();
    let in_day = |hour: i8| (hour + 20) % 24;
    count(&mut at_key(&mut report.hours, hour, |a, b| in_day(*a).cmp(&in_day(*b))).1);
    count(&mut at_key(&mut report.businesses, letter, Letter::cmp).1);
    if let Some(window) = &paper.window {
        let place = match report.windows.iter().position(|(n, ..)| n == window) {
            Some(place) => place,
            None => {
                report.windows.push((window.clone(), Sum::default(), super::report::Manned::default()));
                report.windows.len() - 1
            }
        };
        report.windows.get_mut(place).into_iter().for_each(|(_, sum, _)| count(sum));
        report.windows.sort_by(|a, b| a.0.cmp(&b.0));
    }
    if !served {
        let (number, taken_at) = (paper.number.clone(), at.as_microsecond());
        report.left.push(Left { number, taken_at, called_at: None, why: Why::LeftPaper });
    }
}

/// The entry of a key in a sorted list, made when it is not there.
fn at_key<K>(
    list: &mut Vec<(K, Sum)>,
    key: K,
    order: impl Fn(&K, &K) -> std::cmp::Ordering,
) -> &mut (K, Sum) {
    let place = match list.binary_search_by(|(k, _)| order(k, &key)) {
        Ok(place) => place,
        Err(place) => {
            list.insert(place, (key, Sum::default()));
            place
        }
    };
    &mut list[place]
}
