-- What items build on and share, as it is now: registers, data elements, the dictionary of papers. One row, id 'current'.
CREATE TABLE catalog_knowledge (
    id TEXT PRIMARY KEY,
    hash TEXT NOT NULL,
    body TEXT NOT NULL,
    published_at BIGINT NOT NULL
);

-- The joint matters offered now.
CREATE TABLE catalog_theme (
    id TEXT PRIMARY KEY,
    hash TEXT NOT NULL,
    body TEXT NOT NULL,
    published_at BIGINT NOT NULL
);
