WITH made AS (
    INSERT INTO push.brief (campaign_code, status, created_by, created_at, changed_at)
    VALUES (:code, 'approved', 'bench', :now, :now)
    ON CONFLICT (campaign_code) DO NOTHING
    RETURNING brief_id
)

SELECT brief_id FROM made
UNION ALL
SELECT brief_id FROM push.brief WHERE campaign_code = :code
LIMIT 1
