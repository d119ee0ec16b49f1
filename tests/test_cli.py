import pytest
import typer

from pushline import cli
from pushline.cli import COMMANDS, GROUPS, build
from pushline.errors import PushlineError


def names(only: str = "") -> set[str]:
    return set(typer.main.get_command(build(only)).commands)


def test_every_group_and_command_is_mounted():
    assert {"demo", "init", "brief", "audience", "run", "why", "queue", "send", "doctor"} <= names()
    assert names() <= {*GROUPS, *COMMANDS}


@pytest.mark.parametrize("name", ["demo", "init"])
def test_only_the_wanted_is_imported(name: str):
    assert names(name) == {name}


def test_an_unknown_name_sees_all():
    assert names("nonsense") == names()


def test_our_errors_are_one_sentence_and_exit_code_one(monkeypatch, capsys):
    def fail(*_: object) -> None:
        raise PushlineError("Run: make demo")

    monkeypatch.setattr(cli, "build", lambda _: fail)
    with pytest.raises(SystemExit) as caught:
        cli.app()
    assert caught.value.code == 1
    assert capsys.readouterr().err == "Run: make demo\n"
