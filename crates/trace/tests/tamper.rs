//! Whatever byte of an export is changed, cut out or put in: it is found.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests only")]

use harness::{Backend, ground};
use kernel::{ActorRef, Lang};
use proptest::prelude::*;
use serde::{Deserialize, Serialize};
use sha2::Digest as _;
use std::sync::LazyLock;
use trace::{Event, Head, MIGRATIONS, RootKey, Subject, record, sign_roots, verify};

#[derive(Debug, Serialize, Deserialize)]
struct Typed {
    name: String,
    months: i64,
    share: f64,
}

impl Event for Typed {
    const VERSION: i64 = 1;
    fn kind(&self) -> &'static str {
        "typed"
    }
}

/// An export with three events, one of them erased, the record of the erasure, and a signed root.
static EXPORT: LazyLock<String> = LazyLock::new(|| {
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let t = ground(Backend::Sqlite, &[MIGRATIONS]).await;
        for subject in [Subject::new("case", "a"), Subject::new("case", "b"), Subject::new("case", "c")] {
            let mut cx = t.ground.begin(Lang::ZhCn, ActorRef::visitor());
            let (now, mut head) = (cx.now, Head::start());
            for months in 0..3 {
                let event = Typed { name: "买买提·艾力 e\u{301} \\ \"".into(), months, share: 0.1 };
                record(&mut cx, &mut head, &subject, &event, now).unwrap();
            }
            cx.finish().await.unwrap();
        }
        let mut cx = t.ground.begin(Lang::ZhCn, ActorRef::system());
        let forget = |r: &trace::Recorded<Typed>| {
            (r.seq == 2).then(|| Typed { name: String::new(), months: r.event.months, share: 0.0 })
        };
        trace::erase(&mut cx, &Subject::new("case", "b"), "court-order", forget).await.unwrap();
        cx.finish().await.unwrap();
        sign_roots(&t.ground, &RootKey::make(t.rng.as_ref()).unwrap()).await.unwrap();
        trace::export(&t.store, &Subject::new("case", "b")).await.unwrap()
    })
});

/// Whether a changed file is refused; text that is no longer UTF-8 is.
fn refused(bytes: Vec<u8>) -> bool {
    String::from_utf8(bytes).map_or(true, |text| verify(&text).is_err())
}

#[test]
fn the_untouched_export_is_sound_and_names_what_it_holds() {
    let sound = verify(&EXPORT).unwrap();
    assert_eq!((sound.events, sound.erased, sound.signed.unwrap().seq), (4, 1, 4));
}

/// Made in November 2026 and checked with a program of a stranger's, written after the README alone, and with OpenSSL: what
/// was exported once must check for ever.
#[test]
fn an_export_of_the_first_day_still_checks() {
    let sound = verify(include_str!("golden.jsonl")).unwrap();
    assert_eq!((sound.events, sound.erased, sound.signed.unwrap().root), (3, 1, 1));
    assert_eq!(sound.head.len(), 64);
}

#[test]
fn every_byte_counts_down_to_a_bit() {
    for at in 0..EXPORT.len() {
        for bit in [0, 5] {
            let mut bytes = EXPORT.as_bytes().to_vec();
            bytes[at] ^= 1 << bit;
            assert!(refused(bytes), "bit {bit} of byte {at} was changed unseen");
        }
    }
}

#[test]
fn the_first_broken_link_is_named() {
    let changed = EXPORT.replacen("\"months\":2", "\"months\":9", 1);
    let broken = verify(&changed).unwrap_err();
    assert_eq!((broken.line, broken.seq), (4, Some(3)));
    let mut lines: Vec<&str> = EXPORT.lines().collect();
    lines.remove(2);
    let broken = verify(&(lines.join("\n") + "\n")).unwrap_err();
    assert_eq!((broken.line, broken.seq), (3, Some(2)));
    for nothing in ["", "\n", "{}", "{}\n", "null\n", "[1]\n{\"end\":1}\n", "{\"yimen-trace\":1}\n"] {
        assert!(verify(nothing).is_err(), "{nothing:?}");
    }
}

/// The export with another `seq` in its proof, and its last line made to fit again, as somebody hostile would.
fn claiming(seq: i64) -> String {
    let mut above: String = EXPORT.split_inclusive('\n').take(EXPORT.lines().count() - 1).collect();
    let proof = above.rfind("\"seq\":4}").unwrap();
    above.replace_range(proof.., &above[proof..].replace("\"seq\":4}", &format!("\"seq\":{seq}}}")));
    let (digest, lines) = (hex::encode(sha2::Sha256::digest(&above)), above.lines().count());
    format!("{above}{{\"end\":{{\"digest\":\"{digest}\",\"lines\":{lines}}}}}\n")
}

#[test]
fn a_file_may_claim_any_number() {
    assert_eq!(claiming(4), *EXPORT);
    for seq in [i64::MIN, -1, 0, 5, i64::MAX] {
        assert!(verify(&claiming(seq)).is_err(), "{seq}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn any_byte_changed_is_found(at in 0usize..EXPORT.len(), to in any::<u8>()) {
        let mut bytes = EXPORT.as_bytes().to_vec();
        prop_assume!(bytes[at] != to);
        bytes[at] = to;
        prop_assert!(refused(bytes));
    }

    #[test]
    fn any_piece_cut_out_or_doubled_is_found(from in 0usize..EXPORT.len(), len in 1usize..400) {
        let to = (from + len).min(EXPORT.len());
        let mut cut = EXPORT.as_bytes().to_vec();
        let piece: Vec<u8> = cut.drain(from..to).collect();
        prop_assert!(refused(cut));
        let mut doubled = EXPORT.as_bytes().to_vec();
        doubled.splice(from..from, piece);
        prop_assert!(refused(doubled));
    }
}
