//! What every room's routes are built with: the ground, the site's particulars, the press and the calendar.

use kernel::{Press, Text};
use std::sync::Arc;
use store::Ground;

/// The particulars of the site that stand in the head and the foot of every page (domain.md §10).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Site {
    /// The site's name.
    pub name: Text,
    /// Whether it runs with invented people; every page says so.
    pub demo: bool,
    /// Whether the demonstration's clock is set ahead; every page then says what it shows.
    pub demo_ahead: bool,
    /// Where it is reached, without a slash at the end: `https://yimen.example.gov.cn`.
    pub base_url: String,
    /// The organising body (主办单位).
    pub organiser: Text,
    /// The telephone number that answers questions.
    pub phone: String,
    /// The government-site identification code (政府网站标识码).
    pub site_id: String,
    /// The ICP record number.
    pub icp: String,
    /// The public-security record number (公安备案).
    pub police: String,
}

impl Site {
    /// The demo city's site; also used by render tests.
    pub fn demo() -> Self {
        Self {
            name: Text::new("一门政务服务", "Yimen City Services"),
            demo: true,
            demo_ahead: false,
            base_url: "http://127.0.0.1:8080".to_owned(),
            organiser: Text::new("演示市人民政府办公室", "General Office of the Demonstration City"),
            phone: "12345".to_owned(),
            site_id: "9999990001".to_owned(),
            icp: "演ICP备00000000号".to_owned(),
            police: "演公网安备00000000000000号".to_owned(),
        }
    }
}

/// What every room's `routes(house)` gets; cheap to clone.
#[derive(Clone)]
pub struct House {
    /// Database, clock and chance.
    pub ground: Ground,
    /// The site's particulars.
    pub site: Arc<Site>,
    /// The typesetter.
    pub press: Arc<dyn Press>,
    /// Working days and office hours.
    pub calendar: Arc<kernel::Calendar>,
}
