"""What pictures there are. The pages that show them are compared with this list."""

from dataclasses import dataclass


@dataclass(frozen=True)
class PagePicture:
    """A page of Airflow. `path` may name {dag_run}, the wave that reached most people."""

    file_name: str
    path: str
    waits_for: str
    height: int = 720
    click: str = ""
    in_frame: bool = False


@dataclass(frozen=True)
class StoryPicture:
    """A moment of the first campaign; the story knows when to take it."""

    file_name: str


@dataclass(frozen=True)
class TerminalPicture:
    """What a command answers. Its words may name {run} and {user}."""

    file_name: str
    command: str
    width: int = 100
    most_lines: int = 48


PLANNING = "/dags/plan_marketing_pushes"
# `path` names {held_run}, an Airflow run that waits for an answer.
HELD_RUN = PagePicture(
    "airflow-approval.png",
    "/dags/approve_reach/runs/{held_run}/tasks/ask/required_actions",
    "would reach now",
    height=680,
)
PAGES = (
    PagePicture("airflow-dags.png", "/dags", "sync_people", height=1260),
    PagePicture("airflow-grid.png", f"{PLANNING}/runs/{{dag_run}}", "close_wave", height=620),
    PagePicture(
        "airflow-funnel.png",
        f"{PLANNING}/runs/{{dag_run}}/plugin/funnel",
        "Audience",
        height=900,
        in_frame=True,
    ),
    HELD_RUN,
    PagePicture("airflow-form.png", PLANNING, "Dry run", height=820, click="Trigger"),
)
TERMINALS = (
    TerminalPicture("queue-status.svg", "pushline queue status", width=90),
    TerminalPicture("run-funnel.svg", "pushline run funnel {run}", width=90),
    TerminalPicture("why.svg", "pushline why {user}", width=120, most_lines=24),
    TerminalPicture(
        "audience-check.svg",
        "pushline audience check lapsed_buyers --exclude openers_of_pushes",
        width=90,
    ),
    TerminalPicture("brief-check.svg", "pushline brief check examples/campaigns_month.csv"),
)
# Told as a whole: one of them wanted, all are taken.
STORY = tuple(
    StoryPicture(f"campaigns-{name}.png")
    for name in ("sheet", "month", "red-cell", "reach", "approval", "results", "stop")
)
PICTURES: tuple[PagePicture | StoryPicture | TerminalPicture, ...] = (*PAGES, *STORY, *TERMINALS)
