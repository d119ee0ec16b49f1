"""procrastinate's batch call on psycopg. Prints seconds and pushes as JSON.

`python procrastinate_enqueue.py URL COUNT BATCH`. The messages lie in memory before the clock
starts; each call commits.
"""

import asyncio
import json
import sys
import time

import procrastinate
from payload import messages


async def main() -> None:
    """Install its tables, defer, count."""
    url, count, size = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    connector = procrastinate.PsycopgConnector(conninfo=url, min_size=1, max_size=1)
    app = procrastinate.App(connector=connector)

    @app.task(name="push", queue="push")
    def send(**message: object) -> None:
        """Send a push; nobody works here."""

    batches = [
        [json.loads(text) for text in messages(count)[first : first + size]]
        for first in range(0, count, size)
    ]
    async with app.open_async():
        await app.schema_manager.apply_schema_async()
        started = time.perf_counter()
        for batch in batches:
            await send.batch_defer_async(*batch)
        seconds = time.perf_counter() - started
        found = await connector.execute_query_one_async(
            "SELECT count(*) AS pushes FROM procrastinate_jobs"
        )
    print(json.dumps({"seconds": seconds, "pushes": found["pushes"]}))


asyncio.run(main())
