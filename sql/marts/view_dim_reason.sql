-- view_dim_reason: why users of an audience got nothing, in the order of judging.
-- params: none
-- returns: none
-- writes: nothing
CREATE OR REPLACE VIEW mart.dim_reason AS
SELECT
    r.reason,
    r.code,
    r.sentence
FROM push.reason AS r;
COMMENT ON VIEW mart.dim_reason IS 'One row a reason why somebody of the audience got no push.';
COMMENT ON COLUMN mart.dim_reason.reason IS 'Key of the dimension; also the order of judging: the first that holds is the reason.';
COMMENT ON COLUMN mart.dim_reason.code IS 'Short name, as funnels show it.';
COMMENT ON COLUMN mart.dim_reason.sentence IS 'The reason in words: the user ...';
GRANT SELECT ON mart.dim_reason TO pushline_bi, pushline_planner;
