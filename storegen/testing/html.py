"""Pages as a browser without JavaScript reads them: forms, links, what was sent."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import httpx

Attributes = dict[str, str]


@dataclass
class Control:
    """One control of a form with its attributes; ``choices`` are a select's option values."""

    tag: str
    attributes: Attributes
    value: str = ""
    choices: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.attributes.get("name", "")

    @property
    def kind(self) -> str:
        default = "submit" if self.tag == "button" else "text"
        return self.attributes.get("type", default) if self.tag != "select" else "select"

    @property
    def required(self) -> bool:
        return "required" in self.attributes


@dataclass
class Form:
    """A form as it came from the server."""

    action: str
    method: str
    controls: list[Control] = field(default_factory=list)

    @property
    def names(self) -> set[str]:
        return {control.name for control in self.controls if control.name}

    def submitted(self, **values: str) -> dict[str, str]:
        """What a browser would send: the controls' own values, then ``values``.

        Of radio buttons the checked one, else the first that may be chosen; the first submit
        button counts as pressed.
        """
        sent: dict[str, str] = {}
        pressed = False
        for control in self.controls:
            if not control.name or "disabled" in control.attributes:
                continue
            if control.kind == "radio":
                if "checked" in control.attributes or control.name not in sent:
                    sent[control.name] = control.value
            elif control.kind == "checkbox":
                if "checked" in control.attributes or control.required:
                    sent[control.name] = control.value or "on"
            elif control.kind == "submit":
                if not pressed:
                    sent[control.name] = control.value
                pressed = True
            elif control.kind not in {"button", "reset", "image", "file"}:
                sent[control.name] = control.value
        return {**sent, **values}


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.links: list[str] = []
        self.controls: list[Control] = []
        self.ids: dict[str, Form] = {}
        self._form: Form | None = None
        self._open: Control | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form = Form(attributes.get("action", ""), attributes.get("method", "get").lower())
            self.forms.append(self._form)
            if "id" in attributes:
                self.ids[attributes["id"]] = self._form
        elif tag == "a" and "href" in attributes:
            self.links.append(attributes["href"])
        elif tag in {"input", "select", "textarea", "button"}:
            self._open = Control(tag, attributes, attributes.get("value", ""))
            owner = self.ids.get(attributes.get("form", "")) or self._form
            if owner is not None:
                owner.controls.append(self._open)
        elif tag == "option" and self._open is not None and self._open.tag == "select":
            value = attributes.get("value", "")
            if "selected" in attributes or not self._open.choices:
                self._open.value = value
            self._open.choices.append(value)

    def handle_data(self, data: str) -> None:
        if self._open is not None and self._open.tag == "textarea":
            self._open.value += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif self._open is not None and tag == self._open.tag:
            self._open = None


@dataclass(frozen=True)
class Page:
    """An answer of the shop: where it came from after redirects, and what was sent."""

    url: str
    status: int
    headers: httpx.Headers
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode("utf-8")

    @property
    def path(self) -> str:
        parts = urlsplit(self.url)
        return parts.path + (f"?{parts.query}" if parts.query else "")

    def _read(self) -> _Reader:
        reader = _Reader()
        reader.feed(self.text)
        return reader

    def links(self) -> list[str]:
        """The absolute addresses that the page's links lead to."""
        return [urljoin(self.url, href) for href in self._read().links]

    def forms(self) -> list[Form]:
        """The page's forms, their actions made absolute."""
        found = self._read().forms
        for form in found:
            form.action = urljoin(self.url, form.action)
        return found

    def form(self, *, action: str = "", names: tuple[str, ...] = (), method: str = "post") -> Form:
        """The first form whose action contains ``action`` and that has all of ``names``."""
        for form in self.forms():
            if form.method == method and action in form.action and form.names >= set(names):
                return form
        raise LookupError(f"{self.url}: no {method} form to {action!r} with {names}")
