-- Which thing a paper is about (a house by its title number, a child by its number), as a keyed index of that number; empty where a
-- paper is about its holder. Two houses have two papers of one kind.
ALTER TABLE proofs_proof ADD COLUMN about TEXT NOT NULL DEFAULT '';
DROP INDEX proofs_proof_kept;
CREATE UNIQUE INDEX proofs_proof_kept ON proofs_proof (subject, kind, holder, about, grade) WHERE state = 'kept';
