"""The back office: campaigns with what they came to, what was issued, and codes."""

from __future__ import annotations

from typing import Any

from storegen_plugins.coupons import campaigns, codes, ending, giving
from storegen_plugins.coupons.admin_form import campaign_form, initial, terms_from
from storegen_plugins.coupons.admin_reading import (
    CAMPAIGN_STATES,
    COUPON_STATES,
    batch_detail,
    batches,
    campaign_detail,
    campaign_rows,
    coupon_detail,
    coupon_rows,
)
from storegen_plugins.coupons.campaigns import EDIT, VIEW
from storegen_plugins.coupons.codes import EXPORT

from storegen.sdk import Invalid, Schema
from storegen.sdk import web as sdk
from storegen.sdk.lookups import internal_ids

_MOST_CUSTOMERS = 500


def _create(call: sdk.Call) -> sdk.Done:
    terms = terms_from(call.values)
    key = call.store.transact(
        lambda uow: campaigns.create(uow, call.actor, call.values["name"], terms)
    )
    return sdk.Done(said="The campaign is a draft. Start it when it is right.", key=key)


def _save(call: sdk.Call) -> sdk.Done:
    terms = terms_from(call.values)
    call.store.transact(
        lambda uow: campaigns.edit(uow, call.actor, call.key, call.values["name"], terms)
    )
    return sdk.Done(said="Saved. Coupons that are out keep their rules.", key=call.key)


def _moving(state: campaigns.State, said: str) -> Any:
    def run(call: sdk.Call) -> sdk.Done:
        call.store.transact(lambda uow: campaigns.move(uow, call.actor, call.key, state))
        return sdk.Done(said=said, key=call.key)

    return run


def _shared_form(ask: sdk.Ask) -> Schema:
    return sdk.inputs.form(
        code=sdk.inputs.text(
            "Code", 40, required=True, help="Letters and digits, such as WELCOME10."
        )
    )


def _add_shared(call: sdk.Call) -> sdk.Done:
    call.store.transact(
        lambda uow: codes.add_shared(uow, call.actor, call.key, call.values["code"])
    )
    return sdk.Done(said="The code works now.", key=call.key)


def _bulk_form(ask: sdk.Ask) -> Schema:
    return sdk.inputs.form(count=sdk.inputs.number("How many", 1, codes.MOST))


def _order_codes(call: sdk.Call) -> sdk.Done:
    call.store.transact(
        lambda uow: codes.order_codes(uow, call.actor, call.key, call.values["count"])
    )
    return sdk.Done(said="The codes are being made. They appear under Code batches.", key=call.key)


def _give_form(ask: sdk.Ask) -> Schema:
    return sdk.inputs.form(
        customers=sdk.inputs.words(
            "Customers", help="Their ids, as their pages in the back office show them."
        ),
        reason=sdk.inputs.text("Reason", 200, required=True),
    )


def _give(call: sdk.Call) -> sdk.Done:
    wanted = call.values["customers"]
    if not 1 <= len(wanted) <= _MOST_CUSTOMERS:
        raise Invalid({"customers": "required" if not wanted else "too-many"})

    def work(uow: Any) -> int:
        found = internal_ids(uow, "customer", wanted)
        if len(found) < len(wanted):
            raise Invalid({"customers": "unknown"})
        return giving.give(uow, call.actor, call.key, found.values(), call.values["reason"])

    given = call.store.transact(work)
    return sdk.Done(said="%(count)s coupons were given.", values={"count": given}, key=call.key)


def _reason_form(ask: sdk.Ask) -> Schema:
    return sdk.inputs.form(reason=sdk.inputs.text("Reason", 200, required=True))


def _revoke_all(call: sdk.Call) -> sdk.Done:
    coupons, free = call.store.transact(
        lambda uow: ending.revoke_all(uow, call.actor, call.key, call.values["reason"])
    )
    return sdk.Done(
        said="%(coupons)s coupons and %(codes)s codes were taken back.",
        values={"coupons": coupons, "codes": free},
        key=call.key,
    )


def _download(call: sdk.Call) -> sdk.Done:
    """To the file, which no page of the registry can be."""
    return sdk.Done(to=f"../coupons/codes/{call.key}.csv")


def _revoke(call: sdk.Call) -> sdk.Done:
    call.store.transact(lambda uow: ending.revoke(uow, call.actor, call.key, call.values["reason"]))
    return sdk.Done(said="The coupon was taken back.", key=call.key)


