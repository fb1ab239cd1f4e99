"""What kind of file this is and how its text is encoded, told from its bytes alone."""

from __future__ import annotations

import codecs
import re
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from storegen.errors import UnreadableCatalog

UNDERSTOOD = (
    "a Shopify or WooCommerce product CSV, a Google Merchant feed (XML or TSV), "
    "an .xlsx with such columns, or storegen's JSON Lines"
)
GIVE_ANOTHER = f"Give {UNDERSTOOD}."
SAVE_AS_UTF8 = 'Save it as "CSV UTF-8" and try again.'

_MAGIC = (
    (b"\xff\xd8\xff", "it is a JPEG picture"),
    (b"\x89PNG", "it is a PNG picture"),
    (b"GIF8", "it is a GIF picture"),
    (b"%PDF", "it is a PDF document"),
    (b"\x1f\x8b", "it is a gzip archive"),
    (b"Rar!", "it is a RAR archive"),
    (b"7z\xbc\xaf", "it is a 7z archive"),
    (b"SQLite format 3", "it is a SQLite database"),
    (b"\x7fELF", "it is a program"),
)
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_XML_ENCODING = re.compile(rb"""<\?xml[^>]*encoding=["']([\w.-]+)["']""")
_CHUNK = 1 << 16
_MAX_UNPACKED = 2 << 30
_MAX_STRINGS = 256 << 20


@dataclass(frozen=True, slots=True)
class FileKind:
    """``encoding`` is a codec name that takes a BOM away; empty for xlsx."""

    kind: Literal["delimited", "xlsx", "xml", "jsonl"]
    encoding: str = ""


def detect(path: Path) -> FileKind:
    """Look at the file's content. Raises `UnreadableCatalog` for what no reader takes."""
    head = _head(path)
    if head.startswith(b"PK\x03\x04"):
        _check_workbook(path)
        return FileKind("xlsx")
    if head.startswith(_OLD_EXCEL):
        raise UnreadableCatalog(
            path, "it is an old Excel .xls file", "Save it as .xlsx or CSV and try again."
        )
    for magic, reason in _MAGIC:
        if head.startswith(magic):
            raise UnreadableCatalog(path, reason, GIVE_ANOTHER)
    encoding = _encoding(path, head)
    start = _first_text(path, encoding)
    if not start:
        raise UnreadableCatalog(path, "it is empty", GIVE_ANOTHER)
    if start.startswith("<"):
        return FileKind("xml", encoding)
    if start.startswith("{"):
        return FileKind("jsonl", encoding)
    if start.startswith("["):
        raise UnreadableCatalog(
            path, "it is a JSON array", "Write one JSON object on each line instead."
        )
    return FileKind("delimited", encoding)


def _head(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            head = file.read(_CHUNK)
    except FileNotFoundError:
        raise UnreadableCatalog(
            path, "there is no such file", "Check the path and try again."
        ) from None
    except IsADirectoryError:
        raise UnreadableCatalog(
            path, "it is a folder", "Name the catalog file inside it."
        ) from None
    except OSError as error:
        raise UnreadableCatalog(
            path, (error.strerror or "it cannot be opened").lower(), "Check the file and try again."
        ) from None
    if not head.strip():
        raise UnreadableCatalog(path, "it is empty", GIVE_ANOTHER)
    return head


def _check_workbook(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            sizes = {info.filename: info.file_size for info in archive.infolist()}
    except (zipfile.BadZipFile, OSError, ValueError):
        raise UnreadableCatalog(
            path, "it is a damaged .xlsx or zip file", "Save it again and try once more."
        ) from None
    if "xl/workbook.xml" not in sizes:
        raise UnreadableCatalog(path, "it is a zip archive, not an .xlsx workbook", GIVE_ANOTHER)
    if sum(sizes.values()) > _MAX_UNPACKED or sizes.get("xl/sharedStrings.xml", 0) > _MAX_STRINGS:
        raise UnreadableCatalog(
            path, "it unpacks to more than a workbook may hold", "Save it as CSV and try again."
        )


def _encoding(path: Path, head: bytes) -> str:
    if head.startswith(codecs.BOM_UTF8):
        candidates = ["utf-8-sig"]
    elif head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        candidates = ["utf-16"]
    elif b"\0" in head:
        raise UnreadableCatalog(path, "it is a binary file, not text", GIVE_ANOTHER)
    else:
        candidates = ["utf-8", "gb18030"]
        declared = _XML_ENCODING.match(head.lstrip())
        if declared:
            candidates = [_known_codec(path, declared[1].decode())]
    where = 0
    for encoding in candidates:
        where, ours = _decodes(path, encoding)
        if where < 0 and ours:
            return encoding
    place = f" (byte {where + 1})" if where >= 0 else ""
    if len(candidates) == 1:
        reason = f"its text is not valid {candidates[0].removesuffix('-sig').upper()}{place}"
    else:
        reason = "its text is neither UTF-8 nor GB18030"
    raise UnreadableCatalog(path, reason, SAVE_AS_UTF8)


def _known_codec(path: Path, name: str) -> str:
    try:
        codec = codecs.lookup(name).name
        b"<".decode(codec)
    except (LookupError, UnicodeError):
        raise UnreadableCatalog(
            path, f"its encoding '{name}' is unknown", "Save it as UTF-8 and try again."
        ) from None
    return "gb18030" if codec in {"gb2312", "gbk"} else codec


def _decodes(path: Path, encoding: str) -> tuple[int, bool]:
    """Where decoding fails (-1: nowhere), and whether the outcome looks like real text.

    GB18030 accepts much of what is Latin-1; real Chinese is nearly all inside GB 2312, and
    Latin-1 read as Chinese nearly all outside.
    """
    decoder = codecs.getincrementaldecoder(encoding)()
    position, common, rare = 0, 0, 0
    with path.open("rb") as file:
        while True:
            chunk = file.read(_CHUNK)
            try:
                text = decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as error:
                return position + error.start, False
            if encoding == "gb18030" and not text.isascii():
                foreign = [char for char in text if not char.isascii()]
                known = sum(1 for char in foreign if _in_gb2312(char))
                common, rare = common + known, rare + len(foreign) - known
            position += len(chunk)
            if not chunk:
                return -1, rare <= (common + rare) // 5


def _in_gb2312(char: str) -> bool:
    try:
        char.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def _first_text(path: Path, encoding: str) -> str:
    with path.open(encoding=encoding, newline="") as file:
        return file.read(4096).lstrip("\ufeff \t\r\n")
