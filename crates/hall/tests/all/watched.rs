//! A queue that many watch is worked out once, and nobody misses its last state.

use crate::live::{event, watch};
use crate::town::{ROOMS, Town, call_at};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

const WATCH: usize = 40;

harness::both!(many_watch_and_the_queue_is_read_once, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let clerk = town.on_duty("c1", "1").await;
    town.take(&town.taking("A")).await.unwrap();
    let app = crate::live::app(&town);
    let mut screens = Vec::new();
    for _ in 0..WATCH {
        let mut screen = watch(app.clone()).await;
        assert!(event(&mut screen).await.contains("现在1人等候"));
        screens.push(screen);
    }
    let read: Arc<AtomicUsize> = Arc::default();
    let count = Arc::clone(&read);
    town.t.store.observe_reads(Box::new(move |sql, _| {
        count.fetch_add(usize::from(sql.contains("called_at IS NOT NULL")), Ordering::SeqCst);
    }));
    call_at(&town.second().await, &clerk).await.unwrap();
    for screen in &mut screens {
        assert!(event(screen).await.contains("请A001号到1号窗口办理"));
    }
    assert_eq!(read.load(Ordering::SeqCst), 1, "once for all who watch");
    // Somebody comes late, while the others go on: they begin with what is.
    let mut late = watch(app.clone()).await;
    assert!(event(&mut late).await.contains("请A001号到1号窗口办理"));
    // After the last has left, nothing is read any more.
    drop((screens, late));
    tokio::time::sleep(std::time::Duration::from_millis(700)).await;
    read.store(0, Ordering::SeqCst);
    town.take(&town.taking("A")).await.unwrap();
    tokio::time::sleep(std::time::Duration::from_millis(600)).await;
    assert_eq!(read.load(Ordering::SeqCst), 0);
    // And whoever comes then sees the present.
    assert!(event(&mut watch(app).await).await.contains("现在1人等候"));
});
