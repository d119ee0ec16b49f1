INSERT INTO push.brief_version (brief_id, version, content, content_hash, edited_by, edited_at)
VALUES (:brief_id, 1, '{}', :hash, ARRAY['bench'], :now)
ON CONFLICT (brief_id, version) DO NOTHING
