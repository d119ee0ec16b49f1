INSERT INTO push.run (
    source_kind, source_id, occasion, version, content_hash, title, class, lane, tags, is_counted, priority, limit_mode, due_at, ttl,
    expires_at, control_share, variant_shares, salt, audience_name, languages, field_names, created_at
)
VALUES (
    'brief', :brief_id, :occasion, 1, :hash, :title, :class, :lane, ARRAY['brief:2'], true, 5, 'drop',
    :occasion, interval '24 hours', :occasion + interval '24 hours', 500, ARRAY[5000, 10000], :salt, :audience_name,
    ARRAY['ru', 'kk'], ARRAY['first_name', 'city'], :occasion
)
RETURNING run_id
