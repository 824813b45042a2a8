-- Past its time to expire a post has nothing left to fail once everything of it has ended; an edit or a new primary
-- begins anew. Without this every post that ever expired would be visited at every round.
ALTER TABLE post ADD COLUMN expiry_done INTEGER NOT NULL DEFAULT 0 CHECK (expiry_done IN (0, 1));

CREATE INDEX post_to_expire ON post (expires_at) WHERE expires_at IS NOT NULL AND expiry_done = 0;
