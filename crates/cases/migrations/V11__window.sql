-- At whose window a case was filed; empty for all others. What one place received for another was filed at its window.
ALTER TABLE cases_case ADD COLUMN filed_window TEXT NOT NULL DEFAULT '';
UPDATE cases_case SET filed_window = received WHERE received <> '';
CREATE INDEX cases_case_window ON cases_case (filed_window, filed_at, id) WHERE filed_window <> '';
