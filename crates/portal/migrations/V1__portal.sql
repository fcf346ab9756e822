-- Errors of the site that readers reported (我为政府网站找错). The contact is sealed: it may be a telephone number.
CREATE TABLE portal_report (
    id TEXT PRIMARY KEY,
    number TEXT NOT NULL UNIQUE,
    reported_at BIGINT NOT NULL,
    place TEXT NOT NULL,
    kind TEXT NOT NULL,
    text TEXT NOT NULL,
    contact BYTEA,
    reply TEXT,
    replied_at BIGINT,
    rev BIGINT NOT NULL
);
CREATE INDEX portal_report_by_time ON portal_report (reported_at, id)
