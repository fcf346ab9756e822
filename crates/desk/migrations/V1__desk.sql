-- What somebody who works here keeps for themselves: saved views of the inbox. Who reads a case right now, so that two do not
-- examine the same one; rows are forgotten after minutes. What became of acts on many tasks at once; forgotten after a day.
CREATE TABLE desk_view (
    account TEXT NOT NULL,
    name TEXT NOT NULL,
    query TEXT NOT NULL,
    star BIGINT NOT NULL,
    saved_at BIGINT NOT NULL,
    PRIMARY KEY (account, name)
);
CREATE TABLE desk_reading (
    number TEXT NOT NULL,
    account TEXT NOT NULL,
    name TEXT NOT NULL,
    agency TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (number, account)
);
CREATE INDEX desk_reading_by_time ON desk_reading (at);
CREATE TABLE desk_report (
    id TEXT PRIMARY KEY,
    account TEXT NOT NULL,
    at BIGINT NOT NULL,
    body TEXT NOT NULL
);
CREATE INDEX desk_report_by_time ON desk_report (at);
