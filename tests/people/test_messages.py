"""Messages: their words, the demo mailbox, and their way out by SMTP."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import select

from storegen.config import read_config
from storegen.domain import message_delivery, messages
from storegen.domain.message_texts import SECRET, TEXTS
from storegen.errors import BrokenConfig, NotFound
from storegen.models import Message
from storegen.store import Store
from storegen.uow import UnitOfWork
from tests.fixtures.stores import TestClock
from tests.people.conftest import EMAIL, PHONE, at_once

MAIL = """
[mail]
host = "127.0.0.1"
port = {port}
from = "shop@example.com"
tls = "none"
"""


class Mailroom:
    """An SMTP server on the loopback address; ``answer`` is what it says to a message."""

    def __init__(self) -> None:
        self.received: list[EmailMessage] = []
        self.answer = "250 OK"
        self.recipient_answer = "250 OK"

    async def handle_RCPT(
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        if self.recipient_answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.recipient_answer

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        if self.answer.startswith("250"):
            found = message_from_bytes(envelope.content, policy=policy.default)
            assert isinstance(found, EmailMessage)
            self.received.append(found)
        return self.answer


@pytest.fixture
def mailroom() -> Iterator[Mailroom]:
    handler = Mailroom()
    controller = Controller(handler, hostname="127.0.0.1", port=_free_port())
    controller.start()
    handler.port = controller.port  # type: ignore[attr-defined]
    yield handler
    controller.stop()


@pytest.fixture
def mailing(make_store: Callable[..., Store], backend: str, mailroom: Mailroom) -> Store:
    """A live shop that has a mail server."""
    return make_store(backend, mode="live", extra=MAIL.format(port=mailroom.port))  # type: ignore[attr-defined]


def send(store: Store, **changes: Any) -> int | None:
    given: dict[str, Any] = {
        "channel": "email",
        "recipient": EMAIL,
        "template": "sign_in_code",
        "locale": "en",
        "data": {"code": "123456", "minutes": 10},
        **changes,
    }
    return store.transact(lambda uow: messages.send(uow, **given))


def states(store: Store) -> list[str]:
    with store.read() as uow:
        return list(uow.db.execute(select(Message.state).order_by(Message.id)).scalars())


def test_every_text_is_there_in_chinese_and_english(store: Store) -> None:
    data = {"code": "123456", "minutes": 10}
    for template, texts in TEXTS.items():
        assert set(texts) >= {"zh", "en"}
        for locale, sign in (("zh-Hans", "验证码"), ("en-GB", "code"), ("fr", "验证码")):
            text = messages.render(store, template, locale, data)
            assert sign in text.subject + text.body
            assert "123456" in text.body
            assert "123456" not in text.subject
            assert "Test shop" in text.subject


def test_a_text_that_cannot_be_filled_fails_where_it_is_sent(store: Store) -> None:
    with pytest.raises(KeyError):
        send(store, data={})
    assert states(store) == []


@pytest.mark.parametrize(
    ("mode", "mail", "channels"),
    [("demo", "", {"sms", "email"}), ("live", "", set()), ("live", MAIL, {"email"})],
)
def test_channels(
    make_store: Callable[..., Store], mode: str, mail: str, channels: set[str]
) -> None:
    store = make_store(mode=mode, extra=mail.format(port=25))
    assert messages.channels_available(store) == channels
    assert (send(store, channel="sms", recipient=PHONE) is not None) == ("sms" in channels)


def test_demo_mailbox_shows_the_newest_first(store: Store) -> None:
    send(store)
    send(store, channel="sms", recipient=PHONE, locale="zh-Hans")
    with store.read() as uow:
        entries = messages.mailbox(uow)
    assert [(entry.channel, entry.recipient) for entry in entries] == [
        ("sms", PHONE),
        ("email", EMAIL),
    ]
    assert "123456" in entries[0].body


def test_live_shop_has_no_mailbox(mailing: Store) -> None:
    send(mailing)
    with mailing.read() as uow, pytest.raises(NotFound):
        messages.mailbox(uow)


def test_worker_is_woken_after_the_commit_only(store: Store) -> None:
    woken: list[str] = []
    store.wake = woken.append
    seen: list[list[str]] = []

    def work(uow: UnitOfWork) -> None:
        data = {"code": "123456", "minutes": 1}
        messages.send(
            uow, channel="email", recipient=EMAIL, template="sign_in_code", locale="", data=data
        )
        seen.append(list(woken))
        raise NotFound("thing")

    with pytest.raises(NotFound):
        store.transact(work)
    assert seen == [[]]
    assert woken == []
    send(store)
    assert woken == ["messages"]


def test_delivery_by_smtp_and_the_secret_is_forgotten(mailing: Store, mailroom: Mailroom) -> None:
    send(mailing, locale="zh-Hans")
    done = message_delivery.deliver_due(mailing)
    assert (done.sent, states(mailing)) == (1, ["sent"])
    [mail] = mailroom.received
    assert mail["To"] == EMAIL
    assert "shop@example.com" in mail["From"]
    assert "验证码" in mail["Subject"]
    assert "123456" in mail.get_content()
    with mailing.read() as uow:
        assert uow.db.execute(select(Message.data)).scalar_one() == {}
    assert message_delivery.deliver_due(mailing).sent == 0


def test_two_workers_send_it_once(mailing: Store, mailroom: Mailroom) -> None:
    for _ in range(5):
        send(mailing)
    at_once(4, lambda _: message_delivery.deliver_due(mailing))
    assert len(mailroom.received) == 5
    assert len({mail["Message-ID"] for mail in mailroom.received}) == 5


def test_out_of_date_is_not_sent_and_forgotten(
    mailing: Store, mailroom: Mailroom, clock: TestClock
) -> None:
    send(mailing, expires_at=clock.now().replace(hour=5))
    clock.move(hours=1)
    assert message_delivery.deliver_due(mailing).expired == 1
    assert (mailroom.received, states(mailing)) == ([], ["expired"])
    with mailing.read() as uow:
        assert uow.db.execute(select(Message.data)).scalar_one() == {}


def test_not_now_is_tried_again_later_each_time(
    mailing: Store, mailroom: Mailroom, clock: TestClock
) -> None:
    send(mailing)
    mailroom.answer = "451 try again"
    waits = []
    while states(mailing) == ["waiting"]:
        message_delivery.deliver_due(mailing)
        with mailing.read() as uow:
            next_at = uow.db.execute(select(Message.next_at)).scalar_one()
        if next_at is not None:
            waits.append((next_at - clock.now()).total_seconds())
            assert message_delivery.deliver_due(mailing).put_off == 0  # not before its time
            clock.move(seconds=waits[-1])
    assert waits == [15, 30, 60, 120, 240, 480, 960]
    assert states(mailing) == ["failed"]


@pytest.mark.parametrize("stage", ["recipient_answer", "answer"])
def test_never_is_taken_as_never_and_the_others_go(
    mailing: Store, mailroom: Mailroom, stage: str
) -> None:
    send(mailing)
    setattr(mailroom, stage, "550 no such mailbox")
    assert message_delivery.deliver_due(mailing).failed == 1
    setattr(mailroom, stage, "250 OK")
    send(mailing)
    assert message_delivery.deliver_due(mailing).sent == 1
    assert states(mailing) == ["failed", "sent"]


def test_a_mail_server_that_is_away_costs_no_message(
    make_store: Callable[..., Store], backend: str, clock: TestClock
) -> None:
    store = make_store(backend, mode="live", extra=MAIL.format(port=_free_port()))
    send(store)
    for _ in range(20):
        done = message_delivery.deliver_due(store)
        assert (done.put_off, done.failed) == (1, 0)
        clock.move(seconds=30)
    assert states(store) == ["waiting"]


def test_line_breaks_make_no_headers(mailing: Store, mailroom: Mailroom) -> None:
    mailing.config = replace(mailing.config, name="Evil\r\nBcc: all@example.com")
    send(mailing)
    message_delivery.deliver_due(mailing)
    [mail] = mailroom.received
    assert mail["Bcc"] is None


def test_neither_code_nor_recipient_is_logged(
    mailing: Store, mailroom: Mailroom, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    mailroom.answer = "451 not for lin@example.com 123456"
    send(mailing)
    message_delivery.deliver_due(mailing)
    ours = " ".join(r.getMessage() for r in caplog.records if r.name.startswith("storegen"))
    assert "was not taken" in ours
    assert EMAIL not in ours
    assert "123456" not in ours


def test_codes_are_among_the_secret_templates() -> None:
    assert {name for name, texts in TEXTS.items() if "{code}" in texts["en"][1]} <= SECRET


@pytest.mark.parametrize(
    "line", ['tls = "ssl"', "port = 0", 'host = ""', 'from = "nobody"', 'surprise = "x"']
)
def test_broken_mail_settings_are_named(make_store: Callable[..., Store], line: str) -> None:
    key = line.split()[0]
    kept = [row for row in MAIL.format(port=25).splitlines() if not row.startswith(key)]
    with pytest.raises(BrokenConfig) as refusal:
        make_store(extra="\n".join([*kept, line]))
    assert f"mail.{key}" in refusal.value.what


def test_mail_password_by_reference_and_never_shown(
    make_store: Callable[..., Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAIL_PASSWORD", "hush")
    store = make_store(extra='[mail]\nhost = "h"\nfrom = "a@example.com"\n'
                             'password = "$env:MAIL_PASSWORD"\n')  # fmt: skip
    mail = read_config(store.root).mail
    assert mail is not None
    assert (mail.password, mail.port, mail.tls) == ("hush", 587, "starttls")
    assert "hush" not in repr(mail)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
