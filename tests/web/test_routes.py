"""Every route, every method, every role; requests of other sites; what pages may load."""

import asyncio
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from itertools import product
from pathlib import Path
from urllib.parse import urljoin

import pytest
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient
from sqlalchemy import Engine
from starlette.types import Message

from pushline.brief.read_sheet import LARGEST_FILE
from pushline.web.app import app
from pushline.web.armour import HEADERS
from pushline.web.asked import LARGEST_BODY, MEGABYTE
from pushline.web.auth import BASE_ROLES
from pushline.web.static_files import FOLDER, read_version
from tests.factories import create_run

from .conftest import FROM_US, SignIn

EVERYBODY = frozenset(BASE_ROLES)
MARKETING = frozenset(("marketer", "admin"))
DATA = frozenset(("data", "admin"))
APPROVING = frozenset(("approver", "admin"))
STOPPING = frozenset(("approver", "data", "admin"))

# Whoever adds a route that changes something says here who may ask for it.
WHO_MAY_CHANGE = {
    "POST /api/cells": MARKETING | DATA,
    "POST /api/rows": MARKETING,
    "POST /api/check": EVERYBODY,
    "POST /api/briefs/{code}/move": MARKETING | DATA | APPROVING,
    "POST /api/briefs/{code}/withdraw": MARKETING | DATA | APPROVING,
    "POST /api/briefs/{code}/cancel": MARKETING | DATA | APPROVING,
    "POST /api/briefs/{code}/copy": MARKETING,
    "POST /api/briefs/{code}/remove": MARKETING,
    "POST /api/briefs/remove": MARKETING,
    "POST /api/briefs/restore": MARKETING,
    "POST /api/briefs/{code}/approve": APPROVING,
    "POST /api/briefs/{code}/send-back": APPROVING,
    "POST /api/stop/run/{run_id}": MARKETING | STOPPING,
    "POST /api/stop/lane/{lane}": STOPPING,
    "POST /api/stop/all/all": STOPPING,
    "POST /api/resume/run/{run_id}": STOPPING,
    "POST /api/resume/lane/{lane}": STOPPING,
    "POST /api/resume/all/all": STOPPING,
    "POST /api/import": MARKETING | DATA,
    "POST /api/google/sync": MARKETING | DATA,
    "POST /api/preview": EVERYBODY,
    "POST /api/reach/{code}": MARKETING | DATA | APPROVING,
    "DELETE /api/reach/{code}": MARKETING | DATA | APPROVING,
}
# Reading that costs: whoever may only look does not start it.
WHO_MAY_READ = {"GET /api/overlap": MARKETING | DATA | APPROVING}
# What people see, by path; without these the routes answer JSON or files.
PAGES = ("/", "/calendar", "/results", "/briefs", "/runs/{run_id}", "/dag-runs?dag_id=a&run_id=b")
EXAMPLES = {
    "code": "C-2026-404",
    "run_id": "404404",
    "lane": "marketing",
    "path": "js/shell.js",
    "kind": "csv",
    "name": "nothing.woff2",
}


def list_routes() -> list[tuple[str, str]]:
    assert all(isinstance(route, APIRoute) for route in app.routes)
    return [
        (method, route.path)
        for route in app.routes
        if isinstance(route, APIRoute)
        for method in sorted(route.methods)
    ]


def ask(client: TestClient, method: str, path: str) -> int:
    filled = re.sub(r"\{(\w+)(:path)?\}", lambda found: EXAMPLES[found[1]], path)
    body = None if method == "GET" else {}
    return client.request(method, filled, json=body, headers=FROM_US).status_code


def test_every_change_has_its_people():
    changes = {f"{method} {path}" for method, path in list_routes() if method != "GET"}
    assert changes == set(WHO_MAY_CHANGE)


def test_nobody_gets_in_without_a_session():
    answers = {route: ask(TestClient(app), *route) for route in list_routes()}
    assert {route for route, code in answers.items() if code != 401} == set()


# Addresses without a page, or with one at another address or by another method.
ODD_PATHS = ("/api/sheet/", "//api/sheet", "/api//sheet", "/nothing", "/docs", "/openapi.json",
    "/api", "/api/briefs/C-2026-001/", "/static/..%2f..%2fapp.py", "/%2e%2e/", "/%00")  # fmt: skip
ODD_METHODS = ("HEAD", "OPTIONS", "TRACE", "PROPFIND", "PUT", "PATCH", "FOO")


def list_odd_questions() -> list[tuple[str, str]]:
    paths = [*ODD_PATHS, *dict.fromkeys(path for _, path in list_routes())]
    slashed = [path + "/" for path in paths if not path.endswith("/")]
    return [("GET", path) for path in (*ODD_PATHS, *slashed)] + list(product(ODD_METHODS, paths))


