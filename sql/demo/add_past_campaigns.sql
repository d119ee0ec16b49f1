-- add_past_campaigns: three campaigns a week for 60 days, each at 19:00 in Almaty.
-- params: seed bigint, now timestamptz
-- returns: none
-- writes: shop.past_campaign
INSERT INTO shop.past_campaign (campaign_code, title, share, sent_at)
SELECT
    'past_' || to_char(sent.day, 'YYYY_MM_DD'),
    (CAST(
        '{"New music of the week","Vinyl weekend","Two films for one","Books under 5,000","Gift ideas",'
        '"Board game night","Headphones on sale"}' AS text[]
    ))[1 + sent.number % 7],
    0.25 + 0.5 * shop.roll(CAST(:seed AS bigint), 'campaign', sent.number),
    (sent.day + interval '19 hours') AT TIME ZONE 'Asia/Almaty'
FROM (
    SELECT
        week * 3 + place AS number,
        CAST(CAST(:now AS timestamptz) AT TIME ZONE 'Asia/Almaty' AS date) - (week * 7 + 2 * place - 1) AS day
    FROM generate_series(0, 8) AS week
    CROSS JOIN generate_series(1, 3) AS place
) AS sent
WHERE sent.day > CAST(CAST(:now AS timestamptz) AT TIME ZONE 'Asia/Almaty' AS date) - 60
