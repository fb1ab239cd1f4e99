"""Messages to customers, as channels see them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class OutgoingMessage:
    """One message, in the customer's language. ``to`` is an e-mail address or an E.164 number.

    ``key`` is the same each time the message is tried, so that a channel that can tell repeats
    apart sends it once. ``template`` and ``values`` are for channels that only take registered
    templates (Chinese SMS); ``text`` is the whole sentence for all others.
    """

    key: str
    to: str
    subject: str
    text: str
    template: str
    values: tuple[tuple[str, str], ...] = ()


class MessageChannel(Protocol):
    """Brings messages of one ``kind`` (``sms``, ``email``) to customers."""

    kind: str
    code: str
    """Stable, lower case, unique over all plugins."""

    def send(self, message: OutgoingMessage) -> None:
        """Hand the message over, within ten seconds. Raise `ChannelDown` to have it tried again,
        `MessageRefused` if it can never be delivered."""
