-- function_normal_locale: a locale as the company writes it (ru_KZ, en-us.UTF-8) in the one spelling of push.language.
-- params: locale text
-- returns: one (text)
-- writes: nothing
-- why: a tail that no language tag may have is cut off, so that rubbish does not fill the dictionary.
CREATE OR REPLACE FUNCTION push.normal_locale(locale text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN substring(lower(replace(locale, '_', '-')) FROM '^\s*([a-z]{2,3}(?:-[a-z0-9]{2,8}){0,3})(?![a-z0-9])');
COMMENT ON FUNCTION push.normal_locale IS 'Lower case with hyphens; null when it does not begin like a language tag.';
