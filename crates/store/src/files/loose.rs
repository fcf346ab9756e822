//! Files that were uploaded and belong to nothing yet: kept for two days, and for good once something takes them in.

use super::{FileInfo, Limits, Upload, write};
use crate::commit::broken;
use crate::{Commit, Cx, Ground, params};
use jiff::SignedDuration;
use kernel::{Failure, FileId, Outcome};

/// How long a loose file is kept.
pub const LOOSE_SECONDS: i64 = 172_800;

/// As [`super::keep`], for an upload whose use comes later (`POST /files`): unless [`attach`] takes it in within two
/// days, it is deleted.
///
/// # Errors
/// As [`super::keep`].
pub async fn keep_loose(cx: &mut Cx, upload: Upload, limits: &Limits) -> Outcome<FileInfo> {
    let until = cx.now + SignedDuration::from_secs(LOOSE_SECONDS);
    write(cx, upload, limits, Some(until)).await
}

/// Keeps file `id` for good, with the commit that begins to use it; a file that is kept already stays so. The commit
/// conflicts when the file is gone.
pub fn attach(cx: &mut Cx, id: FileId) {
    cx.commit.exec("UPDATE store_file SET loose_until = NULL WHERE id = $1", params![id]);
}

/// Gives up a loose file that nothing will use: nobody finds it from the commit on, and its content goes with what lies on the disk
/// without a row. A file that was attached meanwhile stays.
pub fn give_up(cx: &mut Cx, id: FileId) {
    cx.commit.exec_any("DELETE FROM store_file WHERE id = $1 AND loose_until IS NOT NULL", params![id]);
}

/// Deletes the rows of loose files whose time is over, some hundred at a time; what lies on the disk is then without a
/// row and goes with the rest of those.
pub(super) async fn let_go(ground: &Ground) -> Result<(), Failure> {
    let now = ground.clock.now();
    loop {
        let sql = "SELECT 1 FROM store_file WHERE loose_until < $1 LIMIT 1";
        let some: Option<(i64,)> = ground.store.row(sql, params![now]).await?;
        if some.is_none() {
            return Ok(());
        }
        let mut commit = Commit::housekeeping(now);
        // Asked for twice: a file that is attached at this moment must not be deleted by an older sight of it.
        commit.exec_any(
            "DELETE FROM store_file WHERE loose_until < $1 AND id IN \
             (SELECT id FROM store_file WHERE loose_until < $1 ORDER BY loose_until LIMIT 500)",
            params![now],
        );
        ground.store.submit(commit).await.map_err(broken)?;
    }
}
