-- After an older copy came back: the history beside it tells of a call that has no known end. With the text that the copy
-- holds it can be looked for; where the post was edited since, who gives another text finds nothing by it.
ALTER TABLE delivery ADD COLUMN unanswered_call TEXT CHECK (unanswered_call IN ('same_text', 'text_may_be_lost'));
