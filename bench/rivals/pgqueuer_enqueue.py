"""pgqueuer's batch call on asyncpg. Prints seconds and pushes as JSON.

`python pgqueuer_enqueue.py URL COUNT BATCH`. The messages lie in memory as bytes before the clock
starts; each call commits, as its documentation has it.
"""

import asyncio
import json
import sys
import time

import asyncpg
from payload import messages
from pgqueuer.db import AsyncpgDriver
from pgqueuer.queries import Queries


async def main() -> None:
    """Install its tables, enqueue, count."""
    url, count, size = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    conn = await asyncpg.connect(url)
    queries = Queries(AsyncpgDriver(conn))
    await queries.install()
    batches = [
        [text.encode() for text in messages(count)[first : first + size]]
        for first in range(0, count, size)
    ]
    started = time.perf_counter()
    for batch in batches:
        await queries.enqueue(["push"] * len(batch), batch, [0] * len(batch))
    seconds = time.perf_counter() - started
    pushes = sum(line.count for line in await queries.queue_size())
    await queries.uninstall()
    await conn.close()
    print(json.dumps({"seconds": seconds, "pushes": pushes}))


asyncio.run(main())
