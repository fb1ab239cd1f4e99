"""Pages for signed-in customers only; everybody else is led to the way in and back."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec
from urllib.parse import urlencode

from flask import request
from flask.wrappers import Response

from storegen.web import guards
from storegen.web.context import current
from storegen.web.storefront.personal import go

P = ParamSpec("P")


def signed_in(view: Callable[P, Response]) -> Callable[P, Response]:
    """The view runs for a customer; a form of theirs carries its session's token."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> Response:
        context = current()
        if context.actor.customer_id is None:
            back = f"{context.urls.prefix}{request.full_path.rstrip('?')}"
            where = back if request.method == "GET" else context.urls.account()
            return go(f"{context.urls.account('sign-in')}?{urlencode({'next': where})}")
        if request.method not in guards.SAFE:
            guards.check_token()
        return view(*args, **kwargs)

    return guarded
