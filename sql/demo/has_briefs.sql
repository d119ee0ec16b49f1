-- has_briefs: whether the example month was loaded.
-- params: none
-- returns: one (has_briefs boolean)
-- writes: nothing
SELECT EXISTS(SELECT FROM push.brief) AS has_briefs
