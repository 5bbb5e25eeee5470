"""What the project says of itself: each thing once, of what is there."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
FILES = sorted(
    chain.from_iterable((ROOT / d).rglob("*.yml") for d in ("macros", "models", "seeds"))
)
LONG = 40
DOCS = sorted((*(ROOT / "docs").glob("glossary*.md"), *(ROOT / "docs").glob("walk*.md")))
FOLDERS = ("gouji", "macros", "models", "seeds", "tests")


def descriptions(node: yaml.Node) -> Iterator[yaml.ScalarNode]:
    """Give the descriptions in some YAML; what an alias stands for is the same node."""
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == "description" and isinstance(value, yaml.ScalarNode):
                yield value
            yield from descriptions(value)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            yield from descriptions(value)


def test_a_description_is_said_once() -> None:
    """What several columns share is a doc block in `models/docs/`, or an anchor in one file."""
    said: dict[str, set[int]] = defaultdict(set)
    nodes = [yaml.compose(file.read_text("utf-8"), Loader=yaml.CSafeLoader) for file in FILES]
    for description in chain.from_iterable(map(descriptions, nodes)):
        said[" ".join(description.value.split())].add(id(description))
    assert len(said) > 400
    blocks = re.findall(
        r"{% docs \w+ %}\s*(.+?)\s*{% enddocs %}",
        "".join(file.read_text("utf-8") for file in (ROOT / "models" / "docs").glob("*.md")),
    )
    assert len(blocks) > 100
    times = Counter({text: len(places) for text, places in said.items()}) + Counter(blocks)
    assert [
        text
        for text, count in times.items()
        if count > 1 and len(text) > LONG and not text.startswith("{{")
    ] == []


@pytest.mark.parametrize("doc", DOCS, ids=lambda doc: doc.name)
def test_every_path_that_is_named_is_there(doc: Path) -> None:
    text = doc.read_text(encoding="utf-8")
    named = set(re.findall(r"`([\w/.*-]+\.(?:csv|md|py|sql|toml|yml)|[\w/-]+/)`", text))
    linked = {link.partition("#")[0] for link in re.findall(r"\]\(([^)#:]+[^):]*)\)", text)}
    assert named | linked
    assert [name for name in sorted(named) if not is_there(name)] == []
    assert [link for link in sorted(linked) if not (doc.parent / link).exists()] == []


def is_there(name: str) -> bool:
    """A path from the project's folder, or the name of a file in one that stands in the text."""
    return any(ROOT.glob(name)) or any(any((ROOT / folder).rglob(name)) for folder in FOLDERS)


def test_every_macro_is_described() -> None:
    """An engine's form of a macro (`duckdb__…`), and a part of one (`_…`), are said by it."""
    there = {
        name
        for file in (ROOT / "macros").rglob("*.sql")
        for name in re.findall(r"{%-? *macro (\w+)", file.read_text("utf-8"))
        if "__" not in name and not name.startswith("_")
    }
    told = {
        macro["name"]
        for file in FILES
        for macro in yaml.safe_load(file.read_text("utf-8")).get("macros", [])
        if macro["description"]
    }
    assert len(there) > 60
    assert there == told
