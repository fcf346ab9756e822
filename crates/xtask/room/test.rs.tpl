//! The room's rows on both databases.

use NAME::{MIGRATIONS, store};
use kernel::{ActorRef, Lang};

harness::both!(what_is_begun_is_found_again, &[MIGRATIONS], |t| async move {
    let mut cx = t.begin(Lang::ZhCn, ActorRef::system());
    store::insert(&mut cx, "1", "一号");
    cx.finish().await.expect("the commit happens");
    assert_eq!(store::title(&t.store, "1").await.expect("the database answers").as_deref(), Some("一号"));
    assert_eq!(store::title(&t.store, "2").await.expect("the database answers"), None);
});
