-- Offices whose powers another took over (职权承继), and the mark by which every server sees that agencies have changed.
CREATE TABLE identity_predecessor (
    code TEXT PRIMARY KEY,
    name_zh TEXT NOT NULL,
    name_en TEXT NOT NULL,
    successor TEXT NOT NULL,
    since TEXT,
    basis_zh TEXT NOT NULL,
    basis_en TEXT NOT NULL
);
CREATE INDEX identity_predecessor_of_successor ON identity_predecessor (successor, code);
CREATE TABLE identity_directory (
    id BIGINT PRIMARY KEY,
    mark TEXT NOT NULL
);
