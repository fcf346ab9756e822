-- A branch (分支机构) has a code of its own and belongs to its head office.
ALTER TABLE identity_organisation ADD COLUMN head TEXT REFERENCES identity_organisation (id);
CREATE INDEX identity_organisation_of_head ON identity_organisation (head, id);
