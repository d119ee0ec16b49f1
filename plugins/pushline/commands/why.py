"""`pushline why`: every decision about one user, newest first, in words."""

import json
from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.console import Console


def main(
    user: Annotated[int, typer.Argument(help="The user's number.")],
    language: Annotated[str, typer.Option("--language", help="en, ru or kk.")] = "en",
    most: Annotated[int, typer.Option(help="At most so many decisions.")] = 50,
    as_json: Annotated[bool, typer.Option("--json", help="For scripts.")] = False,
) -> None:
    """Say what is known of a user, what each run decided about them, and why."""
    from pushline.database.engine import get_engine
    from pushline.report.sentences import WHY
    from pushline.report.why import why
    from pushline.sentence import Sentence

    with get_engine("planner").connect() as conn:
        story = why(conn, user, datetime.now(UTC), most)
    console = Console(highlight=False)
    if as_json:
        console.print_json(json.dumps(story.as_dict(language), ensure_ascii=False))
    else:
        for fact in story.facts:
            console.print(fact.text(language), markup=False, soft_wrap=True)
        if story.is_known and not story.decisions:
            console.print(Sentence.say(WHY, "no_decisions").text(language))
        for decision in story.decisions:
            line = decision.line(story.zone, language)
            style = "green" if decision.decision == "enqueued" else None
            console.print(line, markup=False, soft_wrap=True, style=style)
    if not story.is_known and not story.decisions:
        raise typer.Exit(1)
