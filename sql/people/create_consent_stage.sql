-- create_consent_stage: where the company's consents arrive as they were written.
-- params: none
-- returns: none
-- writes: consent_stage
CREATE TEMPORARY TABLE consent_stage (
    user_id text,
    purpose text,
    granted text,
    source text,
    changed_at text
);
