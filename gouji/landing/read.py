"""A file to the grid model: what kind it is, told by its first bytes, and its reader.

Everything that a hostile file could make large is bounded before a parser sees it.
"""

from __future__ import annotations

import codecs
import email
import email.policy
import io
import re
import stat
import zipfile
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from gouji.landing import archives
from gouji.landing.grid import LOCKED, Document, IsScan, Paragraph, Refused, Row, Table
from gouji.landing.read_html import read_html
from gouji.landing.read_text import read_text
from gouji.landing.scan_engine import check_engine

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from email.message import EmailMessage

TITLE_ROWS, TITLE_WIDTH, LONGEST_TITLE = 5, 3, 80  # of a title in a table
_TITLE = re.compile("年.*报告|报告.*年")
MAX_FILE_BYTES = 60_000_000
MAX_TEXT_BYTES = 20_000_000
MAX_UNPACKED_BYTES = 250_000_000
MAX_ZIP_MEMBERS = 5_000
MAX_XML_BYTES = 60_000_000
_WEB = [".html", ".htm", ".shtml", ".xhtml", ".jhtml", ".mht", ".mhtml"]
_OFFICE = [".docx", ".doc", ".wps", ".rtf", ".odt", ".xlsx", ".xls", ".et", ".ods", ".pdf", ".ofd"]
_TEXT = [".md", ".markdown", ".txt", ".text"]
_PICTURES = [".png", ".jpg", ".jpeg", ".tif", ".tiff"]
SUFFIXES = frozenset([*_WEB, *_OFFICE, *_TEXT, *_PICTURES])
_SAVE_AS = "open it in its program, save it as .docx, .xlsx or .pdf, and land that"
# What a ZIP file holds that is a document of a kind that is not read.
_OTHER_KINDS = {
    "ppt/presentation.xml": "a presentation (.pptx)",
    "xl/workbook.bin": "a binary workbook (.xlsb)",
    "META-INF/container.xml": "a book (.epub)",
    "Index/Document.iwa": "an iWork document (.pages, .numbers)",
}
_CHINESE = frozenset(["gb2312", "gbk", "gb18030", "x-gbk", "hz-gb-2312"])  # read as the largest
MOST_LOOKED_AT = 20_000  # bytes of a text of which the encoding is not told
_WIDE = ("utf-16-le", "utf-16-be")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK\x03\x04"
_STARTS_OF_PICTURES = (b"\x89PNG\r\n", b"\xff\xd8\xff", b"II*\0", b"MM\0*")
_OTHER_ARCHIVES = {
    b"Rar!\x1a\x07": "a RAR archive",
    b"7z\xbc\xaf\x27\x1c": "a 7z archive",
    b"\x1f\x8b": "a gzip archive",
}
_PACKED = (_OLE, _ZIP, b"%PDF", *_STARTS_OF_PICTURES)


def read_bytes(path: Path) -> bytes:
    """The bytes of a file, or of one in an archive; refused if too large or no plain file."""
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise Refused("it is no plain file")
        if status.st_size > MAX_FILE_BYTES:
            raise Refused(
                f"it is {status.st_size / 1e6:,.0f} MB large; a report has less than "
                f"{MAX_FILE_BYTES / 1e6:,.0f}"
            )
        with path.open("rb") as file:
            data = file.read(status.st_size + 1)
    except FileNotFoundError as error:
        raise Refused("it does not exist") from error
    except NotADirectoryError:
        return _not_empty(archives.read_member(path, MAX_FILE_BYTES))
    except OSError as error:
        raise Refused(f"it cannot be read ({error.strerror})") from error
    if len(data) > status.st_size:
        raise Refused("it grew while it was read")
    return _not_empty(data)


def _not_empty(data: bytes) -> bytes:
    if not data.strip():
        raise Refused("it is empty")
    return data


def read_document(data: bytes, suffix: str, *, with_ocr: bool = False) -> Document:
    """Read a document by the kind that its first bytes, then its suffix, tell.

    Raises `Refused` with the reason, `IsScan` for pictures of pages unless an engine may read them
    (`with_ocr`), which takes seconds a page.
    """
    data = _without_utf_16(data)
    reader = _reader(data, suffix.lower(), with_ocr)
    if reader in (read_html, read_text) and len(data) > MAX_TEXT_BYTES:
        raise Refused(
            f"it is {len(data) / 1e6:,.0f} MB of text; a report has less than "
            f"{MAX_TEXT_BYTES / 1e6:,.0f}"
        )
    document = reader(data)
    document.blocks = list(_with_titles(document.blocks))
    return document


