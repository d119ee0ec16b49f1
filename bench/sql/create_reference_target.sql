CREATE TABLE push.reference_target (LIKE push.reference_source)