def test_nobody_without_a_session_is_told_what_there_is():
    client = TestClient(app, follow_redirects=False)
    answers = {question: ask(client, *question) for question in list_odd_questions()}
    assert len(answers) > 300
    assert {question for question, code in answers.items() if code != 401} == set()


def test_no_answer_leads_to_the_host_that_was_asked_for(sign_in: SignIn):
    client = sign_in("viewer")
    client.headers["host"] = "evil.example"
    for question in list_odd_questions():
        method, path = question
        answer = client.request(
            method, path.replace("{", "").replace("}", ""), follow_redirects=False
        )
        assert answer.headers.get("location") is None, question
        assert "evil.example" not in answer.text, question


def send_long(size: int) -> Iterator[bytes]:
    """A body that does not say how long it is."""
    for _ in range(size // MEGABYTE):
        yield b" " * MEGABYTE


def test_nobody_without_a_session_has_a_body_read():
    taken = []

    def watch() -> Iterator[bytes]:
        for part in send_long(2 * LARGEST_BODY):
            taken.append(part)
            yield part

    async def receive() -> Message:
        return {"type": "http.request", "body": next(parts), "more_body": True}

    async def send(message: Message) -> None:
        said.append(message)

    parts, said = watch(), []
    scope = {
        "type": "http", "method": "POST", "path": "/api/cells", "raw_path": b"/api/cells",
        "query_string": b"", "root_path": "", "scheme": "http", "server": ("testserver", 80),
        "headers": [(b"content-type", b"application/json"), (b"sec-fetch-site", b"same-origin")],
    }  # fmt: skip
    asyncio.run(app(scope, receive, send))
    assert said[0]["status"] == 401
    assert taken == []


@pytest.mark.parametrize("is_said", [True, False])
def test_a_body_has_a_size(sign_in: SignIn, is_said: bool):
    client = sign_in("admin")
    headers = {"content-type": "application/json", "accept-language": "ru"}
    for path in ("/api/cells", "/api/rows", "/api/check", "/api/preview"):
        body = b" " * (LARGEST_BODY + 1) if is_said else send_long(LARGEST_BODY + MEGABYTE)
        answer = client.post(path, content=body, headers=headers)
        assert answer.status_code == 413, path
        assert answer.json()["detail"].startswith("Больше 16 МБ")
    assert (
        client.post("/api/cells", content=b" " * LARGEST_BODY, headers=headers).status_code == 422
    )
    file = {"file": ("a.csv", b" " * (LARGEST_FILE + MEGABYTE))}
    assert client.post("/api/import", files=file).status_code == 413


def test_nobody_gets_in_without_a_role(sign_in: SignIn):
    answers = {route: ask(sign_in(None), *route) for route in list_routes()}
    assert {route for route, code in answers.items() if code != 403} == set()


def test_every_role_may_what_the_table_says(
    sign_in: SignIn, configured_db: Engine, monkeypatch: pytest.MonkeyPatch
):
    assert configured_db
    # Airflow's own database is not there to be asked for a connection.
    monkeypatch.setattr("pushline.web.google_api.find_access", lambda: None)
    wrong = {}
    for role in EVERYBODY:
        client = sign_in(role)
        for method, path in list_routes():
            allowed = method == "GET" or role in WHO_MAY_CHANGE[f"{method} {path}"]
            code = ask(client, method, path)
            if (code == 403) == allowed or code in (401, 500):
                wrong[role, method, path] = code
    assert wrong == {}


def test_files_need_a_session_and_stay_in_their_folder(sign_in: SignIn):
    assert TestClient(app).get("/static/css/shell.css").status_code == 401
    viewer = sign_in("viewer")
    assert viewer.get("/static/css/shell.css").headers["content-type"].startswith("text/css")
    for path in (
        "../app.py",
        "%2e%2e/app.py",
        "..%2fapp.py",
        "/etc/passwd",
        "",
        "js",
        "js/none.js",
    ):
        assert viewer.get(f"/static/{path}").status_code == 404, path


def test_an_unchanged_file_is_not_sent_again(sign_in: SignIn):
    viewer = sign_in("viewer")
    first = viewer.get("/static/js/shell.js")
    again = viewer.get("/static/js/shell.js", headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.headers["cache-control"]) == (304, "private, no-cache")


def test_a_page_names_its_files_by_version_and_those_are_kept(sign_in: SignIn):
    viewer = sign_in("viewer")
    page = viewer.get("/").text
    addresses = re.findall(r'(?:src|href)="([^"]*/?static/[^"]+)"', page)
    assert len(addresses) > 30
    for address in addresses:
        answer = viewer.get(address)
        assert (answer.status_code, answer.headers["cache-control"]) == (
            200,
            "private, max-age=31536000, immutable",
        ), address


def test_styles_find_their_fonts_and_pictures_under_a_version(sign_in: SignIn):
    viewer = sign_in("viewer")
    addresses = [
        urljoin(f"http://testserver/static/{read_version()}/css/{style.name}", found)
        for style in sorted((FOLDER / "css").glob("*.css"))
        for found in re.findall(r"""url\(["']?([^"')]+)""", style.read_text())
        if not found.startswith("data:")
    ]
    assert len(addresses) > 4
    missing = [address for address in addresses if viewer.get(address).status_code != 200]
    assert missing == []


def test_a_file_of_another_version_is_asked_for_again(sign_in: SignIn):
    answer = sign_in("viewer").get("/static/v-0123456789ab/js/shell.js")
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "private, no-cache")
    assert sign_in("viewer").get("/static/v-0123456789ab/../app.py").status_code == 404


