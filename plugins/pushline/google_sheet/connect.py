"""Opens a tab from what an administrator put into the connection; knows nothing of Airflow."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import urlsplit

import requests
from google.auth.exceptions import GoogleAuthError
from google.auth.transport.requests import AuthorizedSession
from google.oauth2.service_account import Credentials
from gspread.http_client import HTTPClient
from requests.adapters import HTTPAdapter

from pushline.google_sheet.door import GoogleDoor
from pushline.google_sheet.errors import SheetClosed

GOOGLE = "https://sheets.googleapis.com"
SCOPES = ("https://www.googleapis.com/auth/spreadsheets",)
_ADDRESS = re.compile(r"/spreadsheets/d/([\w-]+)")


@dataclass(frozen=True, slots=True)
class SheetAccess:
    """What the connection says. endpoint: another server than Google's, for trying it out."""

    spreadsheet: str
    worksheet: str
    keyfile: Mapping[str, Any] | None = None
    language: str | None = None
    endpoint: str = ""

    def open(self) -> GoogleDoor:
        """Return the door; nothing is asked of Google yet. Raises SheetClosed for a broken key."""
        session: requests.Session
        if self.endpoint:
            session = requests.Session()
            session.mount(GOOGLE, _Elsewhere(self.endpoint))
        else:
            session = AuthorizedSession(self._credentials())  # type: ignore[no-untyped-call]
        # gspread takes a session that signs by itself instead of credentials.
        client = HTTPClient(cast(Any, None), session)
        return GoogleDoor(client, self.spreadsheet, self.worksheet)

    def _credentials(self) -> Any:
        try:
            return Credentials.from_service_account_info(  # type: ignore[no-untyped-call]
                dict(self.keyfile or {}), scopes=SCOPES
            )
        except (ValueError, GoogleAuthError) as error:
            raise SheetClosed("no_key") from error


class _Elsewhere(HTTPAdapter):
    """Sends what is meant for Google to another server."""

    def __init__(self, endpoint: str) -> None:
        super().__init__()
        self._endpoint = endpoint.rstrip("/")

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> Any:
        asked = urlsplit(str(request.url))
        query = f"?{asked.query}" if asked.query else ""
        request.url = f"{self._endpoint}{asked.path}{query}"
        return super().send(request, *args, **kwargs)


def read_access(extra: Mapping[str, Any]) -> SheetAccess:
    """Read the connection's extra; raises SheetClosed with what it lacks.

    spreadsheet: id or address; worksheet: name of the tab; keyfile_dict: the key, as JSON or as a
    string of it; language: en, ru or kk.
    """
    spreadsheet = str(extra.get("spreadsheet") or "").strip()
    found = _ADDRESS.search(spreadsheet)
    worksheet = str(extra.get("worksheet") or "").strip()
    endpoint = str(extra.get("endpoint") or "")
    keyfile = extra.get("keyfile_dict")
    if isinstance(keyfile, str) and keyfile.strip():
        try:
            keyfile = json.loads(keyfile)
        except ValueError:
            raise SheetClosed("no_key") from None
    lacking = [
        name
        for name, value in (
            ("spreadsheet", spreadsheet),
            ("worksheet", worksheet),
            ("keyfile_dict", keyfile or endpoint),
        )
        if not value
    ]
    if lacking:
        raise SheetClosed("lacking", names=", ".join(lacking))
    language = extra.get("language")
    return SheetAccess(
        spreadsheet=found[1] if found else spreadsheet,
        worksheet=worksheet,
        keyfile=keyfile if isinstance(keyfile, Mapping) else None,
        language=language if language in {"en", "ru", "kk"} else None,
        endpoint=endpoint,
    )
