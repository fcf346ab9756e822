ALTER TABLE identity_agency ADD COLUMN function TEXT;
CREATE INDEX identity_agency_of_function ON identity_agency (function, division);
CREATE INDEX identity_division_of_parent ON identity_division (parent, code);
CREATE TABLE identity_post (
    account TEXT NOT NULL REFERENCES identity_account (id),
    role TEXT NOT NULL,
    agency TEXT NOT NULL REFERENCES identity_agency (code),
    window_no TEXT,
    division TEXT,
    head BIGINT NOT NULL,
    PRIMARY KEY (account, role, agency)
);
INSERT INTO identity_post (account, role, agency, window_no, division, head)
    SELECT account, role, agency, window_no, division, 0 FROM identity_staff;
DROP TABLE identity_staff;
CREATE INDEX identity_post_of_agency ON identity_post (agency, account);
ALTER TABLE identity_account ADD COLUMN post TEXT;
ALTER TABLE identity_session ADD COLUMN post TEXT;
CREATE TABLE identity_delegation (
    id TEXT PRIMARY KEY,
    account TEXT NOT NULL REFERENCES identity_account (id),
    delegate TEXT NOT NULL REFERENCES identity_account (id),
    agency TEXT NOT NULL REFERENCES identity_agency (code),
    from_day BIGINT NOT NULL,
    until_day BIGINT NOT NULL,
    made_at BIGINT NOT NULL
);
CREATE INDEX identity_delegation_of_account ON identity_delegation (account, until_day);
CREATE INDEX identity_delegation_of_delegate ON identity_delegation (delegate, until_day);
CREATE INDEX identity_delegation_end ON identity_delegation (until_day);
