"""`make screenshots`: take every picture of docs/pictures anew, from the demo that runs here."""

import argparse
from urllib.parse import quote

from playwright.sync_api import Page

from pushline.demo import airflow_home, state
from pushline.demo.up import is_up
from pushline.settings import CHECKOUT
from scripts.screenshots.browser import find_chromium, list_dag_runs, open_airflow, take_page
from scripts.screenshots.demo_story import tell_story
from scripts.screenshots.examples import APPROVAL_DAG, PLANNING_DAG, find_examples
from scripts.screenshots.pictures import PAGES, PICTURES, STORY, TERMINALS
from scripts.screenshots.terminal import take_terminal

PICTURE_FOLDER = CHECKOUT / "docs" / "pictures"
# Who works on DAGs in the demo.
PERSON = "dana"


def _find_names(page: Page, base_url: str) -> dict[str, str]:
    """Return what addresses and commands may name: dag_run, run, user, and held_run if any."""
    waves = list_dag_runs(page, base_url, PLANNING_DAG, "success")
    held = list_dag_runs(page, base_url, APPROVAL_DAG, "running")
    return find_examples(waves) | ({"held_run": held[0]} if held else {})


def _take_pages(page: Page, base_url: str, names: dict[str, str], wanted: list[str]) -> None:
    paths = {name: quote(value, safe="") for name, value in names.items()}
    for picture in PAGES:
        if picture.file_name not in wanted:
            continue
        if "{held_run}" in picture.path and "held_run" not in paths:
            print(f"docs/pictures/{picture.file_name} stays: no run waits for an approval now")
            continue
        take_page(page, base_url, picture, paths, PICTURE_FOLDER)
        print(f"docs/pictures/{picture.file_name}")


def main() -> None:
    """Take all pictures, or those whose name begins with --only."""
    parser = argparse.ArgumentParser(prog="make screenshots", description=__doc__)
    parser.add_argument("--only", default="", help="start of a picture's name")
    only = parser.parse_args().only
    names = [picture.file_name for picture in PICTURES]
    wanted = [name for name in names if name.startswith(only)]
    if not wanted:
        parser.error(f"there is no picture {only!r}; there are {', '.join(names)}")
    find_chromium()
    if not is_up():
        raise SystemExit("The pictures are taken of the demo, and it does not run: make demo")
    PICTURE_FOLDER.mkdir(parents=True, exist_ok=True)
    base_url = airflow_home.base_url()
    with open_airflow(base_url, PERSON, state.passwords()[PERSON]) as page:
        examples = _find_names(page, base_url)
        _take_pages(page, base_url, examples, wanted)
    if any(picture.file_name in wanted for picture in STORY):
        tell_story(base_url, PICTURE_FOLDER)
    for terminal in TERMINALS:
        if terminal.file_name in wanted:
            take_terminal(terminal, examples, PICTURE_FOLDER)
            print(f"docs/pictures/{terminal.file_name}")


if __name__ == "__main__":
    main()
