"""How many reports pandas has room for, reckoned from the memory that it took for fewer."""

import os
from dataclasses import dataclass
from typing import Any

from benchmarks.growth import BYTES_IN_A_GIB

# The rest is for the system, and for what does not grow evenly.
SHARE_OF_MEMORY = 0.85
ROUNDED_TO = 50_000
# Of a smaller size what pandas itself needs, whatever it reads, is too large a part.
RECKONED_FROM = 10_000
UNTRIED = 100_000


@dataclass(frozen=True)
class Room:
    """The most reports that pandas is given, and a sentence that says why not more."""

    at_most: int
    why: str


def memory_of_machine() -> int:
    """The memory of the machine, in bytes."""
    return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")


def room_for_pandas(sizes: dict[int, dict[str, Any]], memory: int) -> Room:
    """Reckon the largest number of reports that fits, from the largest that was measured.

    Args:
        sizes: the figures of each size.
        memory: of the machine, in bytes.
    """
    peaks = {
        size: of["pandas"]["peak"]
        for size, of in sizes.items()
        if size >= RECKONED_FROM and "peak" in of.get("pandas", {})
    }
    if not peaks:
        return Room(
            UNTRIED,
            f"pandas was given {UNTRIED:,} reports at most, as no smaller number was measured to"
            " reckon from (`GROWTH=1` does)",
        )
    size = max(peaks)
    fits = int(SHARE_OF_MEMORY * memory * size / peaks[size])
    at_most = max(size, fits // ROUNDED_TO * ROUNDED_TO)
    return Room(
        at_most,
        f"pandas has room for {at_most:,} reports: it holds every cell in memory, {size:,} took"
        f" {peaks[size] / BYTES_IN_A_GIB:.1f} GiB, and at that rate no more fit into"
        f" {SHARE_OF_MEMORY:.0%} of the machine's {memory / BYTES_IN_A_GIB:.0f} GiB",
    )
