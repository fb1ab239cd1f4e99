"""`Routes`: one decorator per operation says what it takes, answers and refuses."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from functools import wraps
from types import MappingProxyType
from typing import Any, TypeVar

import flask_smorest
import marshmallow as ma
from flask import request
from werkzeug.exceptions import BadRequest

from storegen.domain import limits
from storegen.errors import NotFound
from storegen.web.api import bearer
from storegen.web.api.parsing import Parser
from storegen.web.context import current, network

View = TypeVar("View", bound=Callable[..., Any])


class Who(Enum):
    """Whom an operation is for; told before anything of the request is looked at."""

    PUBLIC = "everybody alike; the answer may be kept for all"
    ANYBODY = "with or without a session"
    VISITOR = "whoever has a session"
    CUSTOMER = "a signed-in customer"

    @property
    def security(self) -> list[dict[str, list[str]]]:
        """As OpenAPI writes it."""
        if self is Who.PUBLIC:
            return []
        return [{"bearer": []}, {}] if self is Who.ANYBODY else [{"bearer": []}]

    def check(self) -> None:
        """Raises `NotSignedIn`."""
        match self:
            case Who.PUBLIC:
                pass
            case Who.ANYBODY:
                bearer.session()
            case Who.VISITOR:
                bearer.visitor()
            case Who.CUSTOMER:
                bearer.customer()


def count_guess() -> None:
    """An order's token that opens nothing counts against the network, together with those tried on
    the pages. Raises `TooMany`."""
    context = current()
    context.refresh()
    limits.count(context.store, ("order-token-network", limits.network_of(network())))


class Routes(flask_smorest.Blueprint):  # type: ignore[misc]
    """A group of operations, documented as one tag."""

    ARGUMENTS_PARSER = Parser()
    id_prefix = ""
    """What the ids of its operations begin with: two plugins may both have a ``claim``."""
    documented: Mapping[str, Any] = MappingProxyType({})
    """Said of every operation in the document."""

    def operation(
        self,
        method: str,
        rule: str,
        *,
        answers: type[ma.Schema] | None,
        status: int = 200,
        also: Sequence[int] = (),
        body: type[ma.Schema] | None = None,
        body_required: bool = True,
        example: Mapping[str, Any] | None = None,
        query: type[ma.Schema] | None = None,
        headers: type[ma.Schema] | None = None,
        refuses: Sequence[int] = (),
        who: Who = Who.PUBLIC,
    ) -> Callable[[View], View]:
        """Register a view. It gets query, headers and body, in this order, before the path's ids.

        ``also``: further statuses with the same answer. ``refuses``: what it refuses with, beside
        what follows from its parts (a body can be too large, a token wrong, the database busy).
        """
        found = {503, *refuses}
        if body is not None:
            found |= {400, 413, 415, 422}
        if query is not None:
            found |= {422}
        if headers is not None:
            found |= {400}
        if "<" in rule or "<" in (self.url_prefix or ""):
            found |= {404}
        by_token = "<id:token>" in (self.url_prefix or "") + rule
        if by_token:
            found |= {429}
        if who is not Who.PUBLIC:
            found |= {401}

        def decorate(view: View) -> View:
            made: Any = view
            if body is not None:
                made = self.arguments(
                    body,
                    location="json",
                    required=body_required,
                    **({"example": dict(example)} if example else {}),
                )(made)
            if headers is not None:
                made = self.arguments(headers, location="headers")(made)
            if query is not None:
                made = self.arguments(query, location="query")(made)
            made = self.response(status, answers)(made)
            for each in also:
                made = self.alt_response(each, schema=answers, success=True)(made)
            for each in sorted(found):
                made = self.alt_response(each, REFUSALS[each])(made)
            made = self.doc(
                operationId=self.id_prefix + view.__name__,
                security=who.security,
                **self.documented,
            )(made)

            @wraps(made)
            def whole(*args: Any, **ids: Any) -> Any:
                who.check()
                if body is not None and body_required and not request.get_data():
                    raise BadRequest
                try:
                    return made(*args, **ids)
                except NotFound as error:
                    if by_token and error.kind == "order":
                        count_guess()
                    raise

            self.add_url_rule(rule, view.__name__, whole, methods=[method])
            return view

        return decorate


REFUSALS = {
    400: "BAD_REQUEST",
    401: "UNAUTHORIZED",
    403: "FORBIDDEN",
    404: "NOT_FOUND",
    409: "CONFLICT",
    413: "REQUEST_ENTITY_TOO_LARGE",
    415: "UNSUPPORTED_MEDIA_TYPE",
    422: "UNPROCESSABLE_ENTITY",
    429: "TOO_MANY_REQUESTS",
    502: "BAD_GATEWAY",
    503: "SERVICE_UNAVAILABLE",
}
