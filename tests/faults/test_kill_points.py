import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import pushline
from pushline import kill_points

REACHED = re.compile(r'\breach\("([^"]+)"\)')
DIE = "from pushline.kill_points import reach; print('on'); reach('plan.after_lock'); print('on')"


@pytest.fixture(autouse=True)
def disarm() -> None:
    kill_points.arm("")


def run(order: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", DIE],
        env={"PUSHLINE_KILL_AT": order, "PYTHONPATH": str(Path(pushline.__file__).parents[1])},
        capture_output=True,
        text=True,
        check=False,
    )


def test_product_and_list_name_the_same_points():
    sources = Path(pushline.__file__).parent.rglob("*.py")
    named = [name for file in sources for name in REACHED.findall(file.read_text())]
    assert sorted(named) == sorted(kill_points.POINTS)


def test_process_dies_at_the_point_that_its_environment_names():
    assert run("").stdout == "on\non\n"
    assert run("plan.after_lock:2").stdout == "on\non\n"
    killed = run("plan.after_lock:1")
    assert killed.returncode == -signal.SIGKILL


def test_process_with_an_unknown_point_does_not_even_begin():
    refused = run("plan.after_lunch:1")
    assert refused.returncode == 1
    assert "There is no kill point 'plan.after_lunch'" in refused.stderr
    assert refused.stdout == ""


@pytest.mark.parametrize("order", ["plan.after_lock:soon", "plan.after_lock:1:nap"])
def test_order_that_says_nothing_is_refused(order: str):
    with pytest.raises(ValueError, match="write point:times"):
        kill_points.arm(order)


def test_unknown_point_is_refused_when_somebody_reaches_it():
    kill_points.arm("plan.after_lock:1")
    try:
        with pytest.raises(ValueError, match="There is no kill point"):
            kill_points.reach("plan.after_lunch")
    finally:
        kill_points.arm("")
