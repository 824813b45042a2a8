-- A week counts what is planned within it, not everything that waits.
DROP INDEX delivery_waiting;
CREATE INDEX delivery_waiting ON delivery (channel, planned_at) WHERE state = 'waiting';
