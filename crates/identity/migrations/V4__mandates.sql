-- Mandates (授权委托) and their uses; staff of firms until a day; when a session's holder last showed who they are.
CREATE TABLE identity_mandate (
    id TEXT PRIMARY KEY,
    basis TEXT NOT NULL,
    principal TEXT NOT NULL,
    principal_name TEXT NOT NULL,
    giver TEXT NOT NULL,
    giver_name TEXT NOT NULL,
    agent TEXT NOT NULL,
    agent_name TEXT NOT NULL,
    items TEXT NOT NULL,
    powers TEXT NOT NULL,
    hand_on BIGINT NOT NULL,
    parent TEXT REFERENCES identity_mandate (id),
    links BIGINT NOT NULL,
    state TEXT NOT NULL,
    offered_at BIGINT NOT NULL,
    until_at BIGINT NOT NULL,
    ended_at BIGINT,
    rev BIGINT NOT NULL
);
CREATE INDEX identity_mandate_of_principal ON identity_mandate (principal, id);
CREATE INDEX identity_mandate_of_agent ON identity_mandate (agent, id);
CREATE INDEX identity_mandate_in_force ON identity_mandate (agent, state, id);
CREATE INDEX identity_mandate_of_parent ON identity_mandate (parent, id);
CREATE INDEX identity_mandate_end ON identity_mandate (state, until_at, id);
CREATE TABLE identity_mandate_use (
    mandate TEXT NOT NULL REFERENCES identity_mandate (id),
    id TEXT NOT NULL,
    at BIGINT NOT NULL,
    person TEXT NOT NULL,
    person_name TEXT NOT NULL,
    act TEXT NOT NULL,
    about TEXT NOT NULL,
    PRIMARY KEY (mandate, id)
);
ALTER TABLE identity_membership ADD COLUMN ends_at BIGINT;
ALTER TABLE identity_session ADD COLUMN mandate TEXT;
ALTER TABLE identity_session ADD COLUMN confirmed_at BIGINT;
ALTER TABLE identity_account ADD COLUMN mandate TEXT;
