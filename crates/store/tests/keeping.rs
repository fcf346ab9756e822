//! Secrets, files, numbers, steps, and backups.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests only")]

mod toy;

use bytes::Bytes;
use kernel::{ActorRef, Failure, Lang, Outcome, RefusalKind};
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use store::files::{self, FileKind, Limits, Upload};
use store::{Ground, Migrations, Sealed, Store, backup, params, serial};
use toy::{TOY, begin, event, events};

const PDF: &[u8] = b"%PDF-1.7\nplanted 320102999999990011\nstartxref\n9\n%%EOF\n";
const PLANTED: &[u8] = b"320102999999990011";

async fn keep(ground: &Ground, name: &str) -> Outcome<files::FileInfo> {
    store::command!(ground, Lang::En, ActorRef::system(), |cx| files::keep(
        &mut cx,
        Upload { name: name.to_owned(), bytes: Bytes::from_static(PDF) },
        &Limits::default()
    )
    .await)
}

/// Whether any file below `folder` holds `wanted`.
fn holds(folder: &Path, wanted: &[u8]) -> bool {
    std::fs::read_dir(folder).unwrap().flatten().any(|entry| {
        let path = entry.path();
        if path.is_dir() {
            holds(&path, wanted)
        } else {
            std::fs::read(path).unwrap().windows(wanted.len()).any(|w| w == wanted)
        }
    })
}

harness::both!(sealed_values_open_only_in_their_context_and_outlive_rotation, &[TOY], |t| async move {
    let sealer = t.store.sealer();
    let sealed = Sealed::seal(sealer, "toy.number", &"320102999999990011".to_owned()).unwrap();
    assert_eq!(sealed.open(sealer, "toy.number").unwrap(), "320102999999990011");
    assert!(sealed.open(sealer, "toy.phone").is_err());
    assert_eq!(format!("{sealed:?}"), "sealed");
    let old = sealer.seal("toy.number", b"x").unwrap();
    let mut changed = old.clone();
    *changed.last_mut().unwrap() ^= 1;
    assert!(sealer.open("toy.number", &changed).is_err());
    assert!(sealer.open("toy.number", &old[..9]).is_err());

    let other = t.second(2).await;
    let blind = sealer.blind("toy.number", "1");
    assert_eq!(sealer.rotate().unwrap(), 2);
    let new = sealer.seal("toy.number", b"y").unwrap();
    assert_eq!(sealer.open("toy.number", &old).unwrap(), b"x");
    assert_eq!(
        other.store.sealer().open("toy.number", &new).unwrap(),
        b"y",
        "the other server reads the file again"
    );
    assert_eq!((sealer.stale(&old), sealer.stale(&new)), (true, false));
    let again = sealer.reseal("toy.number", &old).unwrap().unwrap();
    assert_eq!((sealer.open("toy.number", &again).unwrap(), sealer.stale(&again)), (b"x".to_vec(), false));
    assert_eq!(sealer.blind("toy.number", "1"), blind, "the index outlives rotation");
    assert_ne!(sealer.blind("toy.phone", "1"), blind);
    let mode = std::os::unix::fs::PermissionsExt::mode(
        &std::fs::metadata(t.data.join("keys.toml")).unwrap().permissions(),
    );
    assert_eq!(mode & 0o777, 0o600);
});

harness::both!(a_file_is_kept_encrypted_and_read_back, &[TOY], |t| async move {
    let info = keep(&t, "../证明 320102999999990011.pdf").await.unwrap();
    assert_eq!((info.kind, info.name.as_str()), (FileKind::Pdf, "证明 320102999999990011.pdf"));
    assert_eq!(files::info(&t.store, info.id).await.unwrap(), Some(info.clone()));
    let (again, bytes) = files::read(&t.store, info.id).await.unwrap();
    assert_eq!((again, bytes.as_slice()), (info.clone(), PDF));
    assert!(!holds(&t.data, PLANTED), "nothing lies in plain");
    let mut cx = begin(&t);
    let missing = files::read(&t.store, cx.new_id()).await.unwrap_err();
    assert!(matches!(missing, Failure::Refused(r) if r.kind == RefusalKind::NotFound));

    let small = Limits { bytes_max: 10, ..Limits::default() };
    let upload = Upload { name: "a.pdf".to_owned(), bytes: Bytes::from_static(PDF) };
    let refused = files::keep(&mut cx, upload, &small).await.unwrap_err();
    assert!(matches!(refused, Failure::Refused(r) if r.kind == RefusalKind::TooLarge));
    let upload = Upload { name: "a.pdf".to_owned(), bytes: Bytes::from_static(&[0x4d, 0x5a, 0x90, 0]) };
    let refused = files::keep(&mut cx, upload, &Limits::default()).await.unwrap_err();
    assert!(matches!(refused, Failure::Refused(r) if r.code == "store.file-kind"));
    assert!(cx.commit.is_empty());
});

