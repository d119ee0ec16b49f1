-- tries: billion laughs in a cast
-- guard: passes
-- server: unsupported XML|more memory|ran longer|invalid XML
SELECT length('<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]><x>&c;</x>'::xml::text) AS user_id
