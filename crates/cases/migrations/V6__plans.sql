-- What the plan said when a matter was handed in, sealed: themes change afterwards, and what was filed stays as it was told.

ALTER TABLE cases_matter ADD COLUMN plan BYTEA;
