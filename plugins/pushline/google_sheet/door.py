"""The two calls of a sync, made by gspread's client: one read, one write that is taken whole.

`spreadsheets.batchUpdate` is the one write that Google promises to apply "together atomically"
(`values.batchUpdate` is not), and it can answer with the tab as it is right after. Cells are
written as `stringValue`, which is never parsed: RAW by another name.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any, Protocol

import gspread
import requests
from google.auth.exceptions import GoogleAuthError, TransportError
from gspread.http_client import HTTPClient
from gspread.urls import SPREADSHEET_BATCH_UPDATE_URL, SPREADSHEET_URL

from pushline.google_sheet.errors import SheetBusy, SheetClosed
from pushline.google_sheet.grid import FIELDS, Grid, make_grid
from pushline.google_sheet.sentences import say

# Connect, and wait for an answer; seconds.
TIMEOUT = (10.0, 60.0)
_BUSY = {408, 425, 429, 500, 502, 503, 504}


class Door(Protocol):
    """A tab that can be read and written; tests put something between."""

    spreadsheet: str
    worksheet: str

    def read(self) -> Grid:
        """Return the tab. Raises SheetBusy or SheetClosed."""

    def write(self, updates: Sequence[Mapping[str, Any]]) -> Grid:
        """Apply all updates or none; return the tab right after. Raises SheetBusy or SheetClosed.

        After SheetBusy nobody knows whether they were applied, unless Google said so.
        """


@dataclass(frozen=True, slots=True)
class GoogleDoor:
    """A tab behind gspread's client, which is passed in."""

    client: HTTPClient
    spreadsheet: str
    worksheet: str

    def read(self) -> Grid:
        """Return the tab; see Door."""
        answer = self._ask(
            "get",
            SPREADSHEET_URL % self.spreadsheet,
            {"ranges": self._range, "fields": FIELDS},
        )
        return self._grid(answer)

    def write(self, updates: Sequence[Mapping[str, Any]]) -> Grid:
        """Apply all updates or none; see Door."""
        body = {
            "requests": list(updates),
            "includeSpreadsheetInResponse": True,
            "responseRanges": [self._range],
            "responseIncludeGridData": True,
        }
        url = SPREADSHEET_BATCH_UPDATE_URL % self.spreadsheet
        answer = self._ask("post", url, {"fields": f"updatedSpreadsheet({FIELDS})"}, body)
        return self._grid(answer.get("updatedSpreadsheet", {}))

    @property
    def _range(self) -> str:
        name = self.worksheet.replace("'", "''")
        return f"'{name}'"

    def _grid(self, answer: Mapping[str, Any]) -> Grid:
        try:
            return make_grid(answer, self.worksheet)
        except KeyError:
            raise SheetClosed("no_tab", name=self.worksheet) from None

    def _ask(
        self,
        method: str,
        url: str,
        params: dict[str, Any],
        body: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        self.client.set_timeout(TIMEOUT)
        try:
            answer: dict[str, Any] = self.client.request(method, url, params, json=body).json()
        except gspread.exceptions.APIError as error:
            raise self._explain(error, is_write=body is not None) from error
        except (requests.RequestException, TransportError) as error:
            raise SheetBusy(say("no_answer")) from error
        except GoogleAuthError as error:
            raise SheetClosed("bad_key", told=str(error)[:200]) from error
        return answer

    def _explain(self, error: Any, *, is_write: bool) -> Exception:
        status, told = error.response.status_code, str(error.error.get("message", ""))[:200]
        if status in _BUSY or (status == 403 and "rate limit" in told.lower()):
            wait = read_retry_after(error.response.headers.get("Retry-After"))
            return SheetBusy(say("google_busy", status=status), wait)
        if status == 400 and is_write:
            # The tab lost rows or columns since it was read: read it again.
            return SheetBusy(say("write_refused", told=told))
        if status == 400:
            return SheetClosed("no_tab", name=self.worksheet)
        if status == 404:
            return SheetClosed("no_spreadsheet")
        if status in {401, 403}:
            return SheetClosed("no_entry")
        return SheetClosed("google_says", status=status, told=told)


def read_retry_after(header: str | None) -> float | None:
    """Return how many seconds to wait: the header has seconds or a date."""
    if not header:
        return None
    if header.strip().isdecimal():
        return float(header)
    try:
        until = parsedate_to_datetime(header)
    except ValueError:
        return None
    return max(0.0, (until - dt.datetime.now(dt.UTC)).total_seconds())
