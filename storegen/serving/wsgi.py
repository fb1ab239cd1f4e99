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

_MARKS = ("HTTP_X_FORWARDED_", "HTTP_FORWARDED", "HTTP_X_ORIGINAL_URL", "HTTP_X_REWRITE_URL")


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
        for name in [name for name in environ if name.startswith(_MARKS)]:
            del environ[name]
        return self._app(environ, start_response)
