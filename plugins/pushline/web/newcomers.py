"""Briefs that were made in a shell or by an import since somebody last read the sheet."""

import re

from fastapi import Request

from pushline.brief.sheet_refresh import refresh_rows
from pushline.brief.sheet_store import list_records
from pushline.web.asked import CODE
from pushline.web.context import reading, writing


def take_up_newcomer(request: Request) -> None:
    """Let the sheet take up the brief of this address, if it does not know it yet.

    A dependency of routes with {code}: a link that a colleague sent opens at once.
    """
    code = str(request.path_params.get("code", "")).upper()
    if not re.fullmatch(CODE, code):
        return
    with reading() as conn:
        is_known = bool(list_records(conn, codes=[code], with_removed=True))
    if not is_known:
        with writing(to_show=True) as conn:
            refresh_rows(conn)
