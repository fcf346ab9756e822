-- What a list of looks is asked for: by agency, by ground, without a case, and by whom. Looks that the law keeps secret are written like
-- all others and shown from the end of their term on (PIPL 18, 35).
ALTER TABLE trace_look ADD COLUMN account TEXT;
ALTER TABLE trace_look ADD COLUMN stray BIGINT NOT NULL DEFAULT 0;
ALTER TABLE trace_look ADD COLUMN seal TEXT;
ALTER TABLE trace_look ADD COLUMN sealed_until BIGINT;
UPDATE trace_look SET stray = 1
    WHERE case_number IS NULL AND actor NOT LIKE '%"person":"' || person || '"%';
UPDATE trace_look SET account = substr(actor, 28, 36) WHERE actor LIKE '{"kind":"clerk","account":"%' AND agency IS NOT NULL;
UPDATE trace_look SET account = substr(actor, 31, 36) WHERE actor LIKE '{"kind":"examiner","account":"%' AND agency IS NOT NULL;
UPDATE trace_look SET account = substr(actor, 33, 36) WHERE actor LIKE '{"kind":"supervisor","account":"%' AND agency IS NOT NULL;
UPDATE trace_look SET account = substr(actor, 31, 36) WHERE actor LIKE '{"kind":"operator","account":"%' AND agency IS NOT NULL;
CREATE INDEX trace_look_of_agency ON trace_look (person, agency, id);
CREATE INDEX trace_look_of_ground ON trace_look (person, ground, id);
CREATE INDEX trace_look_stray ON trace_look (person, id) WHERE stray = 1;
CREATE INDEX trace_look_by ON trace_look (account, id) WHERE account IS NOT NULL;
CREATE INDEX trace_look_sealed ON trace_look (seal) WHERE seal IS NOT NULL;
-- Under which order whose looks at whom stay unseen, from when until when.
CREATE TABLE trace_seal (
    id TEXT PRIMARY KEY,
    person TEXT NOT NULL,
    account TEXT NOT NULL,
    starts BIGINT NOT NULL,
    until BIGINT NOT NULL
);
CREATE INDEX trace_seal_of ON trace_seal (person, account, until);
