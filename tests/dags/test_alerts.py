"""A failed task tells people through one connection, or nobody when there is none."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Thread
from types import SimpleNamespace
from typing import Any

import pytest

from common.alerts import tell_failure, webhook_url

FAILED: dict[str, Any] = {
    "task_instance": SimpleNamespace(
        dag_id="plan_marketing_pushes", task_id="open_wave", log_url="http://airflow/log"
    ),
    "exception": ValueError("Unknown: rnu_id."),
}


@pytest.fixture
def hook() -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """A webhook on this machine, and what was posted to it."""
    posted: list[dict[str, Any]] = []

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            posted.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            return

    server = HTTPServer(("127.0.0.1", 0), Receiver)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/hooks/team", posted
    server.shutdown()
    server.server_close()


def test_a_webhook_hears_what_failed_and_why(
    hook: tuple[str, list[dict[str, Any]]], monkeypatch: pytest.MonkeyPatch
):
    address, posted = hook
    monkeypatch.setenv("AIRFLOW_CONN_PUSHLINE_ALERTS", address)
    tell_failure(FAILED)
    (message,) = posted
    assert "plan_marketing_pushes.open_wave" in message["text"]
    assert "Unknown: rnu_id." in message["text"]
    assert "http://airflow/log" in message["text"]


@pytest.fixture
def mailbox() -> Iterator[tuple[int, list[str]]]:
    """A mail server on this machine that says yes to everything, and the lines it heard."""
    heard: list[str] = []

    class Postman(StreamRequestHandler):
        def handle(self) -> None:
            is_letter = False
            self.wfile.write(b"220 hello\r\n")
            for raw in self.rfile:
                line = raw.decode().rstrip("\r\n")
                heard.append(line)
                if is_letter and line != ".":
                    continue
                is_letter = line.upper() == "DATA"
                self.wfile.write(b"354 go on\r\n" if is_letter else b"250 yes\r\n")
                if line.upper() == "QUIT":
                    return

    server = ThreadingTCPServer(("127.0.0.1", 0), Postman)
    Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_address[1], heard
    server.shutdown()
    server.server_close()


def test_a_mail_goes_to_whom_the_connection_names(
    mailbox: tuple[int, list[str]], monkeypatch: pytest.MonkeyPatch
):
    port, heard = mailbox
    extra = {"from_email": "pushline@example.com", "to": "team@example.com"}
    plain = {"disable_ssl": True, "disable_tls": True}
    connection = {"conn_type": "smtp", "host": "127.0.0.1", "port": port, "extra": extra | plain}
    monkeypatch.setenv("AIRFLOW_CONN_PUSHLINE_ALERTS", json.dumps(connection))
    tell_failure(FAILED)
    assert any(line.lower().startswith("rcpt to:<team@example.com>") for line in heard)
    assert "Subject: Pushline: plan_marketing_pushes.open_wave failed" in heard


def test_nothing_is_sent_without_the_connection(hook: tuple[str, list[dict[str, Any]]]):
    tell_failure(FAILED)
    assert hook[1] == []


@pytest.mark.parametrize(
    ("connection", "address"),
    [
        ({"host": "https://hooks.example/a/b"}, "https://hooks.example/a/b"),
        (
            {"conn_type": "https", "host": "hooks.example", "port": 8443, "schema": "a/b"},
            "https://hooks.example:8443/a/b",
        ),
    ],
)
def test_the_address_of_a_webhook(connection: dict[str, Any], address: str):
    fields = {"conn_type": "http", "host": "", "port": None, "schema": None}
    assert webhook_url(SimpleNamespace(**(fields | connection))) == address
