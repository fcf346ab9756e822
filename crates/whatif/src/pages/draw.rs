//! Bars with the range of each as a line with two ends. The same figures stand beside each bar and in the table.

use crate::compare::{Compared, SHOWN, Unit};
use crate::file::Hall;
use crate::report::{level, scaled};
use crate::stats::Estimate;
use page::Say;

/// A bar is drawn on a strip so wide.
const WIDE: f64 = 1000.0;

/// A figure of all arrangements.
pub(super) struct Picture {
    pub(super) title: String,
    /// What the strip's right end is.
    pub(super) scale: String,
    pub(super) bars: Vec<Bar>,
}

/// A figure of an arrangement.
pub(super) struct Bar {
    pub(super) name: String,
    pub(super) value: String,
    /// Whether it is that of the first.
    pub(super) first: bool,
    pub(super) wide: i64,
    pub(super) low: i64,
    pub(super) high: i64,
}

/// The pictures: waits and use of the staff.
pub(super) fn pictures(hall: &Hall, compared: &Compared, w: Say) -> Vec<Picture> {
    let one = |key: &&str| {
        let place = SHOWN.iter().position(|(k, ..)| k == key).unwrap_or(0);
        let unit = SHOWN.get(place).map_or(Unit::Minutes, |(_, _, unit)| *unit);
        let rows = hall.arrangements.iter().zip(&compared.rows);
        let of = rows.filter_map(|(a, row)| Some((a.name.get(w.lang).to_owned(), *row.figures.get(place)?)));
        picture(key, unit, of.collect(), w)
    };
    ["fig-wait", "fig-wait-p90", "fig-staff-use"].iter().map(one).collect()
}

/// A figure of several, by name.
pub(super) fn picture(key: &str, unit: Unit, of: Vec<(String, Estimate)>, w: Say) -> Picture {
    let most = of.iter().map(|(_, e)| scaled(e.mean + e.half, unit)).fold(0.0, f64::max);
    let end = round_up(most);
    let at = |value: f64| (scaled(value, unit).clamp(0.0, end) / end * WIDE).round() as i64;
    let bar = |(number, (name, e)): (usize, (String, Estimate))| Bar {
        name,
        value: level(e, unit),
        first: number == 0,
        wide: at(e.mean),
        low: at(e.mean - e.half),
        high: at(e.mean + e.half),
    };
    let told = [("end", end.to_string())];
    let scale = match unit {
        Unit::Share => w.with("scale-share", &told),
        Unit::Days => w.with("scale-days", &told),
        Unit::Hours => w.with("scale-hours", &told),
        Unit::Minutes | Unit::Count => w.with("scale-minutes", &told),
    };
    Picture { title: w.t(key).into_owned(), scale, bars: of.into_iter().enumerate().map(bar).collect() }
}

/// The next of 1, 2, 5, 10, 20, 50 …
fn round_up(most: f64) -> f64 {
    let mut step = 1.0;
    loop {
        for times in [1.0, 2.0, 5.0] {
            if step * times >= most {
                return step * times;
            }
        }
        step *= 10.0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scale_ends_on_a_round_number() {
        assert_eq!([0.0, 0.4, 3.0, 5.0, 46.7, 101.0].map(round_up), [1.0, 1.0, 5.0, 5.0, 50.0, 200.0]);
    }
}
