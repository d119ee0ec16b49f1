"""Calendar, files and results by their routes: what they answer, refuse and leave alone."""

import csv
import io
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine, text

from pushline.brief.read_sheet import LARGEST_FILE
from pushline.brief.sheet import COLUMNS
from pushline.brief.write_sheet import write_csv
from pushline.desk import open_desk
from tests.factories import create_run, users_of_bucket
from tests.report.factories import enqueue, leave_out

from .conftest import SignIn

NOW = datetime.now(UTC)
SEND_AT = f"{NOW + timedelta(days=9):%Y-%m-%d} 12:00"
GOOD = {
    "idea": "Скидка на музыку",
    "title_ru": "Музыка −20%",
    "text_ru": "До воскресенья дешевле.",
    "title_kk": "Музыка −20%",
    "text_kk": "Жексенбіге дейін арзан.",
    "link": "https://shop.example.kz/music",
    "utm_campaign": "music_week",
    "send_at": SEND_AT,
    "audience": "big_spenders",
}


def add_rows(engine: Engine, *rows: dict[str, str]) -> list[str]:
    with engine.begin() as conn:
        saved = open_desk(conn, NOW).create_rows(conn, rows, by="anna", now=NOW)
        return [record.code for record in saved.rows]


def count(engine: Engine) -> tuple[int, int]:
    with engine.begin() as conn:
        question = "SELECT (SELECT count(*) FROM push.brief), (SELECT count(*) FROM push.sheet_row)"
        briefs, rows = conn.execute(text(question)).one()
        return int(briefs), int(rows)


def test_the_calendar_names_days_and_refuses_a_span_of_years(
    sign_in: SignIn, configured_db: Engine
):
    (code,) = add_rows(configured_db, GOOD)
    client = sign_in("viewer")
    day = NOW.date() + timedelta(days=9)
    span = {"from": day.isoformat(), "to": (day + timedelta(days=1)).isoformat()}
    found = client.get("/api/calendar", params=span).json()
    assert [(it["code"], it["shown"], it["may_move"]) for it in found["entries"]] == [
        (code, SEND_AT.replace(" ", "T"), False)
    ]
    assert (found["zone"], found["offset"]) == ("Asia/Almaty", "+05:00")
    mine = sign_in("marketer").get("/api/calendar", params=span).json()
    assert mine["entries"][0]["may_move"]
    for until in (day + timedelta(days=400), day, day - timedelta(days=3)):
        answer = client.get("/api/calendar", params=span | {"to": until.isoformat()})
        assert (answer.status_code, "at most 92 days" in answer.json()["detail"]) == (422, True)
    holidays = client.get(
        "/api/calendar",
        params={"from": "2026-12-10", "to": "2026-12-20"},
        headers={"accept-language": "kk"},
    ).json()["holidays"]
    assert holidays == {"2026-12-16": "Тәуелсіздік күні"}


def test_a_move_is_judged_without_being_made(sign_in: SignIn, configured_db: Engine):
    (code,) = add_rows(configured_db, {**GOOD, "link": "evil"})
    client = sign_in("marketer")

    def check(send_at: str) -> dict:
        asked = {"code": code, "send_at": send_at}
        return client.get("/api/calendar/check", params=asked).json()

    refused = check("2020-02-03 12:00")
    assert refused["is_refused"]
    assert [it["code"] for it in refused["problems"]] == ["send_in_past"]
    # What else is wrong with the row does not hold it.
    assert check(SEND_AT) == {"problems": [], "is_refused": False, "takes_approval": False}
    assert check("x" * 9_000)["is_refused"]
    assert (
        client.get(
            "/api/calendar/check", params={"code": "C-2026-404", "send_at": SEND_AT}
        ).status_code
        == 404
    )
    with configured_db.begin() as conn:
        rows = open_desk(conn, NOW).read_sheet(conn, now=NOW)[1]
    assert rows[0].cells["send_at"] == SEND_AT


