-- create_brief_version: keep one version of a brief with its texts.
-- params: brief_id bigint, version integer, content jsonb, content_hash text, editors text[], now timestamptz
-- returns: none
-- writes: brief_version, brief_text
WITH saved AS (
    INSERT INTO push.brief_version (brief_id, version, content, content_hash, edited_by, edited_at)
    VALUES (
        CAST(:brief_id AS bigint), CAST(:version AS integer), CAST(:content AS jsonb),
        CAST(:content_hash AS text), CAST(:editors AS text[]), CAST(:now AS timestamptz)
    )
    RETURNING brief_id, version, content
)

INSERT INTO push.brief_text (brief_id, version, variant, language, title, body)
SELECT
    s.brief_id,
    s.version,
    v.variant::smallint,
    l.language,
    l.words ->> 'title',
    l.words ->> 'body'
FROM saved AS s
CROSS JOIN jsonb_each(s.content -> 'texts') AS v (variant, languages)
CROSS JOIN jsonb_each(v.languages) AS l (language, words)
