-- What reached a party: a notice, or something that staff wrote. One row for each party, without its text, so that all of it stands
-- in one list however many cases there are.

CREATE TABLE cases_message (
    case_id TEXT NOT NULL REFERENCES cases_case (id),
    subject TEXT NOT NULL,
    source TEXT NOT NULL,
    place TEXT NOT NULL,
    title_zh TEXT NOT NULL,
    title_en TEXT NOT NULL,
    agency TEXT NOT NULL,
    at BIGINT NOT NULL,
    read_at BIGINT,
    PRIMARY KEY (case_id, subject, source, place)
);
CREATE INDEX cases_message_mine ON cases_message (subject, at, case_id, source, place);
CREATE INDEX cases_message_unread ON cases_message (subject, at) WHERE read_at IS NULL;
