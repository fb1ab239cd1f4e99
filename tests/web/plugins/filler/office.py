"""The test plugin in the back office."""

from __future__ import annotations

from storegen.sdk.web import (
    SHOP,
    Ask,
    Call,
    Column,
    Detail,
    Done,
    Fact,
    Listing,
    Query,
    Resource,
    Row,
    Verb,
)

done: list[str] = []


def rows(uow: object, query: Query) -> Listing:
    return Listing(rows=[Row(key="one", cells={"name": "One", "on": "on"})])


def detail(ask: Ask) -> Detail:
    return Detail(title="One", facts=(Fact(title="Hello", value="there"),))


def run(call: Call) -> Done:
    done.append(call.key)
    return Done(said="Claim")


RESOURCE = Resource(
    name="filler",
    title="Our front",
    permission="filler.view",
    group=SHOP,
    list=rows,
    detail=detail,
    columns=(Column(name="name", title="Hello", main=True), Column(name="on", title="State")),
    verbs=(Verb(name="fill", title="Claim", permission="filler.edit", run=run),),
)
