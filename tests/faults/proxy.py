"""A TCP proxy between a client and Postgres that breaks the connection at a chosen COMMIT.

The worst moment to lose a connection is the commit: the client cannot know whether it happened.
"""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Literal

Fault = Literal[
    "before",  # the commit never arrives
    "after",  # the commit happens, its answer is lost
    "half",  # the commit happens, the client sees the end of the stream instead of the answer
    "delay",  # everything from the commit on comes late, and nothing is lost
    "silence",  # the commit never arrives, the server is not told that the client is gone
]
COMMIT = b"COMMIT\0"
PAUSE = 0.3


@dataclass
class Proxy:
    """One listening port; breaks one connection at its so-maniest COMMIT over all connections."""

    target: int
    fault: Fault
    commits_before: int
    port: int = 0
    has_struck: bool = False

    async def serve(self, ready: threading.Event) -> None:
        """Listen until cancelled."""
        server = await asyncio.start_server(self.meet, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        ready.set()
        async with server:
            await server.serve_forever()

    async def meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Carry one connection both ways until one side closes, or the fault ends it."""
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self.target)
        back = asyncio.create_task(carry(far_reader, writer))
        with suppress(ConnectionError, asyncio.CancelledError):
            while chunk := await reader.read(65536):
                if self.is_struck_by(chunk):
                    await self.strike(chunk, back, writer, far_writer)
                    if self.fault != "delay":
                        return
                    continue
                far_writer.write(chunk)
                await far_writer.drain()
        far_writer.close()
        await asyncio.gather(back, return_exceptions=True)
        writer.close()

    def is_struck_by(self, chunk: bytes) -> bool:
        """Whether this is the COMMIT to break; it is broken once."""
        if self.has_struck or COMMIT not in chunk:
            return False
        self.commits_before -= 1
        self.has_struck = self.commits_before < 0
        return self.has_struck

    async def strike(
        self,
        chunk: bytes,
        back: "asyncio.Task[None]",
        writer: asyncio.StreamWriter,
        far_writer: asyncio.StreamWriter,
    ) -> None:
        """Break the connection in the chosen way."""
        if self.fault == "delay":
            await asyncio.sleep(PAUSE)
            far_writer.write(chunk)
            await far_writer.drain()
            return
        if self.fault in ("after", "half"):
            back.cancel()
            far_writer.write(chunk)
            await far_writer.drain()
            await asyncio.sleep(PAUSE)  # the server commits and answers; nobody hears it
        else:
            back.cancel()
        if self.fault == "half":
            writer.write_eof()
            await asyncio.sleep(PAUSE)
        writer.transport.abort()
        if self.fault == "silence":
            self.kept = far_writer  # held open: the server waits for a client that is gone
        else:
            far_writer.transport.abort()


async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Copy one direction."""
    with suppress(ConnectionError):
        while chunk := await reader.read(65536):
            writer.write(chunk)
            await writer.drain()
        writer.close()


@contextmanager
def proxy_to(port: int, fault: Fault, commits_before: int) -> Iterator[Proxy]:
    """A proxy in a thread of its own."""
    proxy = Proxy(port, fault, commits_before)
    ready = threading.Event()
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=run_until_cancelled, args=(loop, proxy.serve(ready)))
    thread.start()
    ready.wait()
    try:
        yield proxy
    finally:
        loop.call_soon_threadsafe(cancel_all, loop)
        thread.join()


def run_until_cancelled(loop: asyncio.AbstractEventLoop, work: object) -> None:
    asyncio.set_event_loop(loop)
    with suppress(asyncio.CancelledError):
        loop.run_until_complete(work)  # type: ignore[arg-type]
    loop.run_until_complete(loop.shutdown_asyncgens())
    loop.close()


def cancel_all(loop: asyncio.AbstractEventLoop) -> None:
    for task in asyncio.all_tasks(loop):
        task.cancel()
