"""Every refusal that storegen makes on purpose.

A subclass carries data; the sentence a person reads is made where it is shown
(`storegen.web.problems`, `storegen.cli.messages`), in that person's language. ``code`` is stable:
it is the `type` of an API problem and the key of the translated sentence.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar


class StoreError(Exception):
    """Root of all refusals. ``status`` is what HTTP answers."""

    code: ClassVar[str] = "error"
    status: ClassVar[int] = 400

    def data(self) -> dict[str, Any]:
        """What a sentence about this refusal may name."""
        return {key: value for key, value in vars(self).items() if not key.startswith("_")}


# --- values ------------------------------------------------------------------


class UnknownCurrency(StoreError):
    code = "unknown-currency"

    def __init__(self, currency: str) -> None:
        super().__init__(currency)
        self.currency = currency


class InvalidAmount(StoreError):
    code = "invalid-amount"

    def __init__(self, text: str, currency: str) -> None:
        super().__init__(text, currency)
        self.text, self.currency = text, currency


class Invalid(StoreError):
    """A value from outside does not fit its field. ``problems`` maps field to reason codes."""

    code = "invalid"
    status = 422

    def __init__(self, problems: dict[str, Any]) -> None:
        super().__init__(problems)
        self.problems = problems


# --- the store ----------------------------------------------------------------


class SetupError(StoreError):
    """Something a person has to mend before a command can work.

    ``what`` says what is wrong, ``fix`` what to do: two short English
    sentences, since the command line and its logs speak English.
    """

    code = "setup"

    def __init__(self, what: str, fix: str) -> None:
        super().__init__(f"{what} {fix}")
        self.what, self.fix = what, fix


class NotAStore(SetupError):
    def __init__(self, root: Path) -> None:
        super().__init__(
            f"{root} is not a storegen shop: it has no store.toml.",
            "Make one with `storegen new DIR --catalog FILE`.",
        )


class BrokenConfig(SetupError):
    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path} cannot be read: {reason}.", "Correct it and try again.")


class UnreadableCatalog(SetupError):
    """A catalog file from which nothing at all can be read."""

    code = "unreadable-catalog"

    def __init__(self, path: Path, reason: str, fix: str) -> None:
        super().__init__(f"{path} cannot be read as a catalog: {reason}.", fix)
        self.path, self.reason = str(path), reason


class ArchiveRefused(SetupError):
    """A backup that is broken, or that was made to do harm. Nothing of it was kept."""

    code = "archive-refused"

    def __init__(self, archive: Path, reason: str) -> None:
        super().__init__(
            f"{archive} is not restored: {reason}.",
            "Use another backup, made by `storegen backup`; this one cannot be trusted.",
        )
        self.archive, self.reason = str(archive), reason


class PluginProblem(SetupError):
    """A plugin that is missing, incompatible or wrong stops the start."""


class PluginFault(StoreError):
    """A plugin has a defect, and going on without its answer could take or give wrong money.

    ``reason`` is for the log; it may name inner things.
    """

    code = "plugin-fault"
    status = 503

    def __init__(self, plugin: str, hook: str, reason: str) -> None:
        super().__init__(plugin, hook, reason)
        self.plugin, self.hook, self.reason = plugin, hook, reason

    def data(self) -> dict[str, Any]:
        return {"plugin": self.plugin}


class NoIssuer(StoreError):
    """No plugin of the store pays out rewards of this ``kind``."""

    code = "no-issuer"
    status = 409

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


# --- finding and permission ------------------------------------------------------


class NotFound(StoreError):
    """Nothing there, or not for this actor: the two look the same on purpose."""

    code = "not-found"
    status = 404

    def __init__(self, kind: str = "page") -> None:
        super().__init__(kind)
        self.kind = kind


class NotSignedIn(StoreError):
    code = "not-signed-in"
    status = 401


class NotAllowed(StoreError):
    code = "not-allowed"
    status = 403

    def __init__(self, permission: str = "") -> None:
        super().__init__(permission)
        self.permission = permission


class TooMany(StoreError):
    """A limit is used up; try again after ``retry_after`` seconds."""

    code = "too-many"
    status = 429

    def __init__(self, what: str, retry_after: int) -> None:
        super().__init__(what, retry_after)
        self.what, self.retry_after = what, retry_after


class WrongCredentials(StoreError):
    """Sign-in failed; never says which part was wrong."""

    code = "wrong-credentials"
    status = 401


class WrongCode(StoreError):
    """The one-time code is wrong, used, replaced, expired or tried too often; never says which."""

    code = "wrong-code"
    status = 422


# --- selling ----------------------------------------------------------------------


class OfferEnded(StoreError):
    """The price that the customer chose (a group buy, say) is not offered any more."""

    code = "offer-ended"
    status = 409

    def __init__(self, variant: str, title: str = "") -> None:
        super().__init__(variant, title)
        self.variant, self.title = variant, title


class SoldOut(StoreError):
    """Less is there than was asked. ``lines`` are (variant public id, title); never a count."""

    code = "sold-out"
    status = 409

    def __init__(self, lines: Sequence[tuple[str, str]]) -> None:
        super().__init__(lines)
        self.lines = list(lines)


class NotForSale(StoreError):
    code = "not-for-sale"
    status = 409

    def __init__(self, variant: str, title: str = "") -> None:
        super().__init__(variant, title)
        self.variant, self.title = variant, title


class EmptyCart(StoreError):
    code = "empty-cart"
    status = 409


class PriceChanged(StoreError):
    """The payable is not what the customer saw; nothing was charged. ``quote`` is the new one,
    ``gifts`` are the goods behind its gifts."""

    code = "price-changed"
    status = 409

    def __init__(self, seen: int, quote: Any, gifts: Sequence[Any] = ()) -> None:
        super().__init__(seen)
        self.seen, self.quote, self.gifts = seen, quote, gifts

    def data(self) -> dict[str, Any]:
        return {"seen": self.seen, "payable": self.quote.payable}


class NoDelivery(StoreError):
    """No shipping method reaches the address with these goods."""

    code = "no-delivery"
    status = 409

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class ShopClosed(StoreError):
    """The shop does not take orders now; ``reasons`` are the codes of what is missing."""

    code = "shop-closed"
    status = 409

    def __init__(self, reasons: Sequence[str]) -> None:
        super().__init__(reasons)
        self.reasons = list(reasons)


class Forbidden(StoreError):
    """The table of transitions has no such move from this state."""

    code = "forbidden-transition"
    status = 409

    def __init__(self, entity: str, state: str, transition: str) -> None:
        super().__init__(entity, state, transition)
        self.entity, self.state, self.transition = entity, state, transition


class Conflict(StoreError):
    """Somebody else changed it first, or two facts contradict each other."""

    code = "conflict"
    status = 409

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class MissingKey(StoreError):
    """A request that must not have two effects came without a usable idempotency key."""

    code = "missing-key"
    status = 400


class KeyReused(StoreError):
    """The same idempotency key came with another request."""

    code = "idempotency-key-reused"
    status = 409


class StillRunning(StoreError):
    """The first request with this idempotency key has not finished."""

    code = "still-running"
    status = 409


class RefundTooMuch(StoreError):
    code = "refund-too-much"
    status = 409

    def __init__(self, asked: int, left: int) -> None:
        super().__init__(asked, left)
        self.asked, self.left = asked, left


# --- payment providers -----------------------------------------------------------------


class NotificationRefused(StoreError):
    """A payment notification failed verification; ``reason`` goes to the log, not to the sender."""

    code = "notification-refused"
    status = 400

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class ProviderDown(StoreError):
    """The provider did not answer or answered nonsense: the outcome is unknown."""

    code = "provider-down"
    status = 502

    def __init__(self, provider: str, reason: str) -> None:
        super().__init__(provider, reason)
        self.provider, self.reason = provider, reason

    def data(self) -> dict[str, Any]:
        return {"provider": self.provider}  # the reason names inner addresses; it is for the log


class Busy(StoreError):
    """The database could not serve this in time; trying again soon will work."""

    code = "busy"
    status = 503

    def __init__(self, retry_after: int = 2) -> None:
        super().__init__(retry_after)
        self.retry_after = retry_after


# --- pictures ----------------------------------------------------------------------------


class Refused(StoreError):
    """A plugin says no. ``reason`` is the plugin's stable code, such as ``coupons:used``;
    ``message`` is a whole sentence in the customer's language, with what to do."""

    code = "refused"
    status = 409

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(reason)
        self.reason, self.message = reason, message


