"""`pushline demo`: a filled, living Pushline on this machine."""

import sys
from typing import Annotated

import typer
from rich.console import Console

app = typer.Typer(no_args_is_help=True, help="A filled, living Pushline on this machine.")


@app.command()
def up() -> None:
    """Start it; what is there already stays."""
    from pushline.demo.up import up as start

    start()


@app.command()
def down() -> None:
    """Stop it; its data stays."""
    from pushline.demo.up import down as stop

    stopped = stop()
    Console(highlight=False).print(
        f"Stopped: {', '.join(stopped)}." if stopped else "Nothing was running."
    )


@app.command()
def status() -> None:
    """Say what runs and where."""
    from pushline.demo import processes
    from pushline.demo.up import closing_block, is_up

    console = Console(highlight=False)
    if is_up():
        console.print(closing_block(0).split("\n", 2)[2], markup=False)
        return
    alive = sorted(processes.alive())
    rest = f", apart from {', '.join(alive)}" if alive else ""
    console.print(f"Not running{rest}: make demo")
    raise typer.Exit(1)


@app.command()
def reset(
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Stop it and delete its data."""
    from pushline.demo.up import reset as forget

    if not yes and sys.stdin.isatty():
        typer.confirm("Delete the demo's database, logs and ports of this checkout?", abort=True)
    forget()
    Console(highlight=False).print("The demo's data is gone. Start anew: make demo")
