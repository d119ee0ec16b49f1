"""What addresses may ask for: numbers and days that the database can hold."""

from datetime import date
from typing import Annotated

from pydantic import Field

BIGGEST = 2**63 - 1

# The id of a run, and what else counts up from one.
Id = Annotated[int, Field(ge=1, le=BIGGEST)]
# A revision, a number of people: from none on.
Count = Annotated[int, Field(ge=0, le=BIGGEST)]
# A day that can be counted from and to in every zone.
Day = Annotated[date, Field(ge=date(1970, 1, 1), le=date(2100, 12, 31))]
