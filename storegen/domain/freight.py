"""What delivery costs by a freight template. Pure; money in the price basis."""

from __future__ import annotations

from collections.abc import Iterable

from storegen.values.pricing import LineView, ShippingCharge
from storegen.values.shipping import Destination, FreightTemplate, FreightZone, NotDelivered

MILLIGRAMS = 1000
"""Templates speak grams, lines milligrams."""


def freight(
    template: FreightTemplate,
    lines: Iterable[LineView],
    goods_amount: int,
    destination: Destination,
) -> ShippingCharge | NotDelivered:
    """The charge of ``template`` for these goods to this place, or why it does not go there.

    ``goods_amount``: what the goods cost, in minor units. The charge's ``reason`` is one of
    ``nothing-to-ship``, ``pickup``, ``free-over``, ``by-weight``, ``by-pieces``, ``by-amount``;
    its ``data`` holds the measure (grams, begun ones counted; pieces; minor units).
    """
    shipped = [line for line in lines if line.requires_shipping and line.quantity > 0]
    if not shipped:
        return _charge(template, 0, "nothing-to-ship")
    if template.pickup and not template.zones:
        return _charge(template, 0, "pickup")
    zone = zone_for(template, destination)
    if zone is None:
        return NotDelivered(method=template.code, reason="no-zone")
    if zone.refused:
        return NotDelivered(method=template.code, reason="refused")
    if zone.free_over is not None and goods_amount >= zone.free_over:
        return _charge(template, 0, "free-over", zone.free_over)
    match template.by:
        case "weight":
            weight = sum(line.weight * line.quantity for line in shipped)
            fee = _fee(zone, weight, MILLIGRAMS)
            return _charge(template, fee, "by-weight", -(-weight // MILLIGRAMS))
        case "pieces":
            pieces = sum(line.quantity for line in shipped)
            return _charge(template, _fee(zone, pieces, 1), "by-pieces", pieces)
        case "amount":
            return _charge(template, _fee(zone, goods_amount, 1), "by-amount", goods_amount)


def zone_for(template: FreightTemplate, destination: Destination) -> FreightZone | None:
    """The zone with the longest match: a division before its country before everywhere else."""
    best: FreightZone | None = None
    closest = -1
    for zone in template.zones:
        near = max((_nearness(place, destination) for place in zone.places), default=-1)
        if near > closest:
            best, closest = zone, near
    return best


def _nearness(place: str, destination: Destination) -> int:
    """-1 no match, 0 everywhere, 1 the country, above that the digits of the division."""
    if place == "*":
        return 0
    if not place.isdigit():
        return 1 if place.upper() == destination.country else -1
    # GB/T 2260 fills up with pairs of zeros: 440000 is all that begins with 44.
    while len(place) > 2 and place.endswith("00"):
        place = place[:-2]
    if destination.country == "CN" and destination.division.startswith(place):
        return 1 + len(place)
    return -1


def _fee(zone: FreightZone, measure: int, scale: int) -> int:
    """First fee, and one extra fee for each begun extra above the first."""
    above = measure - zone.first * scale
    if above <= 0 or zone.extra <= 0:
        return zone.first_fee
    return zone.first_fee + -(-above // (zone.extra * scale)) * zone.extra_fee


def _charge(
    template: FreightTemplate, amount: int, reason: str, measure: int | None = None
) -> ShippingCharge:
    return ShippingCharge(
        method=template.code,
        title=template.title,
        amount=amount,
        tax_bp=template.tax_bp,
        reason=reason,
        data={} if measure is None else {"measure": measure},
    )
