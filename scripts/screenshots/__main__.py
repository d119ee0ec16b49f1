"""`make screenshots`: take every picture of docs/pictures anew, from the demo that runs here."""

import argparse
import time
from urllib.parse import quote

from playwright.sync_api import Page

from pushline.demo import airflow_home, processes, state
from pushline.demo.airflow_client import wait_until
from pushline.demo.up import is_up
from pushline.errors import PushlineError
from pushline.settings import CHECKOUT
from scripts.screenshots.browser import check_machine, list_dag_runs, open_airflow, take_page
from scripts.screenshots.demo_story import tell_story
from scripts.screenshots.examples import PLANNING_DAG, find_examples
from scripts.screenshots.held_run import a_held_run
from scripts.screenshots.pictures import HELD_RUN, PAGES, PICTURES, STORY, TERMINALS
from scripts.screenshots.terminal import take_terminal

PICTURE_FOLDER = CHECKOUT / "docs" / "pictures"
# Who works on DAGs in the demo.
PERSON = "dana"
WAVE_SECONDS = 900
UP_SECONDS = 60


def _wait_for_demo() -> None:
    """Refuse without a demo; a busy one may need a moment to say that it is well."""
    asleep = "The pictures are taken of the demo, and it does not run: make demo"
    if not processes.alive():
        raise SystemExit(asleep)
    try:
        wait_until(is_up, UP_SECONDS, asleep)
    except PushlineError as error:
        raise SystemExit(str(error)) from None


def _find_names(page: Page, base_url: str) -> dict[str, str]:
    """Return what addresses and commands may name: dag_run, run and user.

    In a new demo the first wave has to come and to send first.
    """
    deadline = time.monotonic() + WAVE_SECONDS
    while not (names := find_examples(list_dag_runs(page, base_url, PLANNING_DAG, "success"))):
        if time.monotonic() > deadline:
            raise SystemExit(f"No wave sent anything within {WAVE_SECONDS} s: {base_url}/dags")
        page.wait_for_timeout(2000)
    return names


def _take_pages(page: Page, base_url: str, names: dict[str, str], wanted: list[str]) -> None:
    paths = {name: quote(value, safe="") for name, value in names.items()}
    for picture in PAGES:
        if picture.file_name not in wanted:
            continue
        if picture == HELD_RUN:
            with a_held_run(page, base_url, state.passwords()[PERSON]) as held:
                paths["held_run"] = quote(held, safe="")
                take_page(page, base_url, picture, paths, PICTURE_FOLDER)
        else:
            take_page(page, base_url, picture, paths, PICTURE_FOLDER)
        print(f"docs/pictures/{picture.file_name}", flush=True)


def main() -> None:
    """Take all pictures, or those whose name begins with --only."""
    parser = argparse.ArgumentParser(prog="make screenshots", description=__doc__)
    parser.add_argument("--only", default="", help="start of a picture's name")
    only = parser.parse_args().only
    names = [picture.file_name for picture in PICTURES]
    wanted = [name for name in names if name.startswith(only)]
    if not wanted:
        parser.error(f"there is no picture {only!r}; there are {', '.join(names)}")
    check_machine()
    _wait_for_demo()
    PICTURE_FOLDER.mkdir(parents=True, exist_ok=True)
    base_url = airflow_home.base_url()
    # First the story: a new demo has sent little else.
    if any(picture.file_name in wanted for picture in STORY):
        tell_story(base_url, PICTURE_FOLDER)
    with open_airflow(base_url, PERSON, state.passwords()[PERSON]) as page:
        examples = _find_names(page, base_url)
        _take_pages(page, base_url, examples, wanted)
    for terminal in TERMINALS:
        if terminal.file_name in wanted:
            take_terminal(terminal, examples, PICTURE_FOLDER)
            print(f"docs/pictures/{terminal.file_name}", flush=True)


if __name__ == "__main__":
    main()
