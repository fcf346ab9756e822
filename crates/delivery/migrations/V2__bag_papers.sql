-- The papers of a bag's list, so that a case's originals are found: in which bag they are.
CREATE TABLE delivery_bag_paper (
    bag TEXT NOT NULL REFERENCES delivery_bag (id),
    nth BIGINT NOT NULL,
    case_number TEXT NOT NULL,
    what TEXT NOT NULL,
    PRIMARY KEY (bag, nth)
);
CREATE INDEX delivery_bag_paper_case ON delivery_bag_paper (case_number);
