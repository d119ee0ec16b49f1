-- function_check_offer: what is wrong with an offer of another team, as a sentence with the way out; null when nothing
--   is.
-- params: team text, occasion_key text, class push.class, lane push.lane, user_ids bigint[], content jsonb, not_before
--   timestamptz, expires_at timestamptz, moment timestamptz
-- returns: one (check_offer text)
-- writes: nothing
CREATE OR REPLACE FUNCTION push.check_offer(
    team text, occasion_key text, class push.class, lane push.lane, user_ids bigint[], content jsonb,
    not_before timestamptz, expires_at timestamptz, moment timestamptz
) RETURNS text
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT CASE
        WHEN coalesce(trim(team), '') = '' OR coalesce(trim(occasion_key), '') = '' OR length(team) > 100 OR length(occasion_key) > 200
            THEN 'Name your team (up to 100 letters) and the occasion (up to 200): together they make a repeat harmless.'
        WHEN class IS NULL OR lane IS NULL OR (lane = 'marketing') <> (class = 'marketing')
            THEN 'Class marketing travels in the lane marketing, trigger and transactional in the lane trigger.'
        WHEN coalesce(cardinality(user_ids), 0) NOT BETWEEN 1 AND 1000000
            THEN 'Offer 1 to 1,000,000 users at once; split a bigger audience into several occasion keys.'
        WHEN array_position(user_ids, NULL) IS NOT NULL OR EXISTS (SELECT FROM unnest(user_ids) AS u WHERE u <= 0)
            THEN 'User ids are whole numbers above 0.'
        WHEN not_before IS NULL OR expires_at IS NULL OR not_before = 'infinity' OR expires_at <= not_before OR expires_at <= moment
            THEN 'expires_at must be later than not_before, and not passed.'
        WHEN not_before < moment - interval '1 day' OR not_before > moment + interval '28 days'
            THEN 'not_before may lie one day back at most and 28 days ahead.'
        WHEN expires_at > greatest(not_before, moment) + interval '28 days'
            THEN 'expires_at may lie 28 days after not_before at most.'
        WHEN content IS NULL OR jsonb_typeof(content) <> 'object' OR content - ARRAY['title', 'tags', 'limit_mode', 'texts'] <> '{}'
            THEN 'content is an object with texts and, if you want, title, tags and limit_mode.'
        WHEN coalesce(jsonb_typeof(content -> 'texts'), '') <> 'object' OR content -> 'texts' = '{}'
            THEN 'content.texts holds a text per language: {"ru": {"title": "...", "body": "...", "link": "...", "image_url": "..."}}.'
        WHEN coalesce(jsonb_typeof(content -> 'title'), 'string') <> 'string'
            OR coalesce(content ->> 'limit_mode', 'drop') NOT IN ('drop', 'defer')
            THEN 'content.title is a string; content.limit_mode is drop or defer.'
        WHEN coalesce(jsonb_typeof(content -> 'tags'), 'array') <> 'array'
            OR jsonb_path_exists(content, '$.tags[*] ? (@.type() != "string")')
            THEN 'content.tags is a list of strings.'
        WHEN jsonb_path_exists(content, '$.tags[*] ? (@ like_regex ":")')
            THEN 'A tag of yours has no ":" in it: brief:7 and trigger:3 are how Pushline counts its own.'
        WHEN EXISTS (
            SELECT
            FROM jsonb_each(content -> 'texts') AS t (language, words)
            WHERE t.language !~ '^[a-z]{2,3}(-[a-z0-9]{2,8})*$'
                OR jsonb_typeof(t.words) <> 'object'
                OR t.words - ARRAY['title', 'body', 'link', 'image_url'] <> '{}'
                OR jsonb_path_exists(t.words, '$.* ? (@.type() != "string")')
                OR coalesce(trim(t.words ->> 'title'), '') = ''
                OR coalesce(trim(t.words ->> 'body'), '') = ''
        )
            THEN 'Each text is {"title", "body"} with, if you want, "link" and "image_url", all strings, under a language like ru or kk.'
        WHEN content ->> 'texts' LIKE '%{{%' OR content ->> 'texts' LIKE '%{\%%'
            THEN 'Texts of an offer go to everybody alike: no {{ fields }} and no {% tags %}.'
    END;
END;
REVOKE ALL ON FUNCTION push.check_offer(
    text, text, push.class, push.lane, bigint[], jsonb, timestamptz, timestamptz, timestamptz
) FROM public;
