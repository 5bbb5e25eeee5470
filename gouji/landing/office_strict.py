"""Office files of the strict kind, whose parts are named as the standard has it."""

from __future__ import annotations

import io
import re
import zipfile

_STRICT = b"http://purl.oclc.org/ooxml/"
_NAME = re.compile(rb"http://purl\.oclc\.org/ooxml/(\w+)/(\w+)")
_START = "_rels/.rels"


def transitional(data: bytes) -> bytes:
    """A file with the names that every program writes and every parser knows.

    One that has them already is handed back as it is.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if _START not in archive.namelist() or not _is_strict(archive):
            return data
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w") as written:
            for name in archive.namelist():
                part = archive.read(name)
                if name.endswith((".xml", ".rels")):
                    part = _NAME.sub(rb"http://schemas.openxmlformats.org/\1/2006/\2", part)
                written.writestr(name, part)
    return file.getvalue()


def _is_strict(archive: zipfile.ZipFile) -> bool:
    return _STRICT in archive.read(_START)
