"""Old Office files (.doc, .xls, .rtf) and those of WPS (.wps, .et), converted by LibreOffice.

LibreOffice runs with a profile of its own that is thrown away, without macros, without active
content, without updating links, and with a proxy that does not exist, so that a document can
neither do anything nor fetch anything; whatever it has started is killed when its time is up.
"""

from __future__ import annotations

import os
import resource
import shutil
import signal
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path

from gouji.landing.grid import Refused

CONVERSION_SECONDS = 45  # less than a document has, so that nothing is left running
_NOT_CONVERTED = (
    "LibreOffice cannot convert it: it is damaged, or locked with a password; if it opens in its "
    "program, save it there as .docx or .xlsx without a password, and land that"
)
_MEMORY = 6 << 30  # address space: LibreOffice maps much more than it uses
_NO_PROXY_THERE = "http://127.0.0.1:9"
_SETTINGS = {
    "Common/Security/Scripting": {
        "MacroSecurityLevel": "3",
        "DisableMacrosExecution": "true",
        "DisableActiveContent": "true",
        "BlockUntrustedRefererLinks": "true",
    },
    "Writer/Content/Update": {"Link": "2"},  # never
    "Calc/Content/Update": {"Link": "2"},
}


def find_office() -> str:
    """The path of LibreOffice; empty where it is not installed."""
    return shutil.which("soffice") or shutil.which("libreoffice") or ""


def convert(data: bytes) -> bytes:
    """An old Office file as DOCX, a workbook as XLSX.

    Raises `Refused` where LibreOffice is missing, fails, or takes longer than it is given.
    """
    office = find_office()
    if not office:
        raise Refused(
            "it is an old Office file (.doc, .xls, .rtf, or .wps and .et of WPS), which needs "
            "LibreOffice: install it, or save the file as .docx or .xlsx"
        )
    is_sheet = "Workbook".encode("utf-16-le") in data
    kind, old = ("xlsx", ".xls") if is_sheet else ("docx", ".doc")
    with tempfile.TemporaryDirectory(prefix="gouji-") as name:
        folder = Path(name)
        source = folder / f"report{old}"
        source.write_bytes(data)
        _write_profile(folder / "profile")
        command = [office, f"-env:UserInstallation={(folder / 'profile').as_uri()}"]
        command += ["--headless", "--norestore", "--nolockcheck", "--nodefault", "--nologo"]
        command += ["--convert-to", kind, "--outdir", name, str(source)]
        _run(command, folder)
        try:
            return source.with_suffix(f".{kind}").read_bytes()
        except FileNotFoundError as error:
            raise Refused(_NOT_CONVERTED) from error


def _write_profile(profile: Path) -> None:
    """A new profile's settings."""
    items = [
        f'<item oor:path="/org.openoffice.Office.{path}"><prop oor:name="{name}" oor:op="fuse">'
        f"<value>{value}</value></prop></item>"
        for path, values in _SETTINGS.items()
        for name, value in values.items()
    ]
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<oor:items xmlns:oor="http://openoffice.org/2001/registry">'
        f"{''.join(items)}</oor:items>\n",
        encoding="utf-8",
    )


def _run(command: list[str], folder: Path) -> None:
    proxies = ("http_proxy", "https_proxy", "ftp_proxy", "all_proxy")
    environment = os.environ | {"HOME": str(folder), **dict.fromkeys(proxies, _NO_PROXY_THERE)}
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    if soft >= 0:  # a reading process is bounded tighter than LibreOffice can start with
        enough = _MEMORY if hard < 0 else min(_MEMORY, hard)
        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_AS, (max(soft, enough), hard))
    try:
        with subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=environment,
            start_new_session=True,
        ) as process:
            try:
                code = process.wait(CONVERSION_SECONDS)
            except subprocess.TimeoutExpired as error:
                raise Refused(
                    f"LibreOffice took more than {CONVERSION_SECONDS} seconds to convert it"
                ) from error
            finally:  # whatever the wrapper leaves behind goes with it
                with suppress(ProcessLookupError, PermissionError):
                    os.killpg(process.pid, signal.SIGKILL)
    except OSError as error:
        raise Refused(f"LibreOffice cannot be started ({error.strerror})") from error
    finally:
        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
    if code:
        raise Refused(_NOT_CONVERTED)
