"""A verb over HTTP: its form, its preview, its run, and what is said when it is refused."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import request
from marshmallow import Schema
from werkzeug.wrappers import Response

from storegen.errors import Conflict, NotAllowed, NotFound, StoreError
from storegen.web.admin import access, flash, forms, refusals
from storegen.web.admin.fields import form as make_form
from storegen.web.admin.registry import Ask, Call, Preview, Resource, Verb
from storegen.web.admin.rendering import page
from storegen.web.context import current, gettext

MOST_KEYS = 5000
"""Things that one bulk verb may change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A verb with its inputs, for a detail page that shows the form open."""

    verb: Verb
    inputs: tuple[forms.Input, ...]


def drawn(verb: Verb, asked: Ask) -> Drawn:
    schema = _schema(verb, asked)
    return Drawn(verb=verb, inputs=forms.draw(schema, _filled(verb, schema, asked), {}))


def serve(
    resource: Resource,
    verb: Verb,
    asked: Ask,
    keys: tuple[str, ...],
    *,
    hidden: Sequence[tuple[str, str]] = (),
    bulk: bool = False,
) -> Response:
    """GET shows the form (a verb without one: a page that asks), POST runs it."""
    access.require(verb.permission)
    shown = _Page(resource, verb, asked, keys, tuple(hidden), bulk)
    if bulk and not keys:
        return flash.redirect_to(
            access.address(resource.name), gettext("Please tick what this is for.")
        )
    schema = _schema(verb, asked)
    if request.method == "GET":
        return shown.form(schema, _filled(verb, schema, asked))
    if verb.upload:
        request.max_content_length = verb.upload
    access.check_token()
    raw = forms.read(schema, request.form, request.files)
    values, errors = forms.load(schema, raw)
    if errors:
        return shown.form(schema, raw, errors, 422)
    try:
        if len(keys) > MOST_KEYS:
            raise Conflict("too-many-things")
        if verb.preview is not None:
            preview = verb.preview(asked, keys, values)
            if request.form.get("apply") != _digest(preview):
                return shown.preview(preview, repeated="apply" in request.form)
        done = verb.run(
            Call(
                store=asked.store,
                actor=asked.actor,
                keys=keys,
                values=values,
                locale=asked.locale,
            )
        )
    except (NotAllowed, NotFound):
        raise
    except StoreError as error:
        current().refresh()
        fields, top = refusals.explain(error, schema)
        asked = Ask(
            store=asked.store,
            uow=current().db,
            actor=asked.actor,
            key=asked.key,
            locale=asked.locale,
        )
        shown = _Page(resource, verb, asked, keys, tuple(hidden), bulk)
        return shown.form(schema, raw, fields, error.status, top)
    said = gettext(done.said, **done.values) if done.said else gettext("Saved.")
    return flash.redirect_to(_after(resource, keys, done.to, done.key, bulk), said)


def _after(resource: Resource, keys: Sequence[str], to: str, key: str, bulk: bool) -> str:
    if to:
        return access.address(to)
    key = key or (keys[0] if keys and not bulk else "")
    if key and resource.detail is not None:
        return access.address(f"{resource.name}/{key}")
    return access.address(resource.name)


@dataclass(frozen=True, slots=True)
class _Page:
    resource: Resource
    verb: Verb
    asked: Ask
    keys: tuple[str, ...]
    hidden: tuple[tuple[str, str], ...]
    bulk: bool

    def form(
        self,
        schema: Schema,
        raw: Mapping[str, Any],
        errors: Mapping[str, Any] | None = None,
        status: int = 200,
        top: str = "",
    ) -> Response:
        return self._page(
            "admin/form.html",
            status,
            inputs=forms.draw(schema, raw, errors or {}),
            hidden=self.hidden,
            top=top or (gettext("Please check the marked fields.") if errors else ""),
        )

    def preview(self, preview: Preview, *, repeated: bool) -> Response:
        sent = [
            (name, value)
            for name, values in request.form.lists()
            for value in values
            if name not in ("csrf", "apply")
        ]
        return self._page(
            "admin/preview.html",
            200,
            preview=preview,
            hidden=[*sent, ("apply", _digest(preview))],
            top=gettext("Something has changed meanwhile. Please look again.") if repeated else "",
        )

    def _page(self, template: str, status: int, **values: Any) -> Response:
        return page(
            template,
            status,
            resource=self.resource,
            verb=self.verb,
            key=self.asked.key,
            keys=self.keys,
            bulk=self.bulk,
            back=self._back(),
            **values,
        )

    def _back(self) -> str:
        if self.asked.key and self.resource.detail is not None:
            return access.address(f"{self.resource.name}/{self.asked.key}")
        return access.address(self.resource.name)


def _schema(verb: Verb, asked: Ask) -> Schema:
    return verb.schema(asked) if verb.schema is not None else make_form()


def _filled(verb: Verb, schema: Schema, asked: Ask) -> Mapping[str, Any]:
    return forms.shown(schema, verb.initial(asked)) if verb.initial is not None else {}


def _digest(preview: Preview) -> str:
    """What staff saw: what is applied must be the same."""
    text = repr((preview.rows, preview.note, sorted(preview.values.items())))
    return hashlib.sha256(text.encode()).hexdigest()[:32]
