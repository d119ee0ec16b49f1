-- function_parse_moment: a timestamp as the company's column prints it, or null when it is none.
-- params: written text
-- returns: one (timestamptz)
-- writes: nothing
-- why: the usual ISO form is cast at once; the block that catches errors costs ten times as much and is for the rest only.
CREATE OR REPLACE FUNCTION push.parse_moment(written text) RETURNS timestamptz
LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF written ~ '^[12]\d{3}-(0[1-9]|1[0-2])-([01][1-9]|[12]0|2[0-8]) ([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?([+-]\d\d)?$' THEN
        RETURN written::timestamptz;
    END IF;
    BEGIN
        RETURN nullif(nullif(written::timestamptz, 'infinity'), '-infinity');
    EXCEPTION WHEN data_exception THEN
        RETURN NULL;
    END;
END $$;
COMMENT ON FUNCTION push.parse_moment IS 'Null instead of an error: a row with an odd date is set aside, the others go on.';
