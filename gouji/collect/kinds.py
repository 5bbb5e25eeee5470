"""The kind of a document by its first bytes, whatever its address and headers say."""

from __future__ import annotations

import io
import zipfile
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

HTML, UNKNOWN = ".html", ".bin"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLE_SUFFIXES = (".doc", ".xls", ".wps", ".et", ".ppt", ".dps")
_BEGINNINGS = (
    (b"{\\rtf", ".rtf"),
    (b"\x89PNG", ".png"),
    (b"\xff\xd8\xff", ".jpg"),
    (b"II*\0", ".tif"),
    (b"MM\0*", ".tif"),
    (b"GIF8", ".gif"),
    (b"BM", ".bmp"),
    (b"Rar!", ".rar"),
    (b"7z\xbc\xaf", ".7z"),
)
# What a ZIP file holds that is a document of another kind.
_PARTS = (
    ("word/document.xml", ".docx"),
    ("xl/workbook.xml", ".xlsx"),
    ("ppt/presentation.xml", ".pptx"),
    ("OFD.xml", ".ofd"),
)
_OPEN_DOCUMENTS = (b"opendocument.text", b"opendocument.spreadsheet")
_PLAIN = (".txt", ".md", ".csv", ".mht", ".mhtml")
_LONGEST_SUFFIX = 6


def suffix_in(address: str) -> str:
    """The suffix of the file that an address names, in small letters."""
    return PurePosixPath(unquote(urlsplit(address).path)).suffix.lower()


def kind_of(data: bytes, content_type: str, address: str) -> str:
    """The suffix that a document's content has."""
    named = suffix_in(address)
    return _binary(data, named) or _text(data, content_type, named)


def _binary(data: bytes, named: str) -> str:
    if b"%PDF-" in data[:1024]:
        return ".pdf"
    if data.startswith(b"PK\x03\x04"):
        return _packed(data)
    if data.startswith(_OLE):
        return named if named in _OLE_SUFFIXES else ".doc"
    return next((suffix for start, suffix in _BEGINNINGS if data.startswith(start)), "")


def _text(data: bytes, content_type: str, named: str) -> str:
    start = data[:2048].lstrip(b"\xef\xbb\xbf \t\r\n")
    if start[:200].lower().startswith((b"mime-version", b"from:")):
        return ".mht"
    if start.startswith(b"<") or "html" in content_type:
        return HTML
    if content_type.startswith("text/") and named not in _PLAIN:
        return ".txt"
    return named if 1 < len(named) <= _LONGEST_SUFFIX and named[1:].isalnum() else UNKNOWN


def _packed(data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return ".zip"
    for part, suffix in _PARTS:
        if part in names:
            return suffix
    if "mimetype" in names and b"opendocument" in data[:200]:
        return ".ods" if _OPEN_DOCUMENTS[1] in data[:200] else ".odt"
    return ".zip"
