"""A back office with somebody signed in, over HTTP."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from typing import Any

from flask import Flask
from werkzeug.test import Client, TestResponse

from storegen.domain.people import staff, staff_sign_in
from storegen.store import Store
from storegen.values.actor import CLI
from storegen.web.app import create_app

HOST = "http://shop.test"
ORIGIN = {"Origin": HOST}


class Desk:
    """A browser at the back office. ``token`` is what its forms carry."""

    def __init__(
        self, store: Store, prefix: str = "/en", app: Callable[[], Flask] | None = None
    ) -> None:
        self.store = store
        self.prefix = prefix
        self._app = app or partial(_only, create_app(store))
        self._client = Client(self._app())
        self.token = ""

    @property
    def app(self) -> Flask:
        return self._app()

    @property
    def client(self) -> Client:
        """Keeps its cookies when the shop is started anew with another plugin."""
        self._client.application = self._app()
        return self._client

    def get(self, path: str, **more: Any) -> TestResponse:
        return self.client.get(f"{self.prefix}/admin{path}", base_url=HOST, **more)

    def post(
        self, path: str, data: dict[str, Any] | None = None, *, token: bool = True, **more: Any
    ) -> TestResponse:
        fields = {**({"csrf": self.token} if token else {}), **(data or {})}
        return self.client.post(
            f"{self.prefix}/admin{path}",
            base_url=HOST,
            data=fields,
            headers=more.pop("headers", ORIGIN),
            **more,
        )

    def enter(self, login: str) -> None:
        """Come in by a one-time link, as a new staff member does."""
        link = self.store.transact(lambda uow: staff_sign_in.make_admin_link(uow, CLI, login))
        answer = self.post(f"/enter/{link}", token=False)
        assert answer.status_code == 303, answer.get_data(as_text=True)
        found = re.search(r'name="csrf" value="([^"]+)"', self.get("/password").text)
        assert found is not None
        self.token = found[1]

    def done(self, path: str, data: dict[str, Any] | None = None) -> TestResponse:
        """POST that must have worked."""
        answer = self.post(path, data)
        assert answer.status_code == 303, (answer.status_code, words(answer))
        return answer

    def applied(self, path: str, data: dict[str, Any]) -> TestResponse:
        """POST, look at the preview, apply it."""
        shown = self.post(path, data)
        assert shown.status_code == 200, (shown.status_code, words(shown))
        seal = re.search(r'name="apply" value="([0-9a-f]+)"', shown.text)
        assert seal is not None, words(shown)
        return self.done(path, {**data, "apply": seal[1]})


def words(answer: TestResponse) -> str:
    """What a page says, without its tags."""
    main = answer.text.partition("<main")[2].partition("</main>")[0] or answer.text
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


def owner(store: Store, app: Callable[[], Flask]) -> Desk:
    """The owner at a desk in English."""
    store.transact(lambda uow: staff.create_staff(uow, CLI, "owner", permissions=("*",)))
    desk = Desk(store, "" if store.config.locale == "en" else "/en", app)
    desk.enter("owner")
    return desk


def _only(app: Flask) -> Flask:
    return app
