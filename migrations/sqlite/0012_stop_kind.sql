-- What a stop is about is decided where it is made, and never read out of a sentence: sentences hold what platforms say.
ALTER TABLE delivery ADD COLUMN stop_kind TEXT CHECK (stop_kind IS NULL OR (stop_reason IS NOT NULL AND stop_kind IN (
    'primary_gone', 'primary_differs', 'primary_unseen', 'maybe_out', 'by_hand', 'edit_refused', 'withdrawal_refused',
    'unknown_outcome', 'text_lost', 'past_lost', 'row_broken')));

-- The sentences as they were written until now, by how they begin. What is left was written about a row that could not
-- be read, unless an outcome is unknown.
UPDATE delivery SET stop_kind = CASE
    WHEN stop_reason LIKE 'the edit was refused: %' THEN 'edit_refused'
    WHEN stop_reason LIKE 'the withdrawal was refused: %' THEN 'withdrawal_refused'
    WHEN stop_reason = 'a person does this by hand' THEN 'by_hand'
    WHEN stop_reason LIKE 'the database was restored from a copy that does not hold the newest text%' THEN 'text_lost'
    WHEN stop_reason LIKE 'the database was restored from a copy, and what happened since%' THEN 'past_lost'
    WHEN stop_reason LIKE 'it was queued before vestnik started and may be out already: %' THEN 'maybe_out'
    WHEN stop_reason LIKE 'vestnik cannot see whether the post on channel `%' THEN 'primary_unseen'
    WHEN stop_reason LIKE 'unknown outcome: %' THEN 'unknown_outcome'
    WHEN stop_reason LIKE 'the post on channel `%` reads differently than announced' THEN 'primary_differs'
    WHEN stop_reason LIKE 'the post on channel `%` was deleted' THEN 'primary_gone'
    WHEN stop_reason LIKE 'the post on channel `%` was taken down by hand' THEN 'primary_gone'
    WHEN stop_reason = 'the post is gone from the channel' THEN 'primary_gone'
    WHEN EXISTS (SELECT 1 FROM attempt a WHERE a.delivery = delivery.id AND a.state = 'in_doubt') THEN 'unknown_outcome'
    ELSE 'row_broken'
END WHERE stop_reason IS NOT NULL;

CREATE TRIGGER delivery_stops_for_a_kind_of_reason BEFORE UPDATE OF stop_reason ON delivery
WHEN NEW.stop_reason IS NOT NULL AND NEW.stop_kind IS NULL
BEGIN SELECT RAISE(ABORT, 'a delivery stops for a kind of reason'); END;