def _with_titles(blocks: list[Paragraph | Table]) -> Iterator[Paragraph | Table]:
    """The blocks, with a title that stands alone in the first rows of a wide table before it."""
    said = {block.text for block in blocks if isinstance(block, Paragraph)}
    for block in blocks:
        if isinstance(block, Table):
            titles = filter(None, map(_title_in, block.rows[:TITLE_ROWS]))
            yield from (Paragraph(title) for title in titles if title not in said)
        yield block


def _title_in(row: Row) -> str:
    """A title that is all that a wide row holds."""
    if row.width < TITLE_WIDTH or row.texts.count("") != len(row.texts) - 1:
        return ""
    text = "".join(row.texts)
    return text if len(text) <= LONGEST_TITLE and _TITLE.search(text) else ""


def _without_utf_16(data: bytes) -> bytes:
    """A page or text in UTF-16 in UTF-8, in which its kind can be told; all others as they are."""
    little, big = data[1:2] == data[3:4] == b"\0", data[:1] == data[2:3] == b"\0"
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    elif little != big and data[:200].count(b"\0") > 20:  # mostly ASCII, as a page begins
        encoding = "utf-16-le" if little else "utf-16-be"
    elif b"\0" in data[:MOST_LOOKED_AT] and not data.startswith(_PACKED):
        encoding = next((one for one in _WIDE if _is_report_in(one, data)), "")
    else:
        encoding = ""
    if not encoding:
        return data
    try:
        return data.decode(encoding).encode()
    except UnicodeError as error:
        raise Refused(
            "its text in UTF-16 is damaged; save it in UTF-8 and land it again"
        ) from error


def _is_report_in(encoding: str, data: bytes) -> bool:
    """Whether the beginning of a text holds the words of a report in an encoding."""
    start = data[: MOST_LOOKED_AT & ~3].decode(encoding, errors="replace")
    return "信息公开" in start


def _reader(data: bytes, suffix: str, with_ocr: bool) -> Callable[[bytes], Document]:
    for mark, kind in _OTHER_ARCHIVES.items():
        if data.startswith(mark):
            raise Refused(f"it is {kind}, which is not read: unpack it, and land what it holds")
    start = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    if b"%PDF-" in data[:1024]:
        return partial(_pdf, with_ocr=with_ocr)
    if data.startswith((_ZIP, *_STARTS_OF_PICTURES)):
        return partial(_zipped if data.startswith(_ZIP) else _picture, with_ocr=with_ocr)
    if data.startswith(_OLE) or start.startswith(b"{\\rtf"):
        return _old_office
    if suffix in (".mht", ".mhtml") or start[:200].lower().startswith((b"mime-version", b"from:")):
        return _saved_page
    if start.startswith(b"<") or b"<html" in start.lower() or b"<table" in data[:200_000].lower():
        return read_html
    if suffix in (*_OFFICE, *_PICTURES):
        raise Refused(f"it is named {suffix} but its content is not of that kind")
    return read_text


def _pdf(data: bytes, *, with_ocr: bool) -> Document:
    from gouji.landing.read_pdf import read_pdf  # noqa: PLC0415 - heavy, and most pages are HTML

    return _guarded(partial(read_pdf, with_ocr=with_ocr), data, "PDF")


def _picture(data: bytes, *, with_ocr: bool) -> Document:
    if not with_ocr:
        raise IsScan("it is a picture of a page")
    check_engine()
    from gouji.landing.read_scan import read_picture  # noqa: PLC0415 - the extra `ocr`

    return _guarded(read_picture, data, "picture")


def _zipped(data: bytes, *, with_ocr: bool = False) -> Document:
    names = check_zip(data)
    if "word/document.xml" in names:
        from gouji.landing.read_docx import read_docx  # noqa: PLC0415

        return _guarded(read_docx, data, "Word file")
    if "xl/workbook.xml" in names:
        from gouji.landing.read_xlsx import read_xlsx  # noqa: PLC0415

        return _guarded(read_xlsx, data, "spreadsheet")
    if "content.xml" in names:
        from gouji.landing.read_odf import read_odf  # noqa: PLC0415

        return _guarded(read_odf, data, "OpenDocument file")
    if "OFD.xml" in names:
        from gouji.landing.ofd_drawn import draw  # noqa: PLC0415

        return _guarded(lambda data: _pdf(draw(data), with_ocr=with_ocr), data, "OFD document")
    for part, kind in _OTHER_KINDS.items():
        if part in names:
            raise Refused(f"it is {kind}, which is not read: {_SAVE_AS}")
    raise Refused("it is a ZIP file and no document: name it .zip to land the documents it holds")


def _guarded(reader: Callable[[bytes], Document], data: bytes, kind: str) -> Document:
    """Read with a parser that meets a damaged file with whatever error comes first."""
    try:
        return reader(data)
    except (Refused, MemoryError, RecursionError):
        raise
    except Exception as error:
        raise Refused(f"it is a damaged {kind} ({type(error).__name__})") from error


