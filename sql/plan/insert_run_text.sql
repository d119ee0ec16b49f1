-- insert_run_text: shared content of a run in one variant and language.
-- params: run_id bigint, variant smallint, language text, title text, body text, link text, image_url text
-- returns: none
-- writes: run_text
INSERT INTO push.run_text (run_id, variant, language, title, body, link, image_url)
VALUES (
    CAST(:run_id AS bigint),
    CAST(:variant AS smallint),
    CAST(:language AS text),
    CAST(:title AS text),
    CAST(:body AS text),
    CAST(:link AS text),
    CAST(:image_url AS text)
)
