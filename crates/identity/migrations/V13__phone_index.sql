-- The keyed blind index of a person's telephone number: whoever books by telephone is found by it. Earlier rows get theirs from the sweep.
ALTER TABLE identity_person ADD COLUMN phone_blind TEXT;
CREATE INDEX identity_person_phone ON identity_person (phone_blind, id) WHERE phone_blind IS NOT NULL;
CREATE INDEX identity_person_phone_waits ON identity_person (id) WHERE phone IS NOT NULL AND phone_blind IS NULL;
