"""What stands in front of the app: proxy headers, access log, page cache, in this order."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from werkzeug.middleware.proxy_fix import ProxyFix

from storegen.publish.pagecache import PageCache
from storegen.publish.site import Site
from storegen.serving.accesslog import AccessLog, Record
from storegen.serving.logwriter import LogWriter

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

# One by one: looking through all names of the environment would cost more than the page cache.
_PROXY_HEADERS = tuple(
    "HTTP_" + name
    for name in (
        "FORWARDED", "X_FORWARDED_FOR", "X_FORWARDED_HOST", "X_FORWARDED_PORT",
        "X_FORWARDED_PREFIX", "X_FORWARDED_PROTO", "X_FORWARDED_SCHEME", "X_FORWARDED_SERVER",
        "X_FORWARDED_SSL", "X_HOST", "X_ORIGINAL_HOST", "X_ORIGINAL_URL", "X_REAL_IP",
        "X_REWRITE_URL",
    )
)  # fmt: skip


def build_wsgi(
    site: Site, *, log: LogWriter[Record] | None = None, cache: bool = True
) -> WSGIApplication:
    """The whole stack. ``log`` None writes no access log; ``cache`` False renders each page."""
    app: WSGIApplication = site.app
    if cache:
        app = PageCache(app, site.counters_for, site.rules)
    if log is not None:
        app = AccessLog(app, log)
    if site.proxies:
        n = site.proxies
        return ProxyFix(app, x_for=n, x_proto=n, x_host=n)
    return _Direct(app)


class _Direct:
    """No proxy is declared, so nobody may speak for one: nothing behind sees such a header."""

    def __init__(self, app: WSGIApplication) -> None:
        self._app = app

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        for name in _PROXY_HEADERS:
            if name in environ:
                del environ[name]
        return self._app(environ, start_response)