def check_zip(data: bytes) -> set[str]:
    """The names in a ZIP file, after it is known to unpack to a bounded size without surprises.

    Raises `Refused` for a zip bomb, an entity bomb, and names that point out of the file.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            if len(members) > MAX_ZIP_MEMBERS:
                raise Refused(f"it packs {len(members)} files, more than {MAX_ZIP_MEMBERS}")
            unpacked = 0
            for member in members:
                if member.filename.startswith(("/", "\\")) or ".." in member.filename.split("/"):
                    raise Refused(f"it holds a path that leads outside: {member.filename[:60]}")
                if member.flag_bits & 1:
                    raise Refused(LOCKED)
                unpacked += _unpacked_size(archive, member, MAX_UNPACKED_BYTES - unpacked)
            return {member.filename for member in members}
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, ValueError) as error:
        raise Refused(f"it is a damaged ZIP file ({error})") from error
    except (RuntimeError, zipfile.zlib.error) as error:  # type: ignore[attr-defined]
        raise Refused(f"it is a damaged ZIP file ({error})") from error


def _unpacked_size(archive: zipfile.ZipFile, member: zipfile.ZipInfo, left: int) -> int:
    """What a member really unpacks to; its own word for it is not believed."""
    is_xml = member.filename.endswith((".xml", ".rels"))
    limit = min(left, MAX_XML_BYTES) if is_xml else left
    if member.file_size > limit:
        raise Refused(f"it unpacks to more than {limit / 1e6:,.0f} MB: a zip bomb")
    size = 0
    previous = b""
    with archive.open(member) as packed:
        while chunk := packed.read(1 << 20):
            size += len(chunk)
            if size > limit:
                raise Refused(f"it unpacks to more than {limit / 1e6:,.0f} MB: a zip bomb")
            if is_xml:
                seen = previous + chunk
                if b"<!DOCTYPE" in seen or b"<!ENTITY" in seen:
                    raise Refused(f"{member.filename} declares XML entities, as no report does")
                previous = chunk[-16:]
    return size


def _saved_page(data: bytes) -> Document:
    """A web page saved as one file (MHTML): its root, then the other pages, which may be frames."""
    message = email.message_from_bytes(data, policy=email.policy.default)
    pages: list[tuple[bytes, str]] = []
    sheets: list[bytes] = []
    root = _root_of(message)
    for part in sorted(message.walk(), key=lambda part: part is not root):  # the root first
        payload = part.get_payload(decode=True)
        if not isinstance(payload, bytes) or not payload.strip():
            continue
        if part.get_content_type() in ("text/html", "application/xhtml+xml"):
            page = _as_declared(_without_utf_16(payload), part.get_content_charset())
            pages.append((page, str(part.get("Content-Location") or "")))
        elif part.get_content_type() == "text/css":
            sheets.append(payload)
    if not pages:
        raise Refused("it is a saved page without an HTML part")
    if sum(len(page) for page, _ in pages) > MAX_TEXT_BYTES:
        raise Refused("its page is too large for a report")
    place = str(message.get("Snapshot-Content-Location") or pages[0][1])
    whole = Document()
    for page, _ in pages:
        document = read_html(page, sheets)
        whole.blocks += document.blocks
        whole.links += document.links
        whole.title = whole.title or document.title
        whole.metadata = document.metadata | whole.metadata
    if place:
        whole.metadata.setdefault("saved from", place)
    return whole


def _root_of(message: EmailMessage) -> EmailMessage | None:
    """The part that a saved page begins with, by its id or its address (RFC 2387, RFC 2557)."""
    wanted = {
        "Content-ID": str(message.get_param("start") or ""),
        "Content-Location": str(
            message.get("Snapshot-Content-Location") or message.get("Content-Location") or ""
        ),
    }
    for name, value in wanted.items():
        for part in message.walk():
            is_page = part.get_content_type() in ("text/html", "application/xhtml+xml")
            if is_page and value and str(part.get(name) or "").strip("<> ") == value.strip("<> "):
                return part
    return None


def _as_declared(page: bytes, charset: str | None) -> bytes:
    """A page in UTF-8, if it can be read in the encoding that its part names and is not UTF-8."""
    try:
        page.decode()
    except UnicodeDecodeError:
        with suppress(LookupError, UnicodeDecodeError):
            return page.decode("gb18030" if charset in _CHINESE else charset or "").encode()
    return page


def _old_office(data: bytes) -> Document:
    if "EncryptedPackage".encode("utf-16-le") in data:  # a .docx or .xlsx with a password
        raise Refused(LOCKED)
    from gouji.landing.read_old_office import convert  # noqa: PLC0415

    document = _zipped(convert(data))
    document.notes.append("converted by LibreOffice from an old Office file")
    return document
