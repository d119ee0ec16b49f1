-- insert_erasure_audit: write down that somebody was erased and by whom, without saying who it was.
-- params: who text, batches integer, now timestamptz
-- returns: none
-- writes: push.audit_log
INSERT INTO push.audit_log (happened_at, who, what, detail)
VALUES (
    CAST(:now AS timestamptz), CAST(:who AS text), 'erase_person',
    jsonb_build_object('batches', CAST(:batches AS integer))
);
