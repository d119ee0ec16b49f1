"""Pictures of what commands answer, as SVG: sharp, small, and their text can be searched."""

import io
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from rich._export_format import CONSOLE_SVG_FORMAT
from rich.console import Console
from rich.text import Text

from pushline.settings import CHECKOUT
from scripts.screenshots.pictures import TerminalPicture

# Rich would have the reader's browser fetch a font; the reader's own is good enough.
_FORMAT = re.sub(r"@font-face \{\{.*?\}\}\n", "", CONSOLE_SVG_FORMAT, flags=re.DOTALL)
_FORMAT = _FORMAT.replace("Fira Code,", "Fira Code, Menlo, Consolas, DejaVu Sans Mono,")


def run_command(words: str, width: int) -> list[str]:
    """Run a command of `pushline` as at a terminal of this width; returns its lines, coloured.

    A command may fail on purpose (a sheet with errors), but not without an answer.
    """
    program, *arguments = words.split()
    done = subprocess.run(
        [str(Path(sys.prefix) / "bin" / program), *arguments],
        check=False,
        cwd=CHECKOUT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        env=os.environ | {"FORCE_COLOR": "1", "COLUMNS": str(width), "TERM": "xterm-256color"},
    )
    if not done.stdout.strip():
        raise SystemExit(f"`{words}` answered nothing: {done.stderr[-500:]}")
    return done.stdout.rstrip("\n").split("\n")


def take_terminal(picture: TerminalPicture, names: Mapping[str, str], folder: Path) -> None:
    """Run a command and draw its answer."""
    command = picture.command.format_map(names)
    lines = run_command(command, picture.width)
    console = Console(
        record=True, width=picture.width, file=io.StringIO(), force_terminal=True, highlight=False
    )
    console.print(Text(f"$ {command}", style="bold"))
    for line in lines[: picture.most_lines]:
        console.print(Text.from_ansi(line))
    if len(lines) > picture.most_lines:
        console.print(Text(f"... {len(lines) - picture.most_lines} more lines", style="dim"))
    svg = console.export_svg(
        title="", code_format=_FORMAT, unique_id=picture.file_name.removesuffix(".svg")
    )
    (folder / picture.file_name).write_text(svg, encoding="utf-8")
