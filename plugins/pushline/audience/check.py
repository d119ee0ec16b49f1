"""What an analyst wants to know of an audience before a marketer uses it."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Engine

from pushline.audience.catalogue import Catalogue
from pushline.audience.reader import Limits, contained_session, in_words
from pushline.audience.reading import ReadAudience, read_audience
from pushline.audience.statement import Selection, compose_columns, compose_nulls

SAMPLE_ROWS = 20
_BUCKETS = 64  # of this reading only; any power of two would do


@dataclass(frozen=True)
class Overlap:
    """How many people an exclusion holds, and how many of the audience it takes away."""

    name: str
    users: int
    taken_away: int


@dataclass(frozen=True)
class AudienceReport:
    """An audience in numbers; `findings` are sentences about what a person should mend."""

    name: str
    title: str
    owner: str
    parameters: Mapping[str, Any]
    rows: int
    users: int
    null_rows: int
    users_left: int
    estimated_rows: int
    cost: float
    seconds: float
    empty_values: Mapping[str, int] = field(default_factory=dict)
    overlaps: Sequence[Overlap] = ()
    findings: Sequence[str] = ()


@dataclass(frozen=True)
class Sample:
    """The first rows of an audience as they are."""

    columns: Sequence[str]
    rows: Sequence[Sequence[Any]]


def _ids(audience: ReadAudience) -> NDArray[np.int64]:
    if not audience.blocks:
        return np.empty(0, dtype=np.int64)
    return np.unique(np.concatenate([block.ids() for block in audience.blocks]))


def check(
    reader_engine: Engine,
    engine: Engine,
    name: str,
    now: datetime,
    *,
    parameters: Mapping[str, Any] | None = None,
    exclusions: Sequence[tuple[str, Mapping[str, Any]]] = (),
    catalogue: Catalogue | None = None,
    limits: Limits | None = None,
) -> AudienceReport:
    """Guard, cost, count, empty values and overlap with exclusions (name, parameters).

    Raises BadQueryFile or GiveUpRow for the file and its values, StopRun for what the server says.
    """
    catalogue = catalogue or Catalogue()
    limits = limits or Limits.from_settings()
    selection = Selection.of(catalogue.file(name), parameters, now)
    started = time.monotonic()
    audience = _read(reader_engine, engine, selection, limits)
    seconds = time.monotonic() - started
    users = _ids(audience)
    left = users
    overlaps = []
    for other, values in exclusions:
        excluded = _ids(
            _read(
                reader_engine,
                engine,
                Selection.of(Catalogue().file(other), values, now),
                limits,
            )
        )
        overlaps.append(Overlap(other, len(excluded), int(np.isin(users, excluded).sum())))
        left = np.setdiff1d(left, excluded, assume_unique=True)
    empty = _count_empty(reader_engine, engine, selection, limits)
    return AudienceReport(
        name=name,
        title=selection.file.title,
        owner=selection.file.owner,
        parameters={key: value for key, value in selection.values.items() if key != "now"},
        rows=audience.rows,
        users=len(users),
        null_rows=audience.null_rows,
        users_left=len(left),
        estimated_rows=audience.estimate.rows,
        cost=audience.estimate.cost,
        seconds=seconds,
        empty_values=empty,
        overlaps=overlaps,
        findings=_findings(selection, audience, len(users), empty),
    )


def _read(
    reader_engine: Engine, engine: Engine, selection: Selection, limits: Limits
) -> ReadAudience:
    return read_audience(reader_engine, engine, selection, bucket_count=_BUCKETS, limits=limits)


def _findings(
    selection: Selection, audience: ReadAudience, users: int, empty: Mapping[str, int]
) -> list[str]:
    findings = []
    if audience.rows == 0:
        findings.append("Nobody is in this audience with these parameters.")
    if audience.null_rows:
        findings.append(f"{audience.null_rows:,} rows have no user_id; they are passed over.")
    again = audience.rows - audience.null_rows - users
    if again:
        findings.append(
            f"{again:,} rows name a user again; they collapse, and the fields of one row are used."
        )
    findings += [
        f"{name} is empty in {count:,} rows, but the header does not say nullable: "
        f"write `-- column {name} {selection.file.columns[name].sql_type} nullable: ...`."
        for name, count in empty.items()
        if count and not selection.file.columns[name].is_nullable
    ]
    return findings


def _count_empty(
    reader_engine: Engine, engine: Engine, selection: Selection, limits: Limits
) -> dict[str, int]:
    names = list(selection.file.columns)
    if not names:
        return {}
    with (
        in_words(selection.file.where, limits),
        contained_session(reader_engine, engine, limits) as session,
    ):
        row = session.execute(*compose_nulls(selection, names, limits.row_cap)).fetchone()
    return dict(zip(names, row[1:] if row else (), strict=True))


def preview(
    reader_engine: Engine,
    engine: Engine,
    name: str,
    now: datetime,
    *,
    parameters: Mapping[str, Any] | None = None,
    catalogue: Catalogue | None = None,
    limits: Limits | None = None,
    most: int = SAMPLE_ROWS,
) -> Sample:
    """Return the first rows, at most so many, as they are; raises as check() does."""
    limits = limits or Limits.from_settings()
    selection = Selection.of((catalogue or Catalogue()).file(name), parameters, now)
    names = ["user_id", *selection.file.columns]
    with (
        in_words(selection.file.where, limits),
        contained_session(reader_engine, engine, limits) as session,
    ):
        rows = session.execute(*compose_columns(selection, names, most)).fetchall()
    return Sample(names, rows)
