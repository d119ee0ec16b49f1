"""pgmq's send_batch, called in SQL over messages that lie in a table. Prints seconds and pushes.

`python pgmq_enqueue.py URL COUNT BATCH`. So nothing crosses the wire: its fastest way. The table of
jsonb is made before the clock starts; each call commits.
"""

import hashlib
import json
import sys
import time
from pathlib import Path

import psycopg
from payload import messages

SEND = """
SELECT count(*)
FROM pgmq.send_batch('push', ARRAY(SELECT m.message FROM message AS m WHERE m.chunk = %s))
"""


PGMQ = Path(__file__).parent / "pgmq"


def read_pgmq() -> str:
    """Return its one SQL file (version 1.5.1), as it was published."""
    source = (PGMQ / "pgmq.sql").read_bytes()
    if hashlib.sha256(source).hexdigest() != (PGMQ / "SHA256").read_text().split()[0]:
        raise RuntimeError("pgmq.sql is not the file that was published")
    return source.decode()


def main() -> None:
    """Install it from its one file, send, count."""
    url, count, size = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    with psycopg.connect(url, autocommit=True) as conn:
        conn.execute(read_pgmq())
        conn.execute("SELECT pgmq.create('push')")
        conn.execute("CREATE TABLE message (chunk integer, message jsonb)")
        with conn.cursor().copy("COPY message FROM STDIN") as copy:
            for number, text in enumerate(messages(count)):
                copy.write_row((number // size, text))
        conn.execute("CREATE INDEX ON message (chunk)")
        conn.execute("VACUUM ANALYZE message")
        started = time.perf_counter()
        for chunk in range(-(-count // size)):
            conn.execute(SEND, [chunk], prepare=True)
        seconds = time.perf_counter() - started
        row = conn.execute("SELECT count(*) FROM pgmq.q_push").fetchone()
    print(json.dumps({"seconds": seconds, "pushes": row[0] if row else 0}))


main()