def test_an_upload_is_tried_unless_it_is_meant(sign_in: SignIn, configured_db: Engine):
    file = write_csv([GOOD, {**GOOD, "idea": "Bad", "link": "evil", "utm_campaign": "b_1"}])
    client = sign_in("admin", name="ada")
    tried = client.post("/api/import", files={"file": ("<b>.csv", file)}).json()
    assert (tried["created"], tried["bad"], tried["can_be_drafts"]) == (1, 1, 1)
    assert tried["bad_rows"][0]["cells"]["link"] == "evil"
    assert set(tried["headers"]) == {"link"}
    assert count(configured_db) == (0, 0)
    asked = {"dry_run": "false", "bad_rows": "draft"}
    done = client.post("/api/import", params=asked, files={"file": ("a.csv", file)}).json()
    assert (done["codes"], done["drafts"]) == (
        [f"C-{NOW.year}-001"],
        [f"C-{NOW.year}-002"],
    )
    with configured_db.begin() as conn:
        rows = open_desk(conn, NOW).read_sheet(conn, now=NOW)[1]
    assert count(configured_db) == (1, 2)
    assert [row.edited_by for row in rows if row.brief_id] == [("ada",)]


def test_what_is_no_sheet_is_refused_in_the_readers_language(
    sign_in: SignIn, configured_db: Engine
):
    assert configured_db
    client = sign_in("marketer")
    large = client.post("/api/import", files={"file": ("a.csv", b"x" * (LARGEST_FILE + 50_000))})
    assert (large.status_code, "10 MB" in large.json()["detail"]) == (413, True)
    for content in (b"", b"%PDF-1.7", b"a,b\n1,2\n", b"PK\x03\x04 no zip"):
        answer = client.post("/api/import", files={"file": ("a.xlsx", content)})
        assert answer.status_code == 422, content
        assert isinstance(answer.json()["detail"], str)
    russian = {"accept-language": "ru"}
    nothing = client.post("/api/import", files={"other": ("a", b"a")}, headers=russian)
    assert (nothing.status_code, nothing.json()["detail"]) == (422, "Выберите файл CSV или XLSX.")
    assert client.post("/api/import", data={"file": "text"}).status_code == 422


def test_an_export_keeps_order_and_gives_no_formula_to_run(sign_in: SignIn, configured_db: Engine):
    codes = add_rows(configured_db, {"idea": "=1+1"}, {"idea": "two"}, {"idea": "@three"})
    client = sign_in("viewer")
    chosen = {"codes": f"{codes[2]},C-1999-001,{codes[0]}"}
    answer = client.get("/api/export.csv", params=chosen)
    assert answer.headers["content-disposition"].startswith('attachment; filename="campaigns-')
    lines = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    place = list(COLUMNS).index("idea")
    assert [line[place] for line in lines[1:]] == ["'@three", "'=1+1"]
    whole = client.get("/api/export.csv").content.decode("utf-8-sig")
    assert len(list(csv.reader(io.StringIO(whole)))) == 4
    assert client.get("/api/export.xlsx").content.startswith(b"PK")
    assert client.get("/api/export.pdf").status_code == 422
    assert client.get("/api/template.xlsx").content.startswith(b"PK")


def test_results_add_up_and_are_found_by_the_days_of_the_project(
    sign_in: SignIn, configured_db: Engine
):
    # 19:30 in UTC is the next day in Almaty.
    evening = datetime(2026, 11, 20, 19, 30, tzinfo=UTC)
    with configured_db.begin() as conn:
        users = users_of_bucket(conn, 0, 5)
        run_id = create_run(conn, audience=users, title="=SUM(1)", occasion=evening)
        leave_out(conn, run_id, users[:2], "no_consent")
        enqueue(conn, run_id, users[2:], states=[2, 3, 1])
    client = sign_in("viewer")
    days = {"from": "2026-11-21", "to": "2026-11-22"}
    (run,) = client.get("/api/results", params=days).json()["runs"]
    counts = run["counts"]
    assert counts["audience"] == counts["left_out"] + counts["enqueued"] == 5
    assert run["is_open"]
    assert client.get("/api/results", params={"to": "2026-11-21"}).json()["runs"] == []
    assert client.get("/api/results", params={"status": "sent"}).json()["runs"] == []
    assert client.get("/api/results", params={"status": "nonsense"}).status_code == 422
    full = client.get(f"/api/results/{run_id}", headers={"accept-language": "ru"}).json()
    assert full["steps"][0] == {"words": "аудитория", "users": 5, "depth": 0}
    assert full["faults"] == []
    assert full["variants"] is None, "one variant of which nothing came back"
    exported = client.get("/api/results/export.csv", params=days).content.decode("utf-8-sig")
    head, line = csv.reader(io.StringIO(exported))
    found = dict(zip(head, line, strict=True))
    assert found["title"] == "'=SUM(1)"
    assert found["when (Asia/Almaty)"] == "2026-11-21 00:30"
    assert int(found["audience"]) == int(found["left out"]) + int(found["enqueued"])
    assert client.get("/api/results/404404").status_code == 404
