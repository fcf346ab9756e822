CREATE TABLE identity_division (
    code TEXT PRIMARY KEY,
    parent TEXT,
    name_zh TEXT NOT NULL,
    name_en TEXT NOT NULL
);
CREATE TABLE identity_agency (
    code TEXT PRIMARY KEY,
    name_zh TEXT NOT NULL,
    name_en TEXT NOT NULL,
    credit_code TEXT NOT NULL,
    division TEXT NOT NULL,
    phone TEXT NOT NULL,
    address_zh TEXT NOT NULL,
    address_en TEXT NOT NULL
);
CREATE TABLE identity_person (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    phone BYTEA,
    phone_mask TEXT,
    address BYTEA,
    created_at BIGINT NOT NULL
);
CREATE TABLE identity_document (
    kind TEXT NOT NULL,
    country TEXT NOT NULL,
    number_blind TEXT NOT NULL,
    number BYTEA NOT NULL,
    number_mask TEXT NOT NULL,
    person TEXT NOT NULL REFERENCES identity_person (id),
    place BIGINT NOT NULL,
    valid_until TEXT,
    PRIMARY KEY (kind, country, number_blind)
);
CREATE INDEX identity_document_of_person ON identity_document (person, place);
CREATE TABLE identity_organisation (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    code_blind TEXT NOT NULL UNIQUE,
    code BYTEA NOT NULL,
    code_mask TEXT NOT NULL,
    legal_representative TEXT NOT NULL,
    phone BYTEA,
    phone_mask TEXT,
    address TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE TABLE identity_membership (
    person TEXT NOT NULL REFERENCES identity_person (id),
    organisation TEXT NOT NULL REFERENCES identity_organisation (id),
    role TEXT NOT NULL,
    since BIGINT NOT NULL,
    until BIGINT,
    PRIMARY KEY (person, organisation)
);
CREATE INDEX identity_membership_of_organisation ON identity_membership (organisation, person);
CREATE TABLE identity_account (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    person TEXT NOT NULL REFERENCES identity_person (id),
    password TEXT NOT NULL,
    state TEXT NOT NULL,
    acting TEXT REFERENCES identity_organisation (id),
    demo_place BIGINT,
    note_zh TEXT NOT NULL,
    note_en TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX identity_account_of_person ON identity_account (person);
CREATE INDEX identity_account_listed ON identity_account (demo_place) WHERE demo_place IS NOT NULL;
CREATE TABLE identity_staff (
    account TEXT NOT NULL REFERENCES identity_account (id),
    role TEXT NOT NULL,
    agency TEXT NOT NULL REFERENCES identity_agency (code),
    window_no TEXT,
    division TEXT,
    PRIMARY KEY (account, role)
);
CREATE TABLE identity_session (
    token_hash BYTEA PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    account TEXT NOT NULL REFERENCES identity_account (id),
    kind TEXT NOT NULL,
    csrf TEXT NOT NULL,
    acting TEXT,
    device TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    idle_until BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX identity_session_of_account ON identity_session (account, created_at);
CREATE INDEX identity_session_expiry ON identity_session (expires_at);
CREATE TABLE identity_lockout (
    name_blind TEXT PRIMARY KEY,
    failures BIGINT NOT NULL,
    last_at BIGINT NOT NULL,
    locked_until BIGINT NOT NULL
);
CREATE INDEX identity_lockout_age ON identity_lockout (last_at);
