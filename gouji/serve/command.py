"""Running the server."""

import socket
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import uvicorn

from gouji.errors import WrongCall
from gouji.paths import Warehouse
from gouji.serve.app import Server
from gouji.serve.guard import EVERY_ADDRESS, names_at

SECONDS_OF_IDLE_CONNECTION = 10


def serve(
    warehouse: Warehouse,
    host: str,
    port: int,
    names: Iterable[str],
    tell: Callable[[str], None],
) -> None:
    """Serve the published file until somebody ends it.

    Args:
        warehouse: the folder of the published file.
        host: the address to listen on.
        port: the port; 0 for any that is free.
        names: further names by which the server may be asked, such as that of its machine.
        tell: is given the address of the first page once it can be opened.

    Raises:
        WrongCall: there is no published file, it cannot be served, or the address is taken.
    """
    with _listening(host, port) as listening, TemporaryDirectory(prefix="gouji-serve-") as folder:
        assets = Path(folder) / "assets"
        assets.mkdir()
        server = Server(warehouse, assets)
        app = server.app(names_at(host, names), is_open=host in EVERY_ADDRESS)
        shown = f"[{host}]" if ":" in host else host
        tell(f"http://{shown}:{listening.getsockname()[1]}/")
        config = uvicorn.Config(
            app,
            http="h11",
            ws="none",
            log_level="warning",
            access_log=False,
            proxy_headers=False,
            server_header=False,
            timeout_keep_alive=SECONDS_OF_IDLE_CONNECTION,
        )
        with suppress(KeyboardInterrupt):
            uvicorn.Server(config).run(sockets=[listening])


def _listening(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=200)
    except (OSError, OverflowError) as error:
        problem = getattr(error, "strerror", None) or error
        raise WrongCall(f"Nobody can be served at {host}, port {port}: {problem}.") from error
