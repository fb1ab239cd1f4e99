"""The WSGI application."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from storegen_plugins.pay_sandbox.gateway.api import Api
from storegen_plugins.pay_sandbox.gateway.gateway import Gateway
from storegen_plugins.pay_sandbox.gateway.pages import Pages
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Request, Response

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

MAX_BODY = 64 * 1024


def create_app(gateway: Gateway) -> WSGIApplication:
    """API and pay page over one gateway. `Notifier` does the rest and is started by the server."""
    api, pages = Api(gateway), Pages(gateway)

    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        request = Request(environ)
        request.max_content_length = MAX_BODY
        request.max_form_memory_size = MAX_BODY
        try:
            if request.path.startswith("/v1/") or request.path == "/_control":
                response = api.answer(request)
            else:
                response = pages.answer(request)
        except HTTPException as error:
            response = Response(f"{error.code} {error.name}\n", error.code, mimetype="text/plain")
        return response(environ, start_response)

    return app
