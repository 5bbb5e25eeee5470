"""The course of a soak: build after build, each of a kind, and what is looked at after each."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from collections import Counter, defaultdict
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.soak.acts import Acts, Wrong, expect
from benchmarks.soak.bad_files import SPOILT, spoilt_seed, truncated_copy
from benchmarks.soak.compare import compare
from benchmarks.soak.readers import KINDS
from gouji.publish.builds import current

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from benchmarks.soak.place import Done

# How often a kind of build comes.
WEIGHTS = {
    "whole": 9,
    "killed": 6,
    "bad file": 3,
    "truncated": 1,
    "full disk": 3,
    "clock back": 3,
    "nothing new": 1,
}
# The stages of a build in which it is killed ("": in any), and their shares of its time, at most.
STAGES = {
    "": 1.0,
    "dbt, an increment": 0.6,
    "audit": 0.1,
    "export": 0.02,
    "site": 0.2,
    "publish": 0.02,
}
DAYS_BACK = (1, 40, 400)
FIRST_LANDINGS = 4
SECONDS_TO_END = 90


@dataclass
class Course:
    """A soak that runs: what was done by whom, and how long a build takes (seconds)."""

    acts: Acts
    tell: Callable[[str], None]
    length: float = 60.0
    counts: Counter[str] = field(default_factory=Counter)

    def begin(self) -> None:
        """Land some reports and publish the first build."""
        for _ in range(FIRST_LANDINGS):
            self.acts.land()
        self._whole()

    def one(self, kind: str) -> None:
        """Do something, and run a build of a kind.

        Raises:
            Wrong: something is not as it must be.
        """
        acts = self.acts
        if kind != "nothing new":
            todo = [acts.land, acts.land, acts.revise, acts.correct, acts.acknowledge]
            for act in acts.chance.sample(todo, acts.chance.choice((1, 1, 2))):
                act()
        began = time.monotonic()
        ways: dict[str, Callable[[], str]] = {
            "whole": self._whole,
            "killed": self._killed,
            "bad file": self._bad_file,
            "truncated": self._truncated,
            "full disk": self._full_disk,
            "clock back": lambda: self._whole(acts.chance.choice(DAYS_BACK)),
            "nothing new": self._whole,
        }
        how = ways[kind]()
        self.counts[kind] += 1
        self.tell(f"{kind}: {how}, {time.monotonic() - began:.0f} s")

    def _whole(self, days_back: int = 0) -> str:
        has_changed = bool(self.acts.changed) or not self.acts.published.runs
        before = self._current()
        done = self._build(days_back=days_back)
        expect(done, 0)
        if has_changed and self._current() == before:
            raise Wrong(f"a build over changed input published nothing: {done.said}")
        if self._current() != before and not days_back:
            self.length = done.seconds
        return self._settle(before) + (f", {days_back} days back" if days_back else "")

    def _killed(self) -> str:
        stage = self.acts.chance.choice([*STAGES])
        after = self.acts.chance.random() * STAGES[stage]
        before = self._current()
        done = self._build(kill_after=after * self.length, kill_at=f"{stage} ..." if stage else "")
        was = "killed" if done.exit_code is None else f"ended with {done.exit_code}"
        if done.exit_code is not None:
            expect(done, 0)
        self.counts[f"{was} in {stage or 'any stage'}"] += 1
        return f"{was} after {done.seconds:.1f} s ({stage or 'any stage'}), {self._settle(before)}"

    def _bad_file(self) -> str:
        before = self._current()
        kind = self.acts.chance.choice([*SPOILT, "a bad document"])
        if kind == "a bad document":
            self.acts.land_what_is_none()
            return f"{kind} refused"
        with spoilt_seed(self.acts.place, kind) as name:
            done = self._build()
        expect(done, 2)
        if name not in done.said or self._current() != before:
            raise Wrong(f"{kind}: {name} is not named, or something was published: {done.said}")
        self.acts.counts[f"refused: {kind}"] += 1
        return f"{kind} refused"

    def _truncated(self) -> str:
        with truncated_copy(self.acts.place) as copy:
            before = current(copy).root
            done = self._build("--warehouse", copy.root)
            expect(done, 2)
            if current(copy).root != before or "gouji restore" not in done.said:
                raise Wrong(f"a truncated file was gone on from: {done.said}")
        self.acts.counts["refused: a truncated published file"] += 1
        return "a truncated published file refused"

    def _full_disk(self) -> str:
        place, before = self.acts.place, self._current()
        of_build = sum(file.stat().st_size for file in before.rglob("*") if file.is_file())
        room = int(self.acts.chance.uniform(0, 1.5) * of_build)
        if place.is_disk:
            with place.full_disk(room):
                done = self._build()
        else:
            done = self._build(file_bytes=room // 4)
        # without the tmpfs it is not the disk that is full, and a tool fails
        expect(done, 0, 2, *(() if place.is_disk else (3,)))
        if done.exit_code and self._current() != before:
            raise Wrong(f"a build that failed on a full disk was published: {done.said}")
        self.counts[f"full disk: exit code {done.exit_code}"] += 1
        return f"{room / 1e6:.0f} MB free, exit code {done.exit_code}, {self._settle(before)}"

    def _build(self, *arguments: str | Path, **how: Any) -> Done:
        return self.acts.place.run("build", *arguments, **how)

    def _current(self) -> Path:
        return current(self.acts.place.warehouse).root

    def _settle(self, before: Path) -> str:
        """If another build is published now, hold it against the model."""
        build = self._current()
        if build == before:
            return "nothing published"
        self.acts.published, wrong = compare(build, self.acts.model, self.acts.published)
        if wrong:
            raise Wrong(f"{build.name}: " + "; ".join(wrong))
        self.acts.changed = set()
        self.counts["published"] += 1
        return "published"


@dataclass
class Readers:
    """Four readers that run, and their notes."""

    processes: dict[str, subprocess.Popen[bytes]]
    folder: Path

    def notes(self, kind: str) -> list[dict[str, Any]]:
        """What a reader noted."""
        text = (self.folder / f"{kind}.jsonl").read_text(encoding="utf-8")
        return [json.loads(line) for line in text.splitlines()]

    def failed(self) -> list[str]:
        """Reads that failed, and readers that ended."""
        found = [
            f"{kind} at {note['at']}: {note['failed']}"
            for kind in self.processes
            for note in self.notes(kind)
            if "failed" in note
        ]
        ended = [kind for kind, one in self.processes.items() if one.poll() is not None]
        return found + [f"the reader of {kind} ended" for kind in ended]

    def end(self) -> dict[str, int]:
        """Let them end, and give how often each read."""
        for process in self.processes.values():
            if process.stdin:
                process.stdin.close()
        for process in self.processes.values():
            process.wait(SECONDS_TO_END)
        return {kind: sum(n.get("reads", 0) for n in self.notes(kind)) for kind in self.processes}

    def builds(self) -> dict[tuple[str, str], set[str]]:
        """The builds that were seen, by moment and input, and every look that their facts had."""
        looks: dict[tuple[str, str], set[str]] = defaultdict(set)
        for kind in self.processes:
            for note in self.notes(kind):
                if "build" in note:
                    looks[note["build"][0], note["build"][1]] |= (
                        {json.dumps(note["facts"])} if "facts" in note else set()
                    )
        return looks


@contextmanager
def reading(warehouse: Path, folder: Path) -> Iterator[Readers]:
    """Have the four readers read, for the block."""
    with ExitStack() as running:
        processes = {}
        for kind in KINDS:
            notes = folder / f"{kind}.jsonl"
            notes.touch()
            log = running.enter_context((folder / f"{kind}.log").open("wb"))
            processes[kind] = running.enter_context(
                subprocess.Popen(
                    [sys.executable, "-m", "benchmarks.soak.readers", kind, warehouse, notes],
                    cwd=Path(__file__).parents[2],
                    stdin=subprocess.PIPE,
                    stdout=log,
                    stderr=log,
                )
            )
        readers = Readers(processes, folder)
        try:
            yield readers
        finally:
            for process in processes.values():
                if process.stdin:
                    process.stdin.close()


def kinds_of(builds: int, course: Course) -> Iterator[str]:
    """Each kind once, in an order of chance, then kinds by their weights; the last one is whole."""
    chance = course.acts.chance
    kinds = chance.sample(list(WEIGHTS), len(WEIGHTS))[: max(0, builds - 1)]
    while len(kinds) < builds - 1:
        kinds += chance.choices(list(WEIGHTS), list(WEIGHTS.values()))
    yield from [*kinds, "whole"]


def check_readers(readers: Readers, course: Course) -> dict[str, int]:
    """End the readers; every build that they saw was published, and looked the same to all.

    Raises:
        Wrong: a read failed or was mixed.
    """
    failed, reads = readers.failed(), readers.end()
    if failed:
        raise Wrong(f"{len(failed)} reads failed: {'; '.join(failed[:3])}")
    published = {run["input_sha256"] for run in course.acts.published.runs}
    for (created, made_from), looks in readers.builds().items():
        if made_from not in published or len(looks) > 1:
            raise Wrong(f"the build {created} was seen in {len(looks)} looks, or never published")
    return reads


def keep_what_failed(course: Course, folder: Path) -> None:
    """Copy the place of a soak that failed to where it outlives the disk."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(course.acts.place.root, folder, symlinks=True)
