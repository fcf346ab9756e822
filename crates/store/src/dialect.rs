//! Everything that must differ between SQLite and PostgreSQL, by name; nothing differs anywhere else.

use crate::Backend;

/// Behind a `SELECT … LIMIT n` of rows to be taken: other servers skip them instead of waiting.
pub(crate) fn skip_locked(backend: Backend, table: &str) -> String {
    match backend {
        Backend::Sqlite => String::new(),
        Backend::Postgres => format!(" FOR UPDATE OF {table} SKIP LOCKED"),
    }
}

/// The function by which an expectation raises on PostgreSQL, and the SQLSTATE it raises with.
pub(crate) const EXPECT_STATE: &str = "YM409";
/// See [`EXPECT_STATE`].
pub(crate) const EXPECT_FUNCTION: &str = "CREATE OR REPLACE FUNCTION store_expect(touched BIGINT, wanted BIGINT, what TEXT) \
     RETURNS BIGINT LANGUAGE plpgsql AS $$ BEGIN \
     IF touched <> wanted THEN RAISE EXCEPTION '%', what USING ERRCODE = 'YM409'; END IF; \
     RETURN touched; END $$";

/// A write or guard on PostgreSQL that raises unless it touches or finds `wanted` rows.
pub(crate) fn expecting(sql: &str, guard: bool, wanted: u64, what: &str) -> String {
    let sql = sql.trim().trim_end_matches(';');
    let tail = if guard { "FOR SHARE" } else { "RETURNING 1" };
    let what = what.replace('\'', "''");
    format!("WITH w AS ({sql} {tail}) SELECT store_expect(count(*), {wanted}, '{what}') FROM w")
}

/// What asks the database server for its own clock, in microseconds; SQLite has the program's.
pub(crate) fn server_clock(backend: Backend) -> Option<&'static str> {
    match backend {
        Backend::Sqlite => None,
        Backend::Postgres => Some("SELECT (EXTRACT(EPOCH FROM clock_timestamp()) * 1000000)::BIGINT"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quote_in_the_label_stays_text() {
        assert_eq!(
            expecting("UPDATE t SET a = 'x';", false, 1, "UPDATE t SET a = 'x';"),
            "WITH w AS (UPDATE t SET a = 'x' RETURNING 1) SELECT store_expect(count(*), 1, 'UPDATE t SET a = ''x'';') FROM w"
        );
    }
}
