-- What NAME keeps. One text for both databases: BIGINT, TEXT and BYTEA only; no query without an index.
CREATE TABLE NAME_NAME (
    id TEXT PRIMARY KEY,
    title TEXT NOT NULL,
    begun_at BIGINT NOT NULL
);
