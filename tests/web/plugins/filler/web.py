"""What the test plugin answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from storegen.sdk import Conflict, Refused, fields
from storegen.sdk import web as sdk

pages = sdk.Pages("filler", __name__)
api = sdk.Api("filler", __name__, description="Filling")
hooks = sdk.Hooks("filler", __name__)
words = sdk.Words("filler")


@pages.get("")
def front() -> sdk.Response:
    with sdk.current().store.read() as uow:
        uow.now.isoformat()
    return sdk.page("front.html", title=words.gettext("Our front"), tags=["filler"], thing="<b>")


@pages.get("/mine")
@sdk.signed_in
def mine() -> sdk.Response:
    return sdk.page("front.html", title="Mine", inside="account", thing="mine")


@pages.post("/claim")
def claim() -> sdk.Response:
    sdk.check_form()
    raise Refused("filler:used", words.gettext("You have this one already."))


@pages.get("/broken")
def broken() -> sdk.Response:
    raise RuntimeError("this page is broken")


class Given(sdk.Body):
    code = sdk.Text(most=20, least=1, required=True)


class Claimed(sdk.Answer):
    code = fields.String(required=True)
    times = fields.Integer(required=True)


times: list[str] = []


@api.operation("GET", "/things/<id:thing>", answers=Claimed)
def get_product(thing: str) -> Any:
    """A thing of the plugin; the core has an operation of the same name."""
    return {"code": thing, "times": 0}, 200, {"X-Storegen-Cache": "filler"}


@api.operation(
    "POST",
    "/claims",
    answers=Claimed,
    status=201,
    body=Given,
    example={"code": "AB"},
    headers=sdk.IdempotencyHeader,
    refuses=(409,),
    who=sdk.Who.VISITOR,
)
def claim_one(headers: Mapping[str, Any], body: Mapping[str, Any]) -> Any:
    """Claim one."""
    if body["code"] == "GONE":
        raise Refused("filler:gone", "All of these are gone.")

    def work(_uow: Any, answer: sdk.KeepAnswer) -> None:
        times.append(body["code"])
        answer({"code": body["code"], "times": len(times)})

    return sdk.once(sdk.api_visitor(), headers["key"], dict(body), work)


@hooks.post("/notify")
def notify() -> sdk.Response:
    raw = sdk.raw_request()
    if raw.headers.get("x-signature") != "good":
        raise Conflict("bad-signature")
    session = sdk.current().session
    return sdk.Response(raw.body + f"|{session is None}".encode(), mimetype="text/plain")
