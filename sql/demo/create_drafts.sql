-- create_drafts: tables of this session that hold the raw material while the shop is filled.
-- params: none
-- returns: none
-- writes: temporary tables draft_order, draft_name, draft_person
-- why: the key of draft_name: Postgres guesses few people and would search 2,400 names for each by reading them all.
CREATE TEMPORARY TABLE draft_order (
    order_row integer NOT NULL,
    cdnow_id integer NOT NULL,
    day date NOT NULL,
    pieces integer NOT NULL,
    dollars numeric NOT NULL
) ON COMMIT DROP;
CREATE TEMPORARY TABLE draft_name (
    origin text NOT NULL,
    gender text NOT NULL,
    position integer NOT NULL,
    first_name text NOT NULL,
    last_name text NOT NULL,
    PRIMARY KEY (origin, gender, position)
) ON COMMIT DROP;
CREATE TEMPORARY TABLE draft_person (
    customer_id bigint NOT NULL,
    block integer NOT NULL,
    kind text NOT NULL,
    cdnow_id integer,
    days_later integer
) ON COMMIT DROP;
