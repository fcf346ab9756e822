-- Accepted here, decided there: whose window received a case for the body of another place; empty for all others.
ALTER TABLE cases_case ADD COLUMN received TEXT NOT NULL DEFAULT '';
CREATE INDEX cases_case_received ON cases_case (received, filed_at, id) WHERE received <> '';