CAMPAIGNS = sdk.Resource(
    name="coupons",
    title="Coupon campaigns",
    permission=VIEW,
    group=sdk.SALES,
    list=campaign_rows,
    detail=campaign_detail,
    search="Name of the campaign",
    filters=(sdk.Filter(name="state", title="State", choices=CAMPAIGN_STATES),),
    export=True,
    empty="There is no campaign yet. The first one takes two minutes.",
    columns=(
        sdk.Column(name="name", title="Campaign", main=True),
        sdk.Column(name="state", title="State"),
        sdk.Column(name="channel", title="Given"),
        sdk.Column(name="worth", title="What it takes off"),
        sdk.Column(name="issued", title="Issued", kind="number"),
        sdk.Column(name="claimed", title="Claimed", kind="number"),
        sdk.Column(name="used", title="Used", kind="number"),
        sdk.Column(name="revenue", title="Revenue", kind="money"),
        sdk.Column(name="cost", title="Taken off", kind="money"),
    ),
    create=sdk.Verb(
        name="new",
        title="New campaign",
        permission=EDIT,
        schema=campaign_form,
        initial=initial,
        run=_create,
    ),
    verbs=(
        sdk.Verb(
            name="start",
            title="Start",
            permission=EDIT,
            run=_moving("live", "The campaign is live."),
        ),
        sdk.Verb(
            name="pause",
            title="Pause",
            permission=EDIT,
            run=_moving("paused", "Nobody gets this coupon now. Those that are out go on."),
        ),
        sdk.Verb(
            name="code",
            title="One code for all",
            permission=EDIT,
            schema=_shared_form,
            run=_add_shared,
        ),
        sdk.Verb(
            name="codes",
            title="Codes of one use each",
            permission=EDIT,
            schema=_bulk_form,
            run=_order_codes,
        ),
        sdk.Verb(name="give", title="Give", permission=EDIT, schema=_give_form, run=_give),
        sdk.Verb(
            name="revoke",
            title="Take back what is unused",
            permission=EDIT,
            schema=_reason_form,
            run=_revoke_all,
            danger=True,
        ),
        sdk.Verb(
            name="close",
            title="Close",
            permission=EDIT,
            run=_moving("closed", "The campaign is closed."),
            confirm="A closed campaign does not open again. Coupons that are out go on.",
            danger=True,
        ),
        sdk.Verb(
            name="save",
            title="Save",
            permission=EDIT,
            schema=campaign_form,
            initial=initial,
            run=_save,
            place="inline",
        ),
    ),
)

ISSUED = sdk.Resource(
    name="coupons-issued",
    title="Issued coupons",
    permission=VIEW,
    group=sdk.SALES,
    list=coupon_rows,
    detail=coupon_detail,
    search="Id of a coupon or a customer",
    filters=(sdk.Filter(name="state", title="State", choices=COUPON_STATES),),
    export=True,
    empty="No coupon has been issued yet.",
    columns=(
        sdk.Column(name="id", title="Coupon", kind="code", main=True),
        sdk.Column(name="campaign", title="Campaign"),
        sdk.Column(name="state", title="State"),
        sdk.Column(name="source", title="Given"),
        sdk.Column(name="issued_at", title="Issued on", kind="moment"),
        sdk.Column(name="ends_at", title="Good until", kind="moment"),
    ),
    verbs=(
        sdk.Verb(
            name="revoke",
            title="Take back",
            permission=EDIT,
            schema=_reason_form,
            run=_revoke,
            danger=True,
        ),
    ),
)

BATCHES = sdk.Resource(
    name="coupons-batches",
    title="Code batches",
    permission=EXPORT,
    group=sdk.SALES,
    list=batches,
    detail=batch_detail,
    empty="Codes are ordered on the page of a campaign by code.",
    columns=(
        sdk.Column(name="id", title="Batch", kind="code", main=True),
        sdk.Column(name="campaign", title="Campaign"),
        sdk.Column(name="wanted", title="Codes wanted", kind="number"),
        sdk.Column(name="made", title="Made", kind="number"),
        sdk.Column(name="created_at", title="Ordered on", kind="moment"),
    ),
    verbs=(
        sdk.Verb(
            name="download",
            title="Download the codes",
            permission=EXPORT,
            run=_download,
            help="Who took them, and when, is written down.",
        ),
    ),
)