harness::both!(a_file_without_a_row_is_swept_after_a_day, &[TOY], |t| async move {
    let kept = keep(&t, "a.pdf").await.unwrap();
    let mut cx = begin(&t);
    let upload = Upload { name: "b.pdf".to_owned(), bytes: Bytes::from_static(PDF) };
    files::keep(&mut cx, upload, &Limits::default()).await.unwrap();
    drop(cx);
    let on_disk = || walk(&t.data.join("files"));
    assert_eq!(on_disk(), 2);
    // The files bear the machine's time, not the test clock's: this is well past both.
    t.clock.set("2100-01-01T00:00:00Z".parse().unwrap());
    files::sweep(t.ground.clone()).await.unwrap();
    assert_eq!(on_disk(), 1);
    files::read(&t.store, kept.id).await.unwrap();
});

harness::both!(a_loose_file_goes_after_two_days_unless_something_takes_it_in, &[TOY], |t| async move {
    let loose = async || -> files::FileInfo {
        store::command!(t.ground, Lang::En, ActorRef::system(), |cx| files::keep_loose(
            &mut cx,
            Upload { name: "a.pdf".to_owned(), bytes: Bytes::from_static(PDF) },
            &Limits::default()
        )
        .await)
        .unwrap()
    };
    let (used, unused, kept) = (loose().await, loose().await, keep(&t, "c.pdf").await.unwrap());
    let take_in = async |id| {
        let mut cx = begin(&t);
        files::attach(&mut cx, id);
        cx.finish().await
    };
    take_in(used.id).await.unwrap();
    t.clock.set(t.ground.clock.now() + jiff::SignedDuration::from_hours(47));
    files::sweep(t.ground.clone()).await.unwrap();
    assert!(files::info(&t.store, unused.id).await.unwrap().is_some(), "two days are not over");
    // The files bear the machine's time, not the test clock's: this is well past both.
    t.clock.set("2100-01-01T00:00:00Z".parse().unwrap());
    files::sweep(t.ground.clone()).await.unwrap();
    assert_eq!(files::info(&t.store, unused.id).await.unwrap(), None);
    assert_eq!(walk(&t.data.join("files")), 2, "what it held is gone from the disk");
    for id in [used.id, kept.id] {
        files::read(&t.store, id).await.unwrap();
    }
    let late = take_in(unused.id).await.unwrap_err();
    assert!(matches!(late, store::CommitError::Conflict(_)), "{late:?}");
});

fn walk(folder: &Path) -> usize {
    let entries = std::fs::read_dir(folder).unwrap().flatten();
    entries.map(|e| if e.path().is_dir() { walk(&e.path()) } else { 1 }).sum()
}

harness::both!(numbers_are_unique_across_servers_and_strict_ones_dense, &[TOY], |t| async move {
    let other = t.second(2).await;
    let mut tasks = tokio::task::JoinSet::new();
    for i in 0..40 {
        let ground = if i % 2 == 0 { t.ground.clone() } else { other.clone() };
        tasks.spawn(async move {
            let strict = serial::strict(&ground, "ticket").await.unwrap();
            let dense: Outcome<i64> = store::command!(ground, Lang::En, ActorRef::system(), |cx| async {
                Ok(serial::strict_in(&mut cx, &format!("book-{}", i % 10)).await?)
            }
            .await);
            (serial::block(&ground, "case").await.unwrap(), strict, (i % 10, dense.unwrap()))
        });
    }
    let all = tasks.join_all().await;
    let blocks: BTreeSet<i64> = all.iter().map(|n| n.0).collect();
    let strict: BTreeSet<i64> = all.iter().map(|n| n.1).collect();
    let dense: BTreeSet<(i64, i64)> = all.iter().map(|n| n.2).collect();
    assert_eq!(blocks.len(), 40);
    assert_eq!(strict, (1..=40).collect());
    assert_eq!(dense.len(), 40);
    assert_eq!(dense.iter().map(|d| d.1).max(), Some(4), "four tickets out of each of ten books");
});

harness::both!(steps_are_applied_once_whole_and_never_changed, &[TOY], |t| async move {
    t.store.migrate(&[TOY]).await.unwrap();
    let changed = Migrations { room: "toy", steps: &[("V1__toy", "CREATE TABLE toy_other (id TEXT)")] };
    let fault = t.store.migrate(&[changed]).await.unwrap_err();
    assert!(fault.to_string().contains("was changed after"), "{fault}");

    let broken = Migrations {
        room: "bad",
        steps: &[("V1__bad", "CREATE TABLE bad_one (id TEXT); CREATE TABLE bad_one (id TEXT);")],
    };
    t.store.migrate(&[broken]).await.unwrap_err();
    t.store.rows::<(String,)>("SELECT id FROM bad_one", vec![]).await.unwrap_err();

    const MORE: &[(&str, &str)] =
        &[TOY.steps[0], ("V2__more", "CREATE TABLE toy_more (id TEXT PRIMARY KEY NOT NULL);")];
    let newer = &[Migrations { room: "toy", steps: MORE }];
    let other = t.second(2).await;
    let (a, b) = tokio::join!(t.store.migrate(newer), other.store.migrate(newer));
    a.unwrap();
    b.unwrap();
    let fault = t.store.migrate(&[TOY]).await.unwrap_err();
    assert!(fault.to_string().contains("newer than this program"), "{fault}");
});

