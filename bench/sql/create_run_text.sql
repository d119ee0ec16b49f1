-- The shared content: two variants in two languages, with two personal fields, some 430 bytes a push when rendered.
INSERT INTO push.run_text (run_id, variant, language, title, body, link)
SELECT
    :run_id,
    v.variant,
    t.language,
    t.title,
    t.body,
    'https://shop.example.kz/sale?utm_source=pushline&utm_medium=push&utm_campaign=week&utm_content='
    || CASE v.variant WHEN 0 THEN 'a' ELSE 'b' END
FROM (VALUES (0), (1)) AS v (variant)
CROSS JOIN (
    VALUES
    ('ru', '{{ first_name }}, всё для дома сегодня дешевле', 'В городе {{ city }} скидки до конца недели, выберите своё'),
    ('kk', '{{ first_name }}, бүгін үйге бәрі арзанырақ', '{{ city }} қаласында апта соңына дейін жеңілдік, өзіңізге таңдаңыз')
) AS t (language, title, body)
