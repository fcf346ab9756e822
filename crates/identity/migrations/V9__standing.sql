-- Which mandates of somebody end next, on either side: one look-up each, however many there ever were.
CREATE INDEX identity_mandate_ends_principal ON identity_mandate (principal, state, until_at, id);
CREATE INDEX identity_mandate_ends_agent ON identity_mandate (agent, state, until_at, id);
