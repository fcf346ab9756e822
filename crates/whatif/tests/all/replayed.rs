//! From a hall's record to a description.

use hall::{RecordedDay, RecordedTicket, RecordedWindow};
use kernel::Text;
use whatif::chance::Minutes;
use whatif::file::{Came, Hall};
use whatif::question::as_file;
use whatif::replay::{LeftOut, Replay, replay};
use whatif::{File, compare};

fn letter(text: &str) -> hall::model::Letter {
    text.parse().unwrap()
}

fn ticket(at: f64, of: &str, first: bool, service: Option<f64>) -> RecordedTicket {
    RecordedTicket { at, letter: letter(of), first, wait: Some(6.0), service }
}

fn window(number: &str, letters: &str, called: &str, on_duty: i64) -> RecordedWindow {
    RecordedWindow {
        number: number.to_owned(),
        letters: letters.parse().unwrap(),
        called: called.parse().unwrap(),
        on_duty,
    }
}

/// A day from nine to five with a break: two windows for A and B, one for B; C was called to the first, and D to none.
pub fn day() -> RecordedDay {
    RecordedDay {
        day: "2026-11-23".parse().unwrap(),
        open: vec![(540.0, 720.0), (810.0, 1020.0)],
        tickets: vec![
            ticket(535.5, "A", false, Some(4.004)),
            ticket(545.0, "A", true, Some(8.0)),
            ticket(550.0, "B", false, Some(20.0)),
            ticket(555.0, "C", false, None),
            ticket(560.0, "D", false, None),
        ],
        absent: 2,
        on_paper: 1,
        windows: vec![window("1", "AB", "AC", 480), window("2", "AB", "", 60), window("3", "B", "B", 390)],
        businesses: [("A", "综合"), ("B", "不动产"), ("C", "税务")]
            .map(|(l, name)| (letter(l), Text::new(name, "Some")))
            .to_vec(),
    }
}

pub fn replayed() -> Replay {
    replay(&Text::new("示范厅", "Hall"), &day(), 2, 1.15).unwrap()
}

fn windows(hall: &Hall, arrangement: usize) -> Vec<(String, usize, Option<f64>)> {
    hall.arrangements[arrangement].windows.iter().map(|w| (w.units.concat(), w.count, w.training)).collect()
}

#[test]
fn a_day_becomes_a_description() {
    let Replay { hall, was, left_out } = replayed();
    assert_eq!((hall.opens.as_str(), hall.closes.as_str()), ("09:00", "17:00"));
    assert_eq!((hall.breaks[0].from.as_str(), hall.breaks[0].until.as_str()), ("12:00", "13:30"));
    // Nobody takes D; C is taken where it was called.
    assert_eq!(left_out, LeftOut { absent: 2, on_paper: 1, untaken: 1 });
    let as_it_was = [("AB".to_owned(), 1, None), ("ABC".to_owned(), 1, None), ("B".to_owned(), 1, None)];
    assert_eq!(windows(&hall, 0), as_it_was);
    // The window that took everything before is not slower for it.
    assert_eq!(windows(&hall, 1), [("*".to_owned(), 1, Some(1.0)), ("*".to_owned(), 2, None)]);
    let Came::Recorded(came) = &hall.arrivals else { panic!("not recorded") };
    assert_eq!(came.len(), 4);
    assert_eq!(
        (came[0].at.as_str(), came[0].kind.as_deref(), came[0].priority),
        ("08:55:30", Some("A"), Some(false))
    );
    assert_eq!(hall.kinds[0].stops[0].minutes, Minutes::Recorded(vec![4.0, 8.0]));
    // Of C no time is known: those of all.
    assert_eq!(hall.kinds[2].stops[0].minutes, Minutes::Recorded(vec![4.0, 8.0, 20.0]));
    assert_eq!((was.tickets, was.wait, was.wait_p90), (4, 6.0, 6.0));
    assert_eq!((was.on_duty, was.modelled), (15.5, 3.0 * 6.5));
}

#[test]
fn the_file_gives_the_same_figures() {
    let hall = replayed().hall;
    let text = as_file(&hall, 10).unwrap();
    assert!(text.starts_with("# yimen whatif THIS-FILE --seeds 10\n"), "{text}");
    let again = File::read(&text).unwrap().hall.unwrap();
    assert_eq!(again, hall, "{text}");
    assert_eq!(compare(&again, 10).unwrap(), compare(&hall, 10).unwrap());
}

#[test]
fn priority_is_as_recorded() {
    let source = replayed().hall.source().unwrap();
    for seed in 1..=5 {
        let first: Vec<bool> =
            source.people(seed, whatif::people::Knobs::default()).iter().map(|p| p.first).collect();
        assert_eq!(first, [false, true, false, false]);
    }
}

#[test]
fn a_day_without_times_cannot_be_tried() {
    let mut nobody = day();
    nobody.tickets.retain(|t| t.service.is_none());
    let refusal = replay(&Text::new("厅", "Hall"), &nobody, 2, 1.0).unwrap_err();
    assert_eq!((refusal.code.as_ref(), refusal.fields[0].field.as_str()), ("whatif.nobody-served", "day"));
    let mut unmanned = day();
    unmanned.windows.clear();
    assert_eq!(replay(&Text::new("厅", "Hall"), &unmanned, 2, 1.0).unwrap_err().code, "whatif.nobody-served");
}

#[test]
fn a_hall_round_the_clock_has_its_queues_day() {
    let mut always = day();
    always.open = vec![(0.0, 1440.0)];
    always.tickets.push(ticket(1470.0, "A", false, Some(5.0)));
    let hall = replay(&Text::new("厅", "Hall"), &always, 2, 1.0).unwrap().hall;
    assert_eq!((hall.opens.as_str(), hall.closes.as_str(), hall.breaks.len()), ("04:00", "28:00", 0));
    let text = as_file(&hall, 5).unwrap();
    assert!(text.contains("24:30"), "{text}");
    File::read(&text).unwrap();
}
