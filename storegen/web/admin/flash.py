"""One sentence that is shown on the next page, once: carried by a cookie, forgotten when shown."""

from __future__ import annotations

import base64
import binascii
from typing import TypeVar

from flask import redirect, request
from werkzeug.wrappers import Response

COOKIE = "sg_said"
_R = TypeVar("_R", bound=Response)


def redirect_to(address: str, said: str = "") -> Response:
    response = redirect(address, 303)
    if said:
        packed = base64.urlsafe_b64encode(said[:500].encode()).decode()
        response.set_cookie(
            COOKIE,
            packed,
            max_age=60,
            httponly=True,
            samesite="Lax",
            secure=request.is_secure,
        )
    return response


def take() -> str:
    """What is to be said; shown escaped, as any text."""
    try:
        return base64.urlsafe_b64decode(request.cookies.get(COOKIE, "")).decode()
    except (binascii.Error, ValueError):
        return ""


def forget(response: _R) -> _R:
    if COOKIE in request.cookies:
        response.delete_cookie(COOKIE, httponly=True, samesite="Lax", secure=request.is_secure)
    return response
