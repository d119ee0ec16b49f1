"""What may be asked for: codes and texts, numbers and days that the database can hold."""

from datetime import date
from typing import Annotated

from pydantic import BeforeValidator, Field

from pushline.brief.sheet_rows import clean_typed

BIGGEST = 2**63 - 1
MEGABYTE = 1_000_000
# Of one request: an upload with its envelope, and a pasted block of 500 rows with long texts.
LARGEST_BODY = 16 * MEGABYTE

CODE = r"^C-[0-9]{4}-[0-9]{3,6}$"
# The code of a brief.
Code = Annotated[str, Field(pattern=CODE)]
# Names of others, as those of Airflow's runs: one line, nothing that cannot be seen.
Word = Annotated[str, Field(max_length=250, pattern=r"^[^\x00-\x1f\x7f]*$")]
# The id of a run, and what else counts up from one.
Id = Annotated[int, Field(ge=1, le=BIGGEST)]
# A revision, a number of people: from none on.
Count = Annotated[int, Field(ge=0, le=BIGGEST)]
# A day that can be counted from and to in every zone.
Day = Annotated[date, Field(ge=date(1970, 1, 1), le=date(2100, 12, 31))]


def _clean(text: object) -> object:
    return clean_typed(text) if isinstance(text, str) else text


def _cut(text: object) -> object:
    # No code and no column is longer.
    return clean_typed(text)[:40] if isinstance(text, str) else text


def _strip(text: object) -> object:
    return clean_typed(text).strip() if isinstance(text, str) else text


# Half an emoji of a clipboard is left out: pydantic would refuse the whole save for it.
# How long a text may be is said cell by cell: one that is too long keeps no other from being saved.
Typed = Annotated[str, BeforeValidator(_clean)]
Text = Annotated[Typed, Field(max_length=40_000)]
# Why a brief is sent back.
Reason = Annotated[str, BeforeValidator(_strip), Field(min_length=1, max_length=500)]
# The name of a column. Whether there is such a one is said where it is looked for.
Key = Annotated[Typed, Field(max_length=40)]
# The same of a row or column among others: an odd one keeps no other cell from being saved.
Named = Annotated[str, BeforeValidator(_cut)]
