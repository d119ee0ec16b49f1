INSERT INTO push.run (
    source_kind, source_id, occasion, version, content_hash, title, class, lane, tags, is_counted, priority, limit_mode, due_at, ttl,
    expires_at, control_share, variant_shares, salt, audience_name, languages, field_names, created_at
)
VALUES (
    'brief', :brief_id, :occasion, 1, :hash, 'Worst case', 'marketing', 'marketing', ARRAY['sale', 'brief:1'], true, 5, 'drop',
    :occasion, interval '24 hours', :occasion + interval '24 hours', 500, ARRAY[5000, 10000], 42, 'every_customer',
    ARRAY['ru', 'kk'], ARRAY['first_name', 'city'], :occasion
)
RETURNING run_id
