"""`python -m bench.report`: writes build/bench/results.json into docs/performance.md.

The table goes between its two marks there, the plot beside it; the words around them are ours.
"""

import json
import math
import sys
from html import escape
from pathlib import Path
from typing import Any

from bench.figures import RESULTS, ROOT

PAGE = ROOT / "docs" / "performance.md"
PLOT = ROOT / "docs" / "pictures" / "performance.svg"
BEGIN, END = "<!-- figures -->", "<!-- /figures -->"
WIDTH, ROW, LEFT, RIGHT, TOP = 860, 30, 270, 120, 46
INK, GRID, GOOD, BAD = "#24292f", "#d0d7de", "#1a7f64", "#c2410c"


def main() -> None:
    """Write table and plot; says so when there are no results yet."""
    if not RESULTS.exists():
        sys.exit("There are no results yet; run `make bench` first.")
    results = json.loads(RESULTS.read_text(encoding="utf-8"))
    write_report(results, PAGE, PLOT)
    print(f"written to {PAGE.relative_to(ROOT)} and {PLOT.relative_to(ROOT)}")


def write_report(results: dict[str, Any], page: Path, plot: Path) -> None:
    """Put the table between the page's marks, and write the plot."""
    source = page.read_text(encoding="utf-8")
    before, rest = source.split(BEGIN, 1)
    _, after = rest.split(END, 1)
    page.write_text(f"{before}{BEGIN}\n{make_table(results)}\n{END}{after}", encoding="utf-8")
    plot.parent.mkdir(parents=True, exist_ok=True)
    plot.write_text(draw_plot(results["figures"]), encoding="utf-8")


def make_table(results: dict[str, Any]) -> str:
    """Return the figures as a Markdown table, with where and when they were measured."""
    lines = [
        f"Measured on {results['meta']['machine']}; {describe_commits(results)}.",
        "",
        "| figure | median | bound | lowest to highest | samples | what |",
        "|---|---:|---:|---:|---:|---|",
    ]
    for name, figure in results["figures"].items():
        samples = figure["samples"]
        kept = "" if meets_bound(figure) else " (missed)"
        lines.append(
            f"| `{name}` | {show(figure['value'])} {figure['unit']} | {bound_of(figure)}{kept}"
            f" | {show(min(samples))} to {show(max(samples))} | {len(samples)} | {figure['note']} |"
        )
    return "\n".join(lines)


def describe_commits(results: dict[str, Any]) -> str:
    """Return when and of which commit the figures are; the exceptions from the last by name."""
    last = results["meta"]
    others: dict[str, list[str]] = {}
    for name, figure in results["figures"].items():
        run = figure if "commit" in figure else last
        if run["commit"] != last["commit"]:
            others.setdefault(_describe_run(run), []).append(f"`{name}`")
    parts = [_describe_run(last), *(f"{', '.join(names)}: {run}" for run, names in others.items())]
    return "; ".join(parts)


def _describe_run(run: dict[str, Any]) -> str:
    changes = ", with changes on top" if run["dirty"] else ""
    return f"{run['started_at'][:10]}, commit {run['commit'][:10]}{changes}"


def bound_of(figure: dict[str, Any]) -> str:
    """Return a figure's bound in signs; empty without one."""
    if figure.get("bound") is None:
        return ""
    return f"{'≥' if figure.get('is_least') else '≤'} {figure['bound']:g}"


def meets_bound(figure: dict[str, Any]) -> bool:
    """Whether the median keeps to the bound; a figure without one always does."""
    bound = figure.get("bound")
    if bound is None:
        return True
    value: float = figure["value"]
    return bool(value >= bound if figure.get("is_least") else value <= bound)


def show(value: float) -> str:
    """Write a number with three digits that matter."""
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def draw_plot(figures: dict[str, Any]) -> str:
    """Draw each bounded figure as a share of its bound, with its samples, on a logarithmic axis.

    Left of the line is better than the bound, whichever way the bound looks.
    """
    bounded = {name: figure for name, figure in figures.items() if figure.get("bound")}
    shares = {
        name: [_share(figure, one) for one in figure["samples"]] for name, figure in bounded.items()
    }
    every = [share for row in shares.values() for share in row] + [0.5, 2.0]
    lowest, highest = (math.log10(edge) for edge in (min(every) / 1.2, max(every) * 1.2))

    def across(share: float) -> float:
        inside = (math.log10(share) - lowest) / (highest - lowest)
        return LEFT + inside * (WIDTH - LEFT - RIGHT)

    height = TOP + ROW * len(bounded) + 34
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
        f'font-family="Inter, Helvetica, Arial, sans-serif" font-size="13" fill="{INK}">',
        f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
        f'<text x="{LEFT}" y="20" font-weight="600">Every figure as a share of its bound</text>',
    ]
    for share in (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10):
        if not lowest <= math.log10(share) <= highest:
            continue
        place = across(share)
        is_bound = share == 1
        parts.append(
            f'<line x1="{place:.1f}" y1="{TOP - 14}" x2="{place:.1f}" y2="{height - 30}" '
            f'stroke="{INK if is_bound else GRID}" stroke-width="{1.5 if is_bound else 1}"/>'
            f'<text x="{place:.1f}" y="{height - 12}" text-anchor="middle">'
            f"{'bound' if is_bound else f'{share:g} ×'}</text>"
        )
    for number, (name, figure) in enumerate(bounded.items()):
        middle = TOP + ROW * number + ROW / 2
        colour = GOOD if meets_bound(figure) else BAD
        dots = "".join(
            f'<circle cx="{across(share):.1f}" cy="{middle}" r="3" fill="{colour}" opacity="0.35"/>'
            for share in shares[name]
        )
        median = across(_share(figure, figure["value"]))
        parts.append(
            f'<text x="{LEFT - 14}" y="{middle + 4}" text-anchor="end">{escape(name)}</text>{dots}'
            f'<line x1="{median:.1f}" y1="{middle - 9}" x2="{median:.1f}" y2="{middle + 9}" '
            f'stroke="{colour}" stroke-width="3"/>'
            f'<text x="{WIDTH - RIGHT + 14}" y="{middle + 4}" fill="{colour}">'
            f"{show(figure['value'])} {escape(figure['unit'])}</text>"
        )
    return "\n".join([*parts, "</svg>"]) + "\n"


def _share(figure: dict[str, Any], value: float) -> float:
    """Return how much of its bound a value takes; memory that shrinks takes next to nothing."""
    bound = float(figure["bound"])
    share = bound / value if figure.get("is_least") else value / bound
    return max(share, 0.01)


if __name__ == "__main__":
    main()
