-- index_consent_row: find a bucket's rows without reading the others.
-- params: none
-- returns: none
-- writes: consent_row
CREATE INDEX ON consent_row (bucket) WHERE bucket IS NOT NULL;
