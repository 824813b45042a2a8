-- After an older copy came back: the history beside it tells of a call that has no known end. With the text that the copy
-- holds it can be looked for; where the post was edited since, who gives another text finds nothing by it.
ALTER TABLE delivery ADD COLUMN lost_call TEXT CHECK (lost_call IN ('same_text', 'lost_text'));
