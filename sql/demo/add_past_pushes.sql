-- add_past_pushes: who got the past campaigns (consent and an install at that time), and who opened them.
-- params: seed bigint, now timestamptz
-- returns: none
-- writes: shop.past_push
WITH consent AS (
    SELECT
        customer_id,
        granted,
        changed_at AS since,
        lead(changed_at, 1, 'infinity') OVER (PARTITION BY customer_id ORDER BY changed_at) AS until
    FROM shop.consent_change
    WHERE purpose = 'marketing'
),

reachable AS (
    SELECT
        consent.customer_id,
        consent.until,
        greatest(consent.since, device.created_at) AS since,
        shop.roll(CAST(:seed AS bigint), 'engagement', consent.customer_id) AS engagement
    FROM consent
    INNER JOIN (
        SELECT
            customer_id,
            min(created_at) AS created_at
        FROM shop.installation
        WHERE is_active
        GROUP BY customer_id
    ) AS device ON consent.customer_id = device.customer_id
    WHERE consent.granted AND consent.until > CAST(:now AS timestamptz) - interval '60 days'
),

sent AS (
    SELECT
        reachable.customer_id,
        reachable.engagement,
        campaign.campaign_code,
        campaign.sent_at,
        reachable.customer_id * 64 + campaign.number AS push_id
    FROM (SELECT
        *,
        row_number() OVER (ORDER BY sent_at) AS number
    FROM shop.past_campaign) AS campaign
    INNER JOIN reachable ON campaign.sent_at >= reachable.since AND campaign.sent_at < reachable.until
    WHERE
        shop.roll(CAST(:seed AS bigint), 'pushed', reachable.customer_id * 64 + campaign.number)
        < campaign.share * (0.3 + 0.9 * reachable.engagement)
),

opened AS (
    SELECT
        sent.*,
        CASE
            WHEN shop.roll(CAST(:seed AS bigint), 'opened', push_id) < 0.04 + 0.2 * engagement
                THEN
                    sent_at + interval '20 seconds'
                    - interval '2 hours' * ln(1 - shop.roll(CAST(:seed AS bigint), 'opened at', push_id))
        END AS opened_at
    FROM sent
)

INSERT INTO shop.past_push (user_id, campaign_code, sent_at, opened_at)
SELECT
    customer_id,
    campaign_code,
    sent_at,
    CASE WHEN opened_at < CAST(:now AS timestamptz) THEN opened_at END
FROM opened
