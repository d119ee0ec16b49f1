-- drop_stages: nothing personal stays in the session.
-- params: none
-- returns: none
-- writes: person_stage, consent_stage, installation_stage, person_row, consent_row, installation_row, touched_user
DROP TABLE IF EXISTS
person_stage, consent_stage, installation_stage, person_row, consent_row, installation_row, touched_user;
