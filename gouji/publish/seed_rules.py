"""What the cells of a seed may hold, as the YAML of seeds and of their staging models says it.

Nothing is ruled here: columns and types are those that dbt makes the table with, codes those that
dbt tests once it is made, and a year, a date or a number where a column's `meta.means` names it.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml

from gouji.paths import PROJECT_FILE, Project, read_project_file

REFERENCE = re.compile(r"ref\('(\w+)'\)")
# CSafeLoader is the same in C; the types of PyYAML do not know it
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class Rule:
    """What a cell of one column may hold; `refers_to` is a seed and its column."""

    means: str
    is_required: bool = False
    allowed: tuple[str, ...] = ()
    refers_to: tuple[str, str] | None = None


@dataclass(frozen=True)
class Seed:
    """A seed's file, and the rules of its columns; no rules where its columns are not declared."""

    name: str
    path: Path
    rules: Mapping[str, Rule]


def read_seeds(project: Project) -> list[Seed]:
    """Read which seeds there are and what is said of them.

    Raises:
        WrongCall: `dbt_project.yml` is no YAML. Of any other file that is none, dbt says so.
    """
    settings = read_project_file(project.root / PROJECT_FILE)
    raw_columns = (settings.get("vars") or {}).get("raw_columns") or {}
    paths = {path.stem: path for path in sorted((project.root / "seeds").rglob("*.csv"))}
    said = {one["name"]: one for one in _described(project.root / "seeds", "seeds")}
    staged = {one["name"]: one for one in _described(project.root / "models/staging", "models")}
    seeds = []
    for name, path in paths.items():
        about = said.get(name, {})
        types = raw_columns.get(name) or (about.get("config") or {}).get("column_types") or {}
        rules = {column: Rule(_type(kind)) for column, kind in types.items()}
        # a staging model takes up the columns of its seed as they are
        for described in (about, staged.get(f"stg_{name.removeprefix('raw_')}", {})):
            for column in described.get("columns") or []:
                if column["name"] in rules:
                    rules[column["name"]] = _with(rules[column["name"]], column, paths)
        seeds.append(Seed(name, path, rules))
    return seeds


def _described(folder: Path, kind: str) -> Iterator[dict[str, Any]]:
    for file in sorted(folder.rglob("*.yml")):
        try:
            found = yaml.load(file.read_text(encoding="utf-8"), LOADER)  # noqa: S506  # a safe one
        except (yaml.YAMLError, UnicodeDecodeError):
            continue
        yield from (found or {}).get(kind) or []


def _type(kind: str) -> str:
    return kind.partition("(")[0].strip().lower()


def _with(rule: Rule, column: Mapping[str, Any], seeds: Mapping[str, Path]) -> Rule:
    """Add what is said of a column to what its type says."""
    means = ((column.get("config") or {}).get("meta") or {}).get("means")
    if means:
        rule = replace(rule, means=means)
    for test in column.get("data_tests") or []:
        if test == "not_null":
            rule = replace(rule, is_required=True)
        if not isinstance(test, dict):
            continue
        (name, told), *_ = test.items()
        arguments = told.get("arguments") or {}
        if (told.get("config") or {}).get("where"):
            continue
        if name == "accepted_values":
            rule = replace(rule, allowed=tuple(map(str, arguments["values"])))
        if name == "relationships" and (found := REFERENCE.fullmatch(arguments["to"])):
            of = found[1].removeprefix("stg_")
            target = next((one for one in (of, f"raw_{of}") if one in seeds), None)
            if target:
                rule = replace(rule, refers_to=(target, arguments["field"]))
    return rule
