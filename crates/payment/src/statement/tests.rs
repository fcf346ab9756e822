//! The file: what is written is read back, and what is wrong is refused with its line.

use super::*;

fn sample() -> Statement {
    let at = "2026-11-23T04:00:00Z".parse().unwrap();
    let line = |refund: Option<&str>, fen| Line {
        gateway_no: "G1".into(),
        trade: "t".into(),
        line: "o".into(),
        refund: refund.map(Into::into),
        account: "9".into(),
        amount: Money::fen(fen),
        done: true,
        at,
    };
    Statement { day: "2026-11-23".parse().unwrap(), lines: vec![line(None, 800), line(Some("r"), 300)] }
}

#[test]
fn is_read_back_and_refused_by_line_when_anything_is_wrong() {
    let text = sample().write();
    assert_eq!(Statement::read(&text).unwrap(), sample());
    assert_eq!(Statement::read(&text.replace('\n', "\r\n")).unwrap(), sample());
    for (from, to, says) in [
        ("yimen-statement,1,", "yimen-statement,2,", "line 1"),
        ("2026-11-23\n", "2026-13-23\n", "line 1"),
        ("kind,gateway_no", "gateway_no,kind", "line 2"),
        ("pay,G1", "pay,", "line 3"),
        ("800,done", "8x0,done", "line 3"),
        ("800,done", "-800,done", "line 3"),
        ("800,done", "801,done", "line 5"),
        ("300,done", "300,perhaps", "line 4"),
        ("refund,G1", "gift,G1", "line 4"),
        ("end,2", "end,3", "line 5"),
        ("end,2,800,300\n", "", "line 0"),
    ] {
        assert!(text.contains(from), "{from}");
        let no = Statement::read(&text.replacen(from, to, 1)).unwrap_err();
        assert!(no.say.en.contains(says), "{from}: {}", no.say.en);
    }
    assert!(Statement::read("").is_err());
}

#[test]
fn every_kind_says_what_to_do() {
    for kind in DifferenceKind::ALL {
        let todo = kind.what_to_do();
        assert!(!todo.zh.is_empty() && !todo.en.is_empty(), "{kind}");
    }
}