class ChannelDown(StoreError):
    """A message channel cannot deliver now; the message is tried again."""

    code = "channel-down"
    status = 503

    def __init__(self, channel: str, reason: str) -> None:
        super().__init__(channel, reason)
        self.channel, self.reason = channel, reason


class MessageRefused(StoreError):
    """A message can never be delivered: the address does not exist, say."""

    code = "message-refused"
    status = 422

    def __init__(self, channel: str, reason: str) -> None:
        super().__init__(channel, reason)
        self.channel, self.reason = channel, reason


class PictureRefused(StoreError):
    """These bytes are no picture that the shop takes in.

    ``reason``: not-a-picture, broken, too-many-bytes, too-many-pixels, shape, too-slow, crashed,
    missing (no such file), outside (a path that leaves the catalog's folder).
    """

    code = "picture-refused"
    status = 422

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class PictureUnreachable(StoreError):
    """A picture's address was refused or gave nothing usable.

    ``reason``: address (malformed, or not http or https), credentials, port, name (no such host),
    not-public (the host resolves to an address inside), redirects, status, timeout, network,
    too-many-bytes, not-a-picture, host-skipped (the host failed before), budget.
    """

    code = "picture-unreachable"
    status = 422

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(url, reason)
        self.url, self.reason = url, reason


class BadMediaKey(NotFound):
    """Not a key that storegen makes: to the outside it is simply not there."""

    def __init__(self, key: str) -> None:
        super().__init__("media")
        self.args = (key,)
        self.key = key
