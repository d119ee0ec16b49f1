-- create_person_stage: where the company's people arrive as they were written.
-- params: none
-- returns: none
-- writes: person_stage
-- why: all text, so that one odd value is a reason for one row and not the end of the COPY.
CREATE TEMPORARY TABLE person_stage (
    user_id text,
    language text,
    zone text,
    weekly_limit text,
    erased text,
    changed_at text
);
