-- function_counts_for: whether a batch counts for one rule of the policy (its class, its tag), its window aside.
-- params: class push.class, tags text[], is_counted boolean, rule_class push.class, rule_tag text, counts_uncounted boolean
-- returns: one (counts_for boolean)
-- writes: nothing
CREATE OR REPLACE FUNCTION push.counts_for(
    class push.class, tags text[], is_counted boolean, rule_class push.class, rule_tag text, counts_uncounted boolean
) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
    SELECT (is_counted OR counts_uncounted) AND (rule_class IS NULL OR class = rule_class) AND (rule_tag IS NULL OR rule_tag = ANY(tags))
$$;
