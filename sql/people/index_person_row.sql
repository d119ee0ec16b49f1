-- index_person_row: find a bucket's rows without reading the others.
-- params: none
-- returns: none
-- writes: person_row
CREATE INDEX ON person_row (bucket) WHERE bucket IS NOT NULL;
