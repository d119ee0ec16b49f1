INSERT INTO push.approval (
    source_kind, source_id, version, content_hash, approved_by, approved_at, reach_expected, reach_low, reach_high
)
VALUES ('brief', :brief_id, 1, :hash, 'somebody else', :now, 0, 0, 0)
ON CONFLICT DO NOTHING
