-- Posts that a restored copy does not know are few, and are shown to a person without reading the whole journal.
CREATE INDEX journal_of_lost_posts ON journal (at) WHERE kind = 'post.lost';
