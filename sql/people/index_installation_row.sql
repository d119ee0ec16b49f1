-- index_installation_row: find a bucket's rows without reading the others.
-- params: none
-- returns: none
-- writes: installation_row
CREATE INDEX ON installation_row (bucket) WHERE bucket IS NOT NULL;
