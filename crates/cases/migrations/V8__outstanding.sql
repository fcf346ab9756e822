-- What a party owes in a case: something to supply, a promised paper, their word that they take part. One row for each party and
-- thing, so that one look-up finds what a firm with ten thousand cases must do next.

CREATE TABLE cases_outstanding (
    case_id TEXT NOT NULL REFERENCES cases_case (id),
    subject TEXT NOT NULL,
    kind TEXT NOT NULL,
    what TEXT NOT NULL,
    name_zh TEXT NOT NULL,
    name_en TEXT NOT NULL,
    due_at BIGINT NOT NULL,
    PRIMARY KEY (case_id, subject, kind, what)
);
CREATE INDEX cases_outstanding_mine ON cases_outstanding (subject, due_at, case_id, kind, what);

-- Cases that wait for something to be supplied while this is added; the others get their rows with their next event.
INSERT INTO cases_outstanding (case_id, subject, kind, what, name_zh, name_en, due_at)
SELECT DISTINCT c.id, p.subject, 'supplement', '', '', '', c.due_at
FROM cases_case c JOIN cases_party p ON p.case_id = c.id WHERE c.state = 'supplement' AND c.running = 1;

-- The certificates on which running cases rely: when one falls, its cases are found by it.
CREATE TABLE cases_relied (
    certificate TEXT NOT NULL,
    case_id TEXT NOT NULL REFERENCES cases_case (id),
    PRIMARY KEY (certificate, case_id)
);
