"""A visitor without JavaScript: follows links, fills forms, keeps cookies."""

from __future__ import annotations

from urllib.parse import urljoin

import httpx

from storegen.testing.html import Attributes, Control, Form, Page

__all__ = ["Attributes", "Control", "Form", "Page", "Visitor"]


class Visitor:
    """One customer's browser, without scripts; ``base_url`` has no slash at the end."""

    def __init__(self, base_url: str) -> None:
        self.base_url = base_url
        self.client = httpx.Client(follow_redirects=True, timeout=30, trust_env=False)

    def __enter__(self) -> Visitor:
        return self

    def __exit__(self, *_: object) -> None:
        self.client.close()

    @property
    def cookie(self) -> str:
        """The Cookie header that this visitor now sends."""
        return "; ".join(f"{cookie.name}={cookie.value}" for cookie in self.client.cookies.jar)

    def get(self, address: str) -> Page:
        """Open an address of the shop (a path, or absolute)."""
        return self._page(self.client.get(urljoin(self.base_url + "/", address)))

    def submit(self, form: Form, **values: str) -> Page:
        """Send a form as a browser would: with its own values, overridden by ``values``."""
        data = form.submitted(**values)
        if form.method == "get":
            return self._page(self.client.get(form.action, params=data))
        headers = {"Origin": self.base_url, "Sec-Fetch-Site": "same-origin"}
        return self._page(self.client.post(form.action, data=data, headers=headers))

    @staticmethod
    def _page(answer: httpx.Response) -> Page:
        return Page(str(answer.url), answer.status_code, answer.headers, answer.content)
