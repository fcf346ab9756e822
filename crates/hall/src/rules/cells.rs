//! Where a hall is, as one number whose beginnings are squares (a Morton curve): what is near has mostly the same beginning, so that an
//! index finds it by ranges.

use std::f64::consts::PI;

/// The finest squares looked at: 2^13 millionths of a degree, about 0.9 km.
pub const FINEST: u32 = 13;
/// Where the search begins: about 29 km.
pub const FIRST: u32 = 18;
/// Squares of this level and coarser are far away: about 470 km.
pub const FAR: u32 = 22;
/// The coarsest: 2^25 millionths of a degree, about 3,700 km.
pub const COARSEST: u32 = 25;

/// Metres of a degree of latitude.
const DEGREE: f64 = 111_320.0;

/// Longitude and latitude in millionths of a degree that lie on the earth.
pub fn on_earth(lon: i64, lat: i64) -> bool {
    lon.abs() <= 180_000_000 && lat.abs() <= 90_000_000
}

fn shifted(lon: i64, lat: i64) -> (u64, u64) {
    let shift = |v: i64, by: i64| u64::try_from((v + by).clamp(0, 2 * by)).unwrap_or(0);
    (shift(lon, 180_000_000), shift(lat, 90_000_000))
}

/// The bits of `v`, a nought before each.
fn spread(v: u64) -> u64 {
    (0..32).fold(0, |out, bit| out | (v >> bit & 1) << (2 * bit))
}

fn code(x: u64, y: u64) -> i64 {
    i64::try_from(spread(x) | spread(y) << 1).unwrap_or(i64::MAX)
}

/// The place on the curve.
pub fn cell(lon: i64, lat: i64) -> i64 {
    let (x, y) = shifted(lon, lat);
    code(x, y)
}

/// The place of a code.
pub fn place(cell: i64) -> (i64, i64) {
    let code = u64::try_from(cell).unwrap_or(0);
    let gather = |code: u64| (0..32).fold(0u64, |out, bit| out | (code >> (2 * bit) & 1) << bit);
    let unshift = |v: u64, by: i64| i64::try_from(v).unwrap_or(0) - by;
    (unshift(gather(code), 180_000_000), unshift(gather(code >> 1), 90_000_000))
}

/// The four squares with sides of 2^`level` that lie around a place, each as the range of its codes, the end not included: the one it
/// is in, and its neighbours on the sides where it is nearer to the edge.
pub fn around(lon: i64, lat: i64, level: u32) -> Vec<(i64, i64)> {
    let (x, y) = shifted(lon, lat);
    let sides = |v: u64| {
        let (own, upper) = (v >> level, v >> (level - 1) & 1 == 1);
        [Some(own), if upper { own.checked_add(1) } else { own.checked_sub(1) }]
    };
    let mut ranges = Vec::with_capacity(4);
    for y in sides(y).into_iter().flatten() {
        for x in sides(x).into_iter().flatten() {
            let from = code(x << level, y << level);
            ranges.push((from, from + (1i64 << (2 * level))));
        }
    }
    ranges
}

/// Which square with sides of 2^`level` a code lies in.
pub fn square(cell: i64, level: u32) -> i64 {
    cell >> (2 * level)
}

/// Metres within which the four squares of `level` hold everything, wherever the place lies.
pub fn certain(lat: i64, level: u32) -> f64 {
    (1u64 << (level - 1)) as f64 / 1e6 * DEGREE * cosine(lat)
}

fn cosine(lat: i64) -> f64 {
    (lat as f64 / 1e6 * PI / 180.0).cos().max(0.01)
}

/// Metres between two places, near enough for halls of one province.
pub fn metres(a: (i64, i64), b: (i64, i64)) -> f64 {
    let east = (a.0 - b.0) as f64 / 1e6 * DEGREE * cosine((a.1 + b.1) / 2);
    let north = (a.1 - b.1) as f64 / 1e6 * DEGREE;
    east.hypot(north)
}