def test_the_version_follows_every_file(tmp_path: Path):
    (tmp_path / "js").mkdir()
    script = tmp_path / "js" / "a.js"
    script.write_text("1")
    versions = [read_version(tmp_path)]
    script.write_text("12")
    versions.append(read_version(tmp_path))
    (tmp_path / "b.css").write_text("")
    versions.append(read_version(tmp_path))
    assert len(set(versions)) == 3
    (tmp_path / "b.css").unlink()
    assert read_version(tmp_path) == versions[1]


@pytest.mark.parametrize(
    ("headers", "passes"),
    [
        ({"sec-fetch-site": "same-origin"}, True),
        ({"sec-fetch-site": "same-site"}, False),
        ({"sec-fetch-site": "cross-site"}, False),
        ({"sec-fetch-site": "none"}, False),
        ({"sec-fetch-site": "cross-site", "origin": "http://testserver"}, False),
        ({"origin": "http://testserver"}, True),
        ({"origin": "http://testserver.evil.example"}, False),
        ({"origin": "http://evil.example"}, False),
        ({"origin": "null"}, False),
        ({}, False),
        ({"authorization": "Bearer a-token"}, True),
        ({"authorization": "Bearer a-token", "origin": "http://evil.example"}, False),
    ],
)
def test_only_our_own_pages_change_something(sign_in: SignIn, headers, passes):
    client = sign_in("admin")
    client.headers.pop("sec-fetch-site")
    answer = client.post("/api/cells", json={}, headers=headers)
    assert answer.status_code == (422 if passes else 403)


def test_the_address_that_airflow_was_told_is_ours(sign_in: SignIn, monkeypatch):
    monkeypatch.setenv("AIRFLOW__API__BASE_URL", "https://push.example.kz/airflow/")
    client = sign_in("admin")
    client.headers.pop("sec-fetch-site")
    answer = client.post("/api/cells", json={}, headers={"origin": "https://push.example.kz"})
    assert answer.status_code == 422


def test_every_answer_is_armoured(sign_in: SignIn, configured_db: Engine):
    assert configured_db
    assert "'unsafe-inline'" not in HEADERS["content-security-policy"]
    for path in ("/", "/static/js/shell.js", "/api/sheet", "/nowhere"):
        answer = sign_in("viewer").get(path)
        assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS, path
        assert answer.headers["cache-control"] in ("no-store", "private, no-cache"), path


class Markup(HTMLParser):
    """Collects what a page loads, where it leads, and what the policy would not let it do."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.forbidden: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        self.links += [found[name] for name in ("href", "src", "action") if found.get(name)]
        self.forbidden += [name for name in found if name == "style" or name.startswith("on")]
        is_data = (found.get("type") or "").endswith("json")
        if tag == "style" or (tag == "script" and not (found.get("src") or is_data)):
            self.forbidden.append(tag)


def test_pages_lead_only_to_us_wherever_we_are_mounted(sign_in: SignIn, configured_db: Engine):
    with configured_db.begin() as conn:
        run_id = create_run(conn, title="<b onclick='x()'>Sale</b>")
    for root_path in ("/pushline", "/deep/airflow/pushline"):
        client = sign_in("marketer", root_path=root_path)
        for language, page in product(("en", "ru", "kk"), PAGES):
            path = root_path + page.format(run_id=run_id)
            client.cookies.set("pushline_language", language)
            answer = client.get(path)
            assert answer.status_code == 200, path
            assert f'<html lang="{language}"' in answer.text
            markup = Markup(answer.text)
            assert markup.forbidden == [], path
            inside = (f"{root_path}/", "#")
            assert [link for link in markup.links if not link.startswith(inside)] == [], path


def test_the_language_is_the_cookies_then_the_browsers(sign_in: SignIn):
    client = sign_in("viewer")
    russian = client.get("/", headers={"accept-language": "fr, ru;q=0.8"})
    assert 'lang="ru"' in russian.text
    client.cookies.set("pushline_language", "kk")
    assert 'lang="kk"' in client.get("/", headers={"accept-language": "ru"}).text
    client.cookies.set("pushline_language", "../../etc/passwd")
    assert 'lang="en"' in client.get("/").text
