"""Google Merchant feeds in XML (RSS 2.0 and Atom) as rows, item by item."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from xml.sax import SAXParseException
from xml.sax.handler import ContentHandler, feature_namespaces
from xml.sax.xmlreader import AttributesNSImpl, Locator

import defusedxml.sax
from defusedxml.common import DefusedXmlException

from storegen.errors import UnreadableCatalog
from storegen.generate.catalog.detect import GIVE_ANOTHER
from storegen.generate.catalog.tables import Row
from storegen.values.catalog import RowProblem

GOOGLE = "http://base.google.com/ns/1.0"
STOREGEN = "urn:storegen:catalog"
ATOM = "http://www.w3.org/2005/Atom"
_ROOTS = {"rss", "feed", "rdf", "channel"}
_CHUNK = 1 << 16
_BROKEN = "the feed breaks off here: it is not well-formed XML"


class FeedRows:
    """The items of a feed. A row's number is the line its element begins in; its cells are
    name, value, name, value ..., Google's names before those of RSS and Atom."""

    dear = True

    def __init__(self, path: Path, encoding: str) -> None:
        self._path, self._encoding = path, encoding
        self.header: list[str] = []

    def rows(self) -> Iterator[Row | RowProblem]:
        items = _Items()
        parser = defusedxml.sax.make_parser()
        parser.forbid_dtd = True
        parser.setFeature(feature_namespaces, True)
        parser.setContentHandler(items)
        # `feed` does not hand over a locator; the parser is one.
        items.setDocumentLocator(parser)
        found = False
        try:
            # Text, not bytes: what the XML declaration says about encodings is settled already.
            with self._path.open(encoding=self._encoding, newline="") as file:
                while chunk := file.read(_CHUNK):
                    parser.feed(chunk)
                    self._check_root(items)
                    found = found or bool(items.ready)
                    yield from items.take()
                parser.close()
        except DefusedXmlException:
            raise UnreadableCatalog(
                self._path, "it declares a document type, which no feed needs", GIVE_ANOTHER
            ) from None
        except SAXParseException as error:
            self._check_root(items)
            rest = items.take()
            if not (found or rest):
                raise UnreadableCatalog(
                    self._path,
                    f"it is not well-formed XML (line {error.getLineNumber()})",
                    GIVE_ANOTHER,
                ) from None
            yield from rest
            yield RowProblem(
                file=self._path.name, row=error.getLineNumber() or 1, column="", reason=_BROKEN
            )

    def _check_root(self, items: _Items) -> None:
        if items.root and items.root.lower() not in _ROOTS:
            reason = (
                "it is a web page"
                if items.root.lower() == "html"
                else f"it is XML with the root <{items.root[:40]}>, not a Google Merchant feed"
            )
            raise UnreadableCatalog(self._path, reason, GIVE_ANOTHER)


class _Items(ContentHandler):
    """Collects the elements of one item at a time."""

    def __init__(self) -> None:
        super().__init__()
        self.root = ""
        self.ready: list[Row] = []
        self._locator_now: Locator | None = None
        self._line = 1
        self._depth = 0
        self._item_depth = 0
        self._text: list[str] = []
        self._google: list[tuple[str, str]] = []
        self._plain: list[tuple[str, str]] = []
        self._nested: list[tuple[str, str]] = []

    def take(self) -> list[Row]:
        ready, self.ready = self.ready, []
        return ready

    def setDocumentLocator(self, locator: Locator) -> None:
        self._locator_now = locator

    def startElementNS(
        self, name: tuple[str | None, str], qname: str | None, attrs: AttributesNSImpl
    ) -> None:
        self._depth += 1
        self.root = self.root or name[1]
        self._text.clear()
        if not self._item_depth:
            if name[1] in {"item", "entry"} and name[0] != GOOGLE:
                self._item_depth = self._depth
                self._line = (self._locator_now and self._locator_now.getLineNumber()) or 1
            return
        if self._depth == self._item_depth + 1:
            self._nested.clear()
            if name == (ATOM, "link") and (None, "href") in attrs:
                self._plain.append(("link", attrs[(None, "href")]))

    def characters(self, content: str) -> None:
        if self._item_depth:
            self._text.append(content)

    def endElementNS(self, name: tuple[str | None, str], qname: str | None) -> None:
        inside = self._depth - self._item_depth if self._item_depth else -1
        self._depth -= 1
        text = "".join(self._text)
        self._text.clear()
        if inside == 0:
            self._finish()
        elif inside == 1:
            if self._nested:
                text = json.dumps(dict(self._nested), ensure_ascii=False)
                self._nested.clear()
            if name[0] == GOOGLE:
                self._google.append((name[1], text))
            elif name[0] == STOREGEN:
                self._google.append((f"storegen {name[1]}", text))
            elif text.strip():
                self._plain.append((_plain_name(name[1]), text))
        elif inside > 1:
            self._nested.append((name[1], text.strip()))

    def _finish(self) -> None:
        named = {name for name, _ in self._google}
        cells = [
            part
            for name, value in (
                *self._google,
                *(pair for pair in self._plain if pair[0] not in named),
            )
            for part in (name, value)
        ]
        self.ready.append((self._line, cells))
        self._google, self._plain, self._item_depth = [], [], 0


def _plain_name(name: str) -> str:
    return {"summary": "description", "content": "description", "guid": "id"}.get(name, name)
