-- An address under protection: from whom it is kept is everybody but the person and whoever shelters them; who asked, who decided.
CREATE TABLE identity_protection (
    id TEXT PRIMARY KEY,
    person TEXT NOT NULL REFERENCES identity_person (id),
    with_person TEXT REFERENCES identity_person (id),
    ground TEXT NOT NULL,
    agency TEXT NOT NULL,
    state TEXT NOT NULL,
    asked_by TEXT NOT NULL REFERENCES identity_account (id),
    asked_at BIGINT NOT NULL,
    until_at BIGINT NOT NULL,
    rev BIGINT NOT NULL
);
CREATE INDEX identity_protection_of_person ON identity_protection (person, state);
CREATE INDEX identity_protection_of_agency ON identity_protection (agency, state, id);
CREATE INDEX identity_protection_end ON identity_protection (state, until_at, id);
