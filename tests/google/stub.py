"""Google Sheets on 127.0.0.1, as far as the sync uses it, judged by Google's own schema.

Every request and every answer is validated; a fault is kept in `violations` and answered with 400
or 500. `faults` says what goes wrong with the coming requests. For trying the sync without Google:

python -m tests.google.stub plan.csv      the tab is this file; edit it between two syncs
"""

import copy
import csv
import json
import re
import socket
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Literal
from urllib.parse import parse_qs, unquote, urlsplit

from tests.google.schema import apply_mask, check, check_parameters, read_mask
from tests.google.tab import BadRequest, Tab

Fault = Literal["429", "500", "503", "403", "drop_before", "drop_after", "garbage", "slow"]
SPREADSHEET = "stub-spreadsheet"
_PATH = re.compile(r"/v4/spreadsheets/([\w-]+)(:batchUpdate)?")
_STATUS = {"429": "RESOURCE_EXHAUSTED", "500": "INTERNAL", "503": "UNAVAILABLE", "403": "DENIED"}


class Stub:
    """One spreadsheet with one tab.

    faults: one for each coming request, None for none; before_write is called once, when a write
    has arrived and is not yet applied: people who move rows in that second.
    """

    def __init__(self, tab: Tab | None = None) -> None:
        self.tab = tab or Tab()
        self.lock = threading.RLock()
        self.faults: deque[Fault | None] = deque()
        self.before_write: Callable[[Tab], None] | None = None
        self.violations: list[str] = []
        self.reads = self.writes = 0
        self.url = ""
        self.refusal = "Quota exceeded"
        self.on_touch: Callable[[str], None] = lambda _: None

    def answer(
        self, method: str, path: str, query: dict[str, list[str]], body: bytes
    ) -> tuple[int, dict[str, Any]]:
        """Return (status, JSON) of a request."""
        found = _PATH.fullmatch(unquote(path))
        if not found or found[1] != SPREADSHEET:
            return 404, _error(404, "Requested entity was not found.")
        is_write = method == "POST" and found[2] is not None
        if not is_write and (method != "GET" or found[2]):
            return 404, _error(404, f"{method} {path}")
        name = "batchUpdate" if is_write else "get"
        faults = check_parameters(name, query)
        given = json.loads(body) if is_write else {}
        if is_write:
            faults += check(given, "BatchUpdateSpreadsheetRequest")
        if faults:
            return self._violated(400, faults)
        with self.lock:
            try:
                answer = self._write(given) if is_write else self._read(query.get("ranges", []))
            except BadRequest as error:
                return 400, _error(400, str(error))
        schema = "BatchUpdateSpreadsheetResponse" if is_write else "Spreadsheet"
        faults = check(answer, schema)
        if faults:
            return self._violated(500, faults)
        try:
            mask = read_mask(query["fields"][0], schema) if "fields" in query else {}
        except ValueError as error:
            return self._violated(400, [str(error)])
        return 200, apply_mask(answer, mask)

    def _violated(self, status: int, faults: list[str]) -> tuple[int, dict[str, Any]]:
        self.violations += faults
        return status, _error(status, "; ".join(faults))

    def _read(self, ranges: list[str]) -> dict[str, Any]:
        self.on_touch("read")
        self.reads += 1
        return self._show(ranges)

    def _show(self, ranges: list[str]) -> dict[str, Any]:
        title = self.tab.title.replace("'", "''")
        for asked in ranges:
            if asked not in {self.tab.title, f"'{title}'"}:
                raise BadRequest(f"Unable to parse range: {asked}")
        return {"spreadsheetId": SPREADSHEET, "sheets": [self.tab.show()]}

    def _write(self, given: dict[str, Any]) -> dict[str, Any]:
        if self.before_write:
            act, self.before_write = self.before_write, None
            act(self.tab)
        # All or nothing, as Google promises.
        changed = copy.deepcopy(self.tab)
        replies = [changed.apply(request) for request in given["requests"]]
        self.tab.__dict__.update(changed.__dict__)
        self.writes += 1
        self.on_touch("write")
        answer: dict[str, Any] = {"spreadsheetId": SPREADSHEET, "replies": replies}
        if given.get("includeSpreadsheetInResponse"):
            answer["updatedSpreadsheet"] = self._show(given.get("responseRanges", []))
        return answer


def _error(status: int, message: str) -> dict[str, Any]:
    return {"error": {"code": status, "message": message, "status": _STATUS.get(str(status), "")}}


class Handler(BaseHTTPRequestHandler):
    """Hands requests to a stub, or spoils them."""

    protocol_version = "HTTP/1.1"
    stub: Stub
    timeout = 5

    def do_GET(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def _serve(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        fault = self.stub.faults.popleft() if self.stub.faults else None
        if fault == "drop_before":
            self._hang_up()
            return
        if fault in _STATUS:
            self._send(int(fault), _error(int(fault), self.stub.refusal), {"Retry-After": "1"})
            return
        asked = urlsplit(self.path)
        answer = self.stub.answer(self.command, asked.path, parse_qs(asked.query), body)
        if fault == "slow":
            time.sleep(0.3)
        if fault == "drop_after":
            self._hang_up()
        elif fault == "garbage":
            self._send_bytes(200, b"<html>proxy</html>", {})
        else:
            self._send(*answer, {})

    def _send(self, status: int, value: object, headers: dict[str, str]) -> None:
        self._send_bytes(status, json.dumps(value).encode(), headers)

    def _send_bytes(self, status: int, content: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, header in {"Content-Type": "application/json", **headers}.items():
            self.send_header(name, header)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def _hang_up(self) -> None:
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)

    def log_message(self, *_: Any) -> None:
        pass


@contextmanager
def serving(stub: Stub, port: int = 0) -> Iterator[Stub]:
    """Serve the stub on a port of 127.0.0.1 (0: a free one) while the block runs."""
    server = ThreadingHTTPServer(("127.0.0.1", port), type("Bound", (Handler,), {"stub": stub}))
    server.daemon_threads = True
    stub.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield stub
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def keep_in_file(stub: Stub, path: Path) -> None:
    """Let the tab be a CSV file: read anew before each request, written after each write."""

    def touch(what: str) -> None:
        if what == "write":
            with path.open("w", encoding="utf-8", newline="") as file:
                csv.writer(file).writerows(stub.tab.texts())
        elif path.exists():
            with path.open(encoding="utf-8-sig", newline="") as file:
                stub.tab.put(list(csv.reader(file)))

    stub.on_touch = touch


def main() -> None:
    """Serve a CSV file until Ctrl-C."""
    path = Path(sys.argv[1] if len(sys.argv) > 1 else "plan.csv")
    stub = Stub()
    keep_in_file(stub, path)
    with serving(stub, 8123):
        print(f"{path} is the tab “Plan” of a spreadsheet at {stub.url}; Ctrl-C ends it.")  # noqa: T201
        extra = {"spreadsheet": SPREADSHEET, "worksheet": "Plan", "endpoint": stub.url}
        connection = json.dumps({"conn_type": "generic", "extra": extra})
        print(f"export AIRFLOW_CONN_PUSHLINE_GOOGLE='{connection}'")  # noqa: T201
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            print("Ended.")  # noqa: T201


if __name__ == "__main__":
    main()
