-- The list of one organisation's posts, the newest first.
CREATE INDEX post_of_organisation ON post (organisation, id);
