"""docs/reference/dags.md: what every DAG is for, when it runs, what to do when it is red.

The files of dags/ are read, not imported: Airflow takes seconds, and a page needs only their words.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pushline.settings import Settings
from scripts.docs.tables import make_page, make_table

WORDS = {
    "None": "when it is started",
    "*/5 * * * *": "every 5 minutes",
    "*/15 * * * *": "every 15 minutes",
    "17 3 * * *": "daily at 03:17 UTC",
}


@dataclass(frozen=True)
class DagFile:
    """What a file of dags/ says about itself."""

    dag_id: str
    schedule: str
    text: str
    tasks: tuple[tuple[str, str], ...]


def _name(node: ast.expr) -> str:
    """Return the name of a decorator or call: `task` for `@task`, `@task(...)`, `task.short`."""
    while isinstance(node, ast.Call | ast.Attribute):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""


def _keywords(node: ast.expr) -> dict[str, ast.expr]:
    if not isinstance(node, ast.Call):
        return {}
    return {keyword.arg: keyword.value for keyword in node.keywords if keyword.arg}


def _first_line(function: ast.FunctionDef) -> str:
    return (ast.get_docstring(function) or "").split("\n", 1)[0]


def _find_dag(module: ast.Module, path: Path) -> tuple[ast.FunctionDef, dict[str, ast.expr]]:
    for node in module.body:
        if isinstance(node, ast.FunctionDef):
            for decorator in node.decorator_list:
                if _name(decorator) == "dag":
                    return node, _keywords(decorator)
    raise SystemExit(f"{path.name} has no function with @dag.")


def _find_tasks(function: ast.FunctionDef) -> Iterator[tuple[str, str]]:
    """Yield every task in the order of the file: its id, and what its docstring says."""
    for node in ast.walk(function):
        if isinstance(node, ast.FunctionDef):
            if any(_name(decorator) == "task" for decorator in node.decorator_list):
                yield node.name, _first_line(node)
        elif isinstance(node, ast.Call) and "task_id" in (given := _keywords(node)):
            asked = given["task_id"]
            target = given.get("trigger_dag_id")
            starts = f"Starts `{ast.literal_eval(target)}`." if target else ""
            yield ast.literal_eval(asked), starts or "Asks a person, and waits for the answer."


def _say_schedule(node: ast.expr | None) -> str:
    if isinstance(node, ast.JoinedStr):
        # f"*/{knob('SYNC_MINUTES', 10)} * * * *": the only knob is a number of minutes.
        knob = next(part.value for part in node.values if isinstance(part, ast.FormattedValue))
        name, default = [ast.literal_eval(one) for one in getattr(knob, "args", [])]
        if f"{name}".lower() not in Settings.model_fields:
            raise SystemExit(f"PUSHLINE_{name} is no setting.")
        return f"every {default} minutes (`PUSHLINE_{name}`)"
    cron = str(ast.literal_eval(node)) if node else "None"
    if cron not in WORDS:
        raise SystemExit(f"Say the schedule {cron!r} in words: WORDS in scripts/docs/dags_page.py.")
    return WORDS[cron]


def read_dag(path: Path) -> DagFile:
    """Read one file of dags/."""
    module = ast.parse(path.read_text(encoding="utf-8"))
    function, given = _find_dag(module, path)
    return DagFile(
        dag_id=function.name,
        schedule=_say_schedule(given.get("schedule")),
        text=ast.get_docstring(module) or "",
        tasks=tuple(_find_tasks(function)),
    )


def _section(dag: DagFile) -> str:
    tasks = make_table(("task", ""), [(f"`{name}`", text) for name, text in dag.tasks])
    return f"## {dag.dag_id}\n\nRuns {dag.schedule}.\n\n{dag.text}\n\n{tasks}"


def make_dags_page(root: Path) -> str:
    """Return the page."""
    dags = [read_dag(path) for path in sorted((root / "dags").glob("*.py"))]
    overview = make_table(
        ("DAG", "runs", ""),
        [
            (f"[{dag.dag_id}](#{dag.dag_id})", dag.schedule, dag.text.split("\n", 1)[0])
            for dag in dags
        ],
    )
    opening = "The same words stand in Airflow, behind *Docs* on each DAG's page."
    return make_page(
        "The DAGs, and what to do when one is red",
        "dags/",
        opening,
        overview,
        *[_section(dag) for dag in dags],
    )
