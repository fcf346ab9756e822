-- The steps that an inbox's filter offers are found by leaping from one to the next over `cases_task_by_step`; a step that is
-- rare and chosen by itself, without an item, has an index of its own.
CREATE INDEX cases_task_by_step_alone ON cases_task (agency, state, step, due_at, id);