harness::both!(a_foreign_key_file_is_refused, &[TOY], |t| async move {
    let mut config = t.config();
    let elsewhere = t.data.with_file_name("elsewhere");
    std::fs::create_dir_all(&elsewhere).unwrap();
    if config.database.is_none() {
        std::fs::copy(t.data.join("yimen.db"), elsewhere.join("yimen.db")).unwrap();
        std::fs::copy(t.data.join("yimen.db-wal"), elsewhere.join("yimen.db-wal")).unwrap();
    }
    config.data = elsewhere;
    let rng = Arc::new(kernel::SeededRng::new(99));
    let store = Store::open(config, rng, Arc::new(t.clock.clone())).await.unwrap();
    let fault = store.migrate(&[TOY]).await.unwrap_err();
    assert!(fault.to_string().contains("not the key file"), "{fault}");
});

harness::both!(a_backup_of_a_running_store_is_consistent_and_restores_into_either, &[TOY], |t| async move {
    let file = keep(&t, "证明.pdf").await.unwrap();
    let sealed = Sealed::seal(t.store.sealer(), "toy", &"320102999999990011".to_owned()).unwrap();
    let mut cx = begin(&t);
    cx.commit.exec("INSERT INTO toy_event (subject, seq, body) VALUES ('sealed', 1, $1)", params![sealed]);
    cx.commit.exec("INSERT INTO toy_thing (id, state, rev) VALUES ($1, $2, 7)", params!["tab\t", "\\N\n䶮"]);
    cx.finish().await.unwrap();
    // Events come in pairs: a backup in their midst must hold both or none.
    let ground = t.ground.clone();
    let writing = tokio::spawn(async move {
        for n in 0.. {
            let mut cx = begin(&ground);
            event(&mut cx.commit, "left", n);
            event(&mut cx.commit, "right", n);
            cx.finish().await.unwrap();
        }
    });
    while events(&t, "left").await < 10 {
        tokio::task::yield_now().await;
    }
    let to = t.data.with_file_name("backup");
    t.store.backup(&to).await.unwrap();
    writing.abort();
    assert!(t.store.backup(&to).await.is_err(), "never over an old one");
    assert!(!holds(&to, PLANTED), "nothing lies in plain");
    assert!(!to.join("keys.toml").exists(), "the keys are kept apart");
    backup::check(&to).await.unwrap();

    let keys = backup::keys_beside(&to);
    let other = harness::postgres::Database::empty().await;
    let folder = |name: &str| t.data.with_file_name(name);
    let mut config = t.config();
    for (name, url) in [("in-sqlite", None), ("in-postgres", Some(other.url()))] {
        (config.data, config.database) = (folder(name), url);
        store::restore(&to, &keys, &config).await.unwrap();
        let fault = store::restore(&to, &keys, &config).await.unwrap_err();
        assert!(fault.to_string().contains("not empty"), "{fault}");
        let rng = Arc::new(kernel::SeededRng::new(5));
        let store = Store::open(config.clone(), rng.clone(), Arc::new(t.clock.clone())).await.unwrap();
        store.migrate(&[TOY]).await.unwrap();
        let again = Ground { store, clock: Arc::new(t.clock.clone()), rng };
        let (left, right) = (events(&again, "left").await, events(&again, "right").await);
        assert!(left >= 10 && left == right, "{left} {right}");
        let row: Option<(Sealed<String>,)> =
            again.store.row("SELECT body FROM toy_event WHERE subject = 'sealed'", vec![]).await.unwrap();
        assert_eq!(row.unwrap().0.open(again.store.sealer(), "toy").unwrap(), "320102999999990011");
        let thing: Option<(String, String)> =
            again.store.row("SELECT id, state FROM toy_thing", vec![]).await.unwrap();
        assert_eq!(thing, Some(("tab\t".to_owned(), "\\N\n䶮".to_owned())));
        assert_eq!(files::read(&again.store, file.id).await.unwrap().1, PDF);
        let mut cx = begin(&again);
        event(&mut cx.commit, "after", 1);
        cx.finish().await.unwrap();
    }

    std::fs::write(to.join("tables/toy_thing.copy"), "forged\tvalid\t1\n").unwrap();
    (config.data, config.database) = (folder("damaged"), None);
    let fault = store::restore(&to, &keys, &config).await.unwrap_err();
    assert!(fault.to_string().contains("has changed") && !folder("damaged").exists(), "{fault}");
    other.remove().await;
});
