"""How far a long job is: a moving line on a terminal, plain lines when piped."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)
from rich.progress import Progress as Bar

LINES_WHEN_PIPED = 4


class Progress:
    """Tells of the stages of a job, one after the other, and keeps how long each took."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self.seconds: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator["Stage"]:
        """Tell of one stage while the block runs."""
        started = time.monotonic()
        if self.console.is_terminal:
            columns = (
                SpinnerColumn(),
                TextColumn("{task.description}"),
                BarColumn(),
                TimeElapsedColumn(),
            )
            with Bar(*columns, console=self.console, transient=True) as bar:
                yield BarStage(bar, name)
        else:
            self.console.print(f"{name} ...")
            yield LineStage(self.console, name)
        self.seconds[name] = time.monotonic() - started
        self.console.print(f"{name}: done in {self.seconds[name]:.1f} s")


class Stage:
    """A stage of a job that may know how many steps it has."""

    def step(self, number: int, of: int, what: str) -> None:
        """Tell that `number` of `of` steps are done, `what` last."""
        raise NotImplementedError


class BarStage(Stage):
    """A stage as a moving line."""

    def __init__(self, bar: Bar, name: str) -> None:
        self.bar = bar
        self.name = name
        self.task = bar.add_task(name, total=None)

    def step(self, number: int, of: int, what: str) -> None:
        """Move the line."""
        description = f"{self.name} {number}/{of} {what}"
        self.bar.update(self.task, completed=number, total=of, description=description)


class LineStage(Stage):
    """A stage as a few plain lines."""

    def __init__(self, console: Console, name: str) -> None:
        self.console = console
        self.name = name

    def step(self, number: int, of: int, what: str) -> None:
        """Write a line at each quarter of the way."""
        quarter = number * LINES_WHEN_PIPED // of if of else 0
        if of and quarter > (number - 1) * LINES_WHEN_PIPED // of and number < of:
            self.console.print(f"{self.name}: {number} of {of}, last {what}")
