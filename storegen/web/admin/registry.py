"""What the back office is made of: resources, which plugins register as the core does.

A `Resource` says what staff may see and do with one kind of thing; lists, forms, buttons, exports
and permission checks are drawn from it (`storegen.web.admin.views`). Titles are English message
ids. A registry hangs from the app: ``registry(app).add(Resource(...))`` before the first request.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from flask import Flask
from marshmallow import Schema

from storegen.store import Store
from storegen.uow import UnitOfWork
from storegen.values.actor import Actor

EXTENSION = "storegen.admin"
PAGE = 50
"""Rows of a list."""

Kind = Literal[
    "text",
    "note",
    "money",
    "number",
    "state",
    "moment",
    "picture",
    "tags",
    "flag",
    "code",
    "phone",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """``main``: the cell that names the row and links to its page. Cells hold what ``kind`` shows:
    minor units for money, an aware time for moment, a media address for picture, a state's code
    (see `labels`) for state; a note is a sentence about the row, which says itself what it is."""

    name: str
    title: str
    kind: Kind = "text"
    main: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """A choice (code, title) or a date; its value arrives in `Query.filters`."""

    name: str
    title: str
    kind: Literal["choice", "date"] = "choice"
    choices: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What a list is asked for. ``after`` is what `Listing.next` said; ``""`` is the beginning."""

    search: str = ""
    filters: Mapping[str, str] = field(default_factory=dict)
    after: str = ""
    limit: int = PAGE


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """``key`` is in the address of the row's page; ``marks`` are codes shown beside its name."""

    key: str
    cells: Mapping[str, Any]
    marks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    rows: Sequence[Row]
    next: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A line of a detail page: a title and a value as `Column.kind` has it."""

    title: str
    value: Any
    kind: Kind = "text"


@dataclass(frozen=True, slots=True, kw_only=True)
class Detail:
    """One thing's page. ``verbs``: names of the verbs that make sense now, in their order; None:
    all. ``data`` is for the resource's own template."""

    title: str
    facts: Sequence[Fact] = ()
    verbs: Sequence[str] | None = None
    marks: tuple[str, ...] = ()
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """What a form or verb knows: the store, who asks, and the key (``""`` for new things)."""

    store: Store
    uow: UnitOfWork
    actor: Actor
    key: str = ""
    locale: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A verb that was asked for, with the values that its schema loaded. `transact` runs a domain
    verb in one write unit; work that must not hold a transaction (a picture, a password) is done
    before it."""

    store: Store
    actor: Actor
    keys: tuple[str, ...]
    values: Mapping[str, Any]
    locale: str = ""

    @property
    def key(self) -> str:
        return self.keys[0] if self.keys else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """``said`` (a message id, with values for it) is shown once; ``key``: go to that row's page;
    ``to``: or to this address below the back office."""

    said: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    key: str = ""
    to: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a verb would do, before it does it: a table of texts, ready to be shown."""

    columns: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]
    note: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verb:
    """Something staff can do. Without ``schema`` it is one button; with one, a form drawn from it.

    ``initial`` fills the form; ``preview`` is shown before the verb runs; ``confirm`` (a message
    id) is asked before a button that cannot be undone; ``upload``: most bytes of its body;
    ``place``: where its form stands (a page of its own, or open on the detail page).
    """

    name: str
    title: str
    permission: str
    run: Callable[[Call], Done]
    schema: Callable[[Ask], Schema] | None = None
    initial: Callable[[Ask], Mapping[str, Any]] | None = None
    preview: Callable[[Ask, Sequence[str], Mapping[str, Any]], Preview] | None = None
    confirm: str = ""
    help: str = ""
    danger: bool = False
    upload: int = 0
    place: Literal["page", "inline", "hidden"] = "page"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A further page of one thing, such as a packing slip: a template and what it is given."""

    name: str
    title: str
    template: str
    load: Callable[[Ask], Mapping[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """One kind of thing. ``name`` is its place in addresses; ``permission`` is asked for to see
    it, each verb for its own. ``list`` is one query or few, whatever the number of rows."""

    name: str
    title: str
    permission: str
    list: Callable[[UnitOfWork, Query], Listing]
    columns: tuple[Column, ...]
    group: str = ""
    icon: str = ""
    search: str = ""
    filters: tuple[Filter, ...] = ()
    detail: Callable[[Ask], Detail] | None = None
    template: str = "admin/detail.html"
    list_template: str = "admin/list.html"
    create: Verb | None = None
    verbs: tuple[Verb, ...] = ()
    bulk: tuple[Verb, ...] = ()
    sheets: tuple[Sheet, ...] = ()
    export: bool = False
    empty: str = "There is nothing here yet."
    intro: str = ""
    plugin: str = ""
    """Whose it is, set when it is mounted: it is there in stores that list this plugin."""

    def verb(self, name: str) -> Verb | None:
        return next((verb for verb in self.verbs if verb.name == name), None)

    def bulk_verb(self, name: str) -> Verb | None:
        return next((verb for verb in self.bulk if verb.name == name), None)

    def permissions(self) -> Iterator[str]:
        yield self.permission
        for verb in (*self.verbs, *self.bulk, *((self.create,) if self.create else ())):
            yield verb.permission


class Registry:
    """The resources of one app, in the order in which they were added."""

    def __init__(self) -> None:
        self._resources: dict[str, Resource] = {}

    def add(self, *resources: Resource) -> None:
        """Raises `ValueError` for a name that is taken: two resources cannot share an address."""
        for resource in resources:
            if resource.name in self._resources:
                raise ValueError(f"there is a resource '{resource.name}' already")
            self._resources[resource.name] = resource

    def find(self, name: str) -> Resource | None:
        return self._resources.get(name)

    def for_actor(self, actor: Actor, plugins: Container[str] | None = None) -> list[Resource]:
        """What this staff member sees in the menu of a store with these plugins; None: of all."""
        return [
            each
            for each in self._resources.values()
            if actor.may(each.permission)
            and (plugins is None or not each.plugin or each.plugin in plugins)
        ]

    def permissions(self) -> list[str]:
        """Every permission that some resource of the core asks for, in the order of the menu."""
        found: Iterable[str] = (
            name
            for each in self._resources.values()
            if not each.plugin
            for name in each.permissions()
        )
        return list(dict.fromkeys(found))


def registry(app: Flask) -> Registry:
    """The app's registry."""
    found: Registry = app.extensions.setdefault(EXTENSION, Registry())
    return found
