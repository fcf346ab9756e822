-- What was filed lately (for the home page), and the running cases of an item by id (after a new version appeared).
CREATE INDEX cases_case_lately ON cases_case (imported, id);
CREATE INDEX cases_case_running_item ON cases_case (item_key, running, id);
