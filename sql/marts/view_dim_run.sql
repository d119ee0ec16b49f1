-- view_dim_run: a row a run: which campaign, trigger or team it belongs to, and its settings.
-- params: none
-- returns: none
-- writes: nothing
CREATE OR REPLACE VIEW mart.dim_run AS
SELECT
    r.run_id,
    r.source_kind::text AS source_kind,
    r.source_id,
    coalesce(b.campaign_code, t.name, o.team) AS campaign,
    r.title,
    r.class::text AS class,
    r.lane::text AS lane,
    r.tags,
    r.status,
    r.occasion,
    r.run_day,
    r.expires_at,
    r.priority,
    r.control_share / 10000.0 AS control_share,
    cardinality(r.variant_shares) AS variants,
    r.audience_name
FROM push.run AS r
LEFT JOIN push.brief AS b
    ON r.source_kind = 'brief' AND r.source_id = b.brief_id
LEFT JOIN push.trigger_rule AS t
    ON r.source_kind = 'trigger' AND r.source_id = t.trigger_id
LEFT JOIN push.offer AS o
    ON r.source_kind = 'foreign' AND r.source_id = o.offer_id;
COMMENT ON VIEW mart.dim_run IS 'One row a run: one occasion of a campaign, of a trigger or of another team.';
COMMENT ON COLUMN mart.dim_run.run_id IS 'Key of the dimension.';
COMMENT ON COLUMN mart.dim_run.source_kind IS 'brief (a campaign of the sheet), trigger or foreign (another team).';
COMMENT ON COLUMN mart.dim_run.source_id IS 'Number of the brief, trigger or offer.';
COMMENT ON COLUMN mart.dim_run.campaign IS 'Code of the campaign (C-2026-001), name of the trigger, or the team.';
COMMENT ON COLUMN mart.dim_run.title IS 'What people call it.';
COMMENT ON COLUMN mart.dim_run.class IS 'marketing, trigger or transactional.';
COMMENT ON COLUMN mart.dim_run.lane IS 'Which queue its pushes travel in.';
COMMENT ON COLUMN mart.dim_run.tags IS 'Tags that cap rules count by.';
COMMENT ON COLUMN mart.dim_run.status IS 'waiting, held, planning, planned, set_aside, cancelled or expired.';
COMMENT ON COLUMN mart.dim_run.occasion IS 'The planned moment.';
COMMENT ON COLUMN mart.dim_run.run_day IS 'Day of the occasion in UTC; joins dim_day.';
COMMENT ON COLUMN mart.dim_run.expires_at IS 'Nothing leaves later.';
COMMENT ON COLUMN mart.dim_run.priority IS '1 first: planned before others, takes the slots.';
COMMENT ON COLUMN mart.dim_run.control_share IS 'Share of the audience that gets nothing on purpose, 0 to 1.';
COMMENT ON COLUMN mart.dim_run.variants IS 'How many variants were sent.';
COMMENT ON COLUMN mart.dim_run.audience_name IS 'The SQL file in sql/audiences.';
GRANT SELECT ON mart.dim_run TO pushline_bi, pushline_planner;
