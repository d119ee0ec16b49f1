"""Before every route: only our own pages may change something, and pages load only us."""

from urllib.parse import urlparse

from airflow.sdk.configuration import conf
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# Tabulator and the calendar set styles by script (CSSOM), which this allows; style="" it does not.
POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'self'",
    )
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "x-frame-options": "SAMEORIGIN",
    "cross-origin-resource-policy": "same-origin",
}
_SAFE = {"GET", "HEAD", "OPTIONS"}


class Armour:
    """ASGI middleware: refuses changes that another site asks for, and sets the headers."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer 403."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_armoured(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers[name] = value
                headers.setdefault("cache-control", "no-store")
            await send(message)

        if scope["method"] not in _SAFE and not is_from_us(Headers(scope=scope)):
            answer = JSONResponse(
                {"detail": "Only pages of this site may change something: open the sheet again."},
                status_code=403,
            )
            await answer(scope, receive, send_armoured)
            return
        await self.app(scope, receive, send_armoured)


def is_from_us(headers: Headers) -> bool:
    """Tell whether a change was asked for by a page of this origin, or by a script with a token.

    Browsers say where a request comes from: Sec-Fetch-Site where the connection is trustworthy,
    Origin everywhere. A request with neither is no browser's: it must not live on a cookie.
    """
    site = headers.get("sec-fetch-site")
    if site:
        return site == "same-origin"
    origin = headers.get("origin")
    if origin:
        return urlparse(origin).netloc in _our_hosts(headers)
    return headers.get("authorization", "").startswith("Bearer ")


def _our_hosts(headers: Headers) -> set[str]:
    # A proxy may change Host; the address that Airflow was told is the browser's.
    configured = urlparse(conf.get("api", "base_url", fallback="")).netloc
    return {host for host in (headers.get("host", ""), configured) if host}
