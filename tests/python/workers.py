"""What the workers of one run share: `make test` has two, pytest by itself has none."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

# The files that take longest, so that none of them is all that is left at the end. The first ones
# do without the warehouse, which is built by the first worker that needs it while others wait.
LONGEST_FIRST = (
    "test_publish.py",
    "test_benchmark.py",
    "test_increment.py",
)


def longest_first(items: list[pytest.Item]) -> None:
    """Put the tests in the order in which they are given out, each file's own order kept."""
    order = {name: place for place, name in enumerate(LONGEST_FIRST)}
    items.sort(key=lambda item: order.get(item.path.name, len(order)))


def common_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The temporary folder of all workers of this run."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@contextmanager
def one_at_a_time(lock: Path) -> Iterator[None]:
    """Wait until no other worker is in the same place."""
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
