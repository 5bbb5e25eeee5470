"""Reading many documents in processes, each with a bound on its time and memory.

A document that brings its process down, or takes too long, costs itself only.
"""

from __future__ import annotations

import gc
import itertools
import multiprocessing
import os
import resource
import signal
import sys
import time
from collections import deque
from concurrent.futures import TimeoutError as PoolTimeout
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pebble import ProcessExpired, ProcessPool

from gouji.landing.read_report import Options, Read, Tools, prepare, read_one

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

TIMES_FOR_SCANS = 20  # the time of a document, for one that an engine reads
MEMORY_A_DOCUMENT = 2 << 30
MEMORY_A_SCAN = 4 << 30
BATCH = 16  # documents that a process is given at once in large loads
SECONDS_A_BATCH = 5.0  # after which a process begins no further document of its batch


def _begin(options: Options, known: frozenset[str]) -> None:
    """Begin a reading process: bound its memory and leave interrupts to the process above."""
    Tools.known = known  # once for each process: there may be a million
    if not hasattr(Tools, "form"):  # where processes are not copies
        prepare(options)
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    limit = _memory_in_use() + MEMORY_A_DOCUMENT
    with suppress(ValueError, OSError):  # not every system lets a process bound itself
        resource.setrlimit(resource.RLIMIT_AS, (limit if hard < 0 else min(limit, hard), hard))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Word files leave trees in cycles behind that few objects of Python show: left to its counts,
    # the collector lets them pile up to a gigabyte. It looks when some documents have been read.
    gc.freeze()
    gc.disable()


def _memory_in_use() -> int:
    """The address space that this process has from the one above it, in bytes."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    except (OSError, ValueError):
        return 1 << 30
    return pages * resource.getpagesize()


def read_scan(path: str) -> list[Read]:
    """Read a scan by the engine, with more time and memory than other documents have."""
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    limit = _memory_in_use() + MEMORY_A_SCAN
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (limit if hard < 0 else min(limit, hard), hard))
    return [read_one(path, is_scan=True)]


def read_many(paths: list[str]) -> list[Read]:
    """Read a batch of documents, or as many of them as are begun in the time of a batch."""
    end = time.monotonic() + SECONDS_A_BATCH
    read = [read_one(paths[0])]
    read += [read_one(path) for path in paths[1:] if time.monotonic() < end]
    return read


def read_all(
    paths: Sequence[Path],
    options: Options,
    known: frozenset[str],
    *,
    workers: int,
    on_done: Callable[[Read], None],
) -> None:
    """Read documents in parallel; a process that dies or takes too long costs its document only.

    Large loads go in batches; those of a batch that fails are read again, each by itself.  A batch
    has the time of one document beyond its own, so that each of its documents has that time.
    """
    size = BATCH if len(paths) >= BATCH * workers * 4 else 1
    batches = [list(map(str, paths[at : at + size])) for at in range(0, len(paths), size)]
    method = "fork" if sys.platform.startswith("linux") else "spawn"
    with ProcessPool(
        max_workers=workers,
        initializer=_begin,
        initargs=(options, known),
        context=multiprocessing.get_context(method),
    ) as pool:
        waiting = iter(batches)
        scans: set[str] = set()
        running: deque[tuple[list[str], Any]] = deque()

        def schedule(batch: list[str]) -> None:
            seconds = options.seconds + (SECONDS_A_BATCH if len(batch) > 1 else 0)
            future = pool.schedule(read_many, args=(batch,), timeout=seconds)
            running.append((batch, future))

        def schedule_scan(path: str) -> None:
            seconds = options.seconds * TIMES_FOR_SCANS
            running.append(([path], pool.schedule(read_scan, args=(path,), timeout=seconds)))
            scans.add(path)

        try:
            for batch in itertools.islice(waiting, workers * 4):
                schedule(batch)
            while running:
                batch, future = running.popleft()
                outcomes = _outcomes(batch, future, options)
                if outcomes is None:
                    for path in batch:
                        schedule([path])
                    continue
                for outcome in outcomes:
                    if outcome.is_scan and outcome.refusal and outcome.path not in scans:
                        schedule_scan(outcome.path)
                    else:
                        on_done(outcome)
                if len(outcomes) < len(batch):
                    schedule(batch[len(outcomes) :])
                    continue
                follower = next(waiting, None)
                if follower is not None:
                    schedule(follower)
        except BaseException:
            pool.stop()  # type: ignore[no-untyped-call]
            raise


def _outcomes(batch: list[str], future: Any, options: Options) -> list[Read] | None:
    """What became of a batch; nothing for one that failed and holds more than one document."""
    try:
        read: list[Read] = future.result()
        return read
    except PoolTimeout:
        refusal = f"reading it took more than {options.seconds:.0f} seconds"
    except (ProcessExpired, MemoryError):
        refusal = "reading it brought its process down; it may be damaged"
    except Exception as error:  # noqa: BLE001 - an error of ours must not stop the others
        refusal = f"the tool failed on it ({type(error).__name__}: {error})"
    return [Read(batch[0], refusal=refusal)] if len(batch) == 1 else None


def default_workers() -> int:
    """As many processes as the machine has cores for this one."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
