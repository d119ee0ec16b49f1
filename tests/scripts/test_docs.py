import re

import pytest

from scripts.docs.__main__ import ROOT, is_same, make_pages
from scripts.docs.audit import find_faults
from scripts.docs.dags_page import read_dag
from scripts.screenshots.pictures import PICTURES

DAG = '''"""Does something.

**When `work` is red** do this.
"""
from airflow.sdk import dag, task

@dag(schedule="*/5 * * * *", doc_md=__doc__)
def busy():
    @task(retries=1)
    def work():
        """Work."""

    Ask(task_id="ask")
'''


@pytest.fixture
def project(tmp_path):
    """A project whose pictures are all taken and shown."""
    pictures = tmp_path / "docs" / "pictures"
    pictures.mkdir(parents=True)
    for picture in PICTURES:
        (pictures / picture.file_name).write_bytes(b"picture")
    shown = [f"![what it shows](docs/pictures/{picture.file_name})" for picture in PICTURES]
    (tmp_path / "README.md").write_text("\n".join(shown))
    (tmp_path / "Makefile").write_text("demo: install\n\tdo it\n")
    return tmp_path


def test_the_generated_pages_are_up_to_date():
    behind = [str(path) for path, text in make_pages().items() if not is_same(path, text)]
    assert behind == [], "run: make docs"


def test_the_pages_of_this_project_have_no_faults():
    assert find_faults(ROOT) == []


def test_a_dag_is_read_without_importing_it(tmp_path):
    path = tmp_path / "busy.py"
    path.write_text(DAG)
    dag = read_dag(path)
    assert (dag.dag_id, dag.schedule) == ("busy", "every 5 minutes")
    assert [name for name, _ in dag.tasks] == ["work", "ask"]
    assert "is red** do this." in dag.text


def test_a_schedule_without_words_is_refused(tmp_path):
    path = tmp_path / "busy.py"
    path.write_text(DAG.replace("*/5", "*/7"))
    with pytest.raises(SystemExit, match="Say the schedule"):
        read_dag(path)


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("[see](docs/nothing.md)", "docs/nothing.md leads nowhere"),
        ("`pushline queue stop`", "no command `pushline queue stop`"),
        ("```\nmake everything\n```", "no `make everything`"),
        ("![](docs/pictures/why.svg)", "say in words what"),
    ],
)
def test_a_fault_of_a_page_is_found(project, line, fault):
    assert find_faults(project) == []
    page = project / "README.md"
    page.write_text(f"{page.read_text()}\n{line}\n")
    [found] = find_faults(project)
    assert re.search(re.escape(fault), found)


def test_pictures_and_pages_agree(project):
    (project / "docs" / "pictures" / "why.svg").unlink()
    (project / "docs" / "pictures" / "old.png").write_bytes(b"0" * 300_001)
    faults = "\n".join(find_faults(project))
    assert "why.svg is missing: make screenshots" in faults
    assert "old.png is taken by nobody" in faults
    assert "old.png is shown on no page" in faults
    assert "old.png has more than 300 KB" in faults
