-- list_brief_texts: the texts of one version of a brief.
-- params: brief_id bigint, version integer
-- returns: many (variant smallint, language text, title text, body text)
-- writes: nothing
SELECT
    t.variant,
    t.language,
    t.title,
    t.body
FROM push.brief_text AS t
WHERE t.brief_id = CAST(:brief_id AS bigint) AND t.version = CAST(:version AS integer)
ORDER BY t.variant, t.language
