"""The pages that every resource has: its list, its export, one thing's page."""

from __future__ import annotations

from flask import Blueprint, Response, abort, current_app, request, stream_with_context
from werkzeug.wrappers import Response as Answer

from storegen.errors import NotFound
from storegen.web.admin import access, export, flash, running
from storegen.web.admin.registry import Ask, Detail, Query, Resource, Verb, registry
from storegen.web.admin.rendering import page
from storegen.web.context import current
from storegen.web.plugins.listed import plugins_of

FILTER = "f."


def install(blueprint: Blueprint) -> None:
    add = blueprint.add_url_rule
    add("/<name>", "list", show_list)
    add("/<name>/export.csv", "export", show_export)
    add("/<name>/new", "create", create, methods=("GET", "POST"))
    add("/<name>/bulk", "bulk_choose", choose_bulk)
    add("/<name>/bulk/<verb>", "bulk", bulk, methods=("GET", "POST"))
    add("/<name>/<key>", "detail", show_detail)
    add("/<name>/<key>/sheet/<sheet>", "sheet", show_sheet)
    add("/<name>/<key>/<verb>", "verb", do_verb, methods=("GET", "POST"))


def resource_of(name: str) -> Resource:
    found = registry(current_app._get_current_object()).find(name)  # type: ignore[attr-defined]
    if found is None or (found.plugin and found.plugin not in plugins_of(current().store)):
        raise NotFound("page")
    return found


def ask(key: str = "") -> Ask:
    context = current()
    return Ask(
        store=context.store,
        uow=context.db,
        actor=context.staff_actor,
        key=key,
        locale=context.locale,
    )


def query_of(resource: Resource) -> Query:
    """What the address asks a list for; unknown filters and values are left aside."""
    filters = {}
    for each in resource.filters:
        value = request.values.get(FILTER + each.name, "")
        known = each.kind == "date" or value in {code for code, _ in each.choices}
        if value and known:
            filters[each.name] = value[:64]
    return Query(
        search=request.values.get("q", "").replace("\0", "").strip()[:100]
        if resource.search
        else "",
        filters=filters,
        after=request.args.get("after", "")[:64],
    )


def show_list(name: str) -> Answer:
    resource = resource_of(name)
    actor = access.require(resource.permission)
    query = query_of(resource)
    listing = resource.list(current().db, query)
    kept = {"q": query.search, **{FILTER + k: v for k, v in query.filters.items()}}
    response = page(
        resource.list_template,
        resource=resource,
        listing=listing,
        wanted=query,
        kept=kept,
        bulk=[verb for verb in resource.bulk if actor.may(verb.permission)],
        may_create=resource.create is not None and actor.may(resource.create.permission),
        said=flash.take(),
    )
    return flash.forget(response)


def show_export(name: str) -> Answer:
    resource = resource_of(name)
    access.require(resource.permission)
    if not resource.export:
        abort(404)
    context = current()
    lines = export.lines(context.store, resource, query_of(resource))
    response = Response(stream_with_context(lines), mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="{resource.name}.csv"'
    return response


def show_detail(name: str, key: str) -> Answer:
    resource = resource_of(name)
    access.require(resource.permission)
    if resource.detail is None:
        abort(404)
    asked = ask(key)
    detail = resource.detail(asked)
    response = page(
        resource.template,
        resource=resource,
        key=key,
        detail=detail,
        verbs=[verb for verb in offered(resource, detail) if verb.place == "page"],
        forms=[
            running.drawn(verb, asked)
            for verb in offered(resource, detail)
            if verb.place == "inline"
        ],
        said=flash.take(),
        **detail.data,
    )
    return flash.forget(response)


def offered(resource: Resource, detail: Detail) -> list[Verb]:
    """The verbs that make sense for this thing now and that this staff member may use."""
    actor = current().staff_actor
    if detail.verbs is None:
        found = list(resource.verbs)
    else:
        found = [verb for name in detail.verbs if (verb := resource.verb(name)) is not None]
    return [verb for verb in found if actor.may(verb.permission)]


def show_sheet(name: str, key: str, sheet: str) -> Answer:
    resource = resource_of(name)
    access.require(resource.permission)
    found = next((each for each in resource.sheets if each.name == sheet), None)
    if found is None:
        raise NotFound("page")
    return page(found.template, resource=resource, key=key, sheet=found, **found.load(ask(key)))


def create(name: str) -> Answer:
    resource = resource_of(name)
    if resource.create is None:
        raise NotFound("page")
    return running.serve(resource, resource.create, ask(), ())


def do_verb(name: str, key: str, verb: str) -> Answer:
    resource = resource_of(name)
    found = resource.verb(verb)
    if found is None:
        raise NotFound("page")
    return running.serve(resource, found, ask(key), (key,))


def choose_bulk(name: str) -> Answer:
    """The list's form says which verb; without a script it cannot choose its own address."""
    verb = request.args.get("verb", "")
    if not verb:
        return flash.redirect_to(request.script_root + f"/admin/{name}")
    return bulk(name, verb)


def bulk(name: str, verb: str) -> Answer:
    resource = resource_of(name)
    found = resource.bulk_verb(verb)
    if found is None:
        raise NotFound("page")
    actor = access.require(found.permission)
    assert actor.staff_id is not None
    keys, more = _chosen(resource)
    return running.serve(resource, found, ask(), keys, hidden=more, bulk=True)


def _chosen(resource: Resource) -> tuple[tuple[str, ...], list[tuple[str, str]]]:
    """The rows that were ticked, or all that the filters find; and what says so in the form."""
    if request.values.get("scope") != "all":
        keys = tuple(dict.fromkeys(request.values.getlist("key")))[: running.MOST_KEYS]
        return keys, [("key", key) for key in keys]
    query = query_of(resource)
    said: list[tuple[str, str]] = [("scope", "all"), ("q", query.search)]
    said += [(FILTER + name, value) for name, value in query.filters.items()]
    found: list[str] = []
    after = ""
    while len(found) <= running.MOST_KEYS:
        listing = resource.list(
            current().db,
            Query(search=query.search, filters=query.filters, after=after, limit=500),
        )
        found += [row.key for row in listing.rows]
        after = listing.next
        if not after:
            break
    return tuple(found), said
