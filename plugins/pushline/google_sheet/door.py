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
            raise _no_tab(self.worksheet) from None

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
            raise SheetBusy("Google Sheets did not answer; the line broke or is slow.") from error
        except GoogleAuthError as error:
            raise SheetClosed(
                f"Google does not accept the key of the service account: {str(error)[:200]}. "
                "Make a new key and put it into the connection pushline_google."
            ) from error
        return answer

    def _explain(self, error: Any, *, is_write: bool) -> Exception:
        status, told = error.response.status_code, str(error.error.get("message", ""))[:200]
        if status in _BUSY or (status == 403 and "rate limit" in told.lower()):
            wait = read_retry_after(error.response.headers.get("Retry-After"))
            return SheetBusy(f"Google Sheets is busy ({status}).", wait)
        if status == 400 and is_write:
            # The tab lost rows or columns since it was read: read it again.
            return SheetBusy(f"Google Sheets refused the write: {told}")
        if status == 400:
            return _no_tab(self.worksheet)
        if status == 404:
            return SheetClosed(
                "There is no spreadsheet with this id. Put the address of the spreadsheet into the "
                "connection pushline_google."
            )
        if status in {401, 403}:
            return SheetClosed(
                "Google does not let the service account in. Share the spreadsheet with its mail "
                "address as an editor, and leave the tab's protection open for it."
            )
        return SheetClosed(f"Google Sheets answered {status}: {told}")


def _no_tab(worksheet: str) -> SheetClosed:
    return SheetClosed(
        f"The spreadsheet has no tab “{worksheet}”. Make one, or put its name into the connection "
        "pushline_google."
    )


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
