-- Papers that were handed in. At most one of each grade is offered for the same kind of paper of the same holder.
CREATE TABLE proofs_proof (
    id TEXT PRIMARY KEY,
    subject TEXT NOT NULL,
    kind TEXT NOT NULL,
    holder TEXT NOT NULL,
    grade TEXT NOT NULL,
    state TEXT NOT NULL,
    case_number TEXT NOT NULL,
    at BIGINT NOT NULL,
    valid_until TEXT,
    body BYTEA NOT NULL,
    rev BIGINT NOT NULL
);
CREATE INDEX proofs_proof_subject ON proofs_proof (subject, at, id);
CREATE UNIQUE INDEX proofs_proof_kept ON proofs_proof (subject, kind, holder, grade) WHERE state = 'kept';
-- Which cases use a proof, and what they know it as.
CREATE TABLE proofs_use (
    case_number TEXT NOT NULL,
    demand TEXT NOT NULL,
    proof TEXT NOT NULL REFERENCES proofs_proof (id),
    item_zh TEXT NOT NULL,
    item_en TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (case_number, demand, proof)
);
CREATE INDEX proofs_use_proof ON proofs_use (proof, at);
