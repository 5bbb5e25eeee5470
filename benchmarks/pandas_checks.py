"""The same facts and the same checks in pandas, as an analyst would write them.

Vectorised throughout: texts are read once for each distinct text, table 三 is melted to long form,
sums are groupbys, other years and members are merges. It makes the three facts and the verdict on
every check, and prints how many checks of each identity came to which status.

    python -m benchmarks.pandas_checks LANDING
"""

import json
import re
import sys
from pathlib import Path

import pandas as pd

ROOT = Path(__file__).parents[1]
REFERENCE = ROOT / "seeds" / "reference"
STEWARDSHIP = ROOT / "seeds" / "stewardship"
APPLICANTS = [
    "natural_person",
    "commercial_enterprise",
    "research_institution",
    "public_welfare_organization",
    "legal_service_organization",
    "other_organization",
    "total",
]
RESULTS = ["upheld", "corrected", "other", "pending", "total"]
CELL = ["report_id", "line_code", "column_code"]
CHECK = ["report_id", "identity_id", "slice"]

FULL_WIDTH = str.maketrans("０１２３４５６７８９．，＋－（）／", "0123456789.,+-()/")
DIGITS = r"(?:0|[1-9][0-9]{0,14}|[1-9][0-9]{0,2}(?:,[0-9]{3}){1,4})(?:\.[0-9]{1,8})?"
NUMBER = re.compile(rf"([^0-9.,]*)({DIGITS})([^0-9.,]*)")
REMARK = re.compile(r"([^()]*)\((.*)\)")


def read_seed(folder: Path, name: str) -> pd.DataFrame:
    """A seed, every column text, an empty cell missing."""
    return pd.read_csv(folder / f"{name}.csv", dtype="str")


def read_landed(landing: Path, name: str) -> pd.DataFrame:
    """A raw table out of the landing folder, without the year that its folders are named by."""
    return pd.read_parquet(landing / name, partitioning=None)


def read_numbers(texts: pd.Series) -> pd.DataFrame:
    """What each distinct text means as a count, a change, an amount: value and status of each."""
    words = read_seed(REFERENCE, "printed_words")
    of = {part: rows.set_index("word") for part, rows in words.groupby("part")}
    whole, prefixes, suffixes = of["whole"], of["prefix"], of["suffix"]
    rows = []
    for text in texts.dropna().unique():
        plain = text.translate(FULL_WIDTH).strip()
        remarked = REMARK.fullmatch(plain)
        remark = remarked[2] if remarked else ""
        match = NUMBER.fullmatch(remarked[1].strip() if remarked else plain)
        status, number, before, unit, factor = "unreadable", None, "sign", None, None
        if plain == "":
            status = "blank"
        elif plain in whole.index:
            meaning = whole.at[plain, "meaning"]
            status, number = ("reported", 0.0) if meaning == "zero" else (meaning, None)
        elif match:
            prefix, digits, suffix = match[1].strip(), match[2], match[3].strip()
            is_known = not prefix or prefix in prefixes.index
            if is_known and (not suffix or suffix in suffixes.index):
                status, number = "reported", float(digits.replace(",", ""))
                if prefix:
                    before = prefixes.at[prefix, "meaning"]
                    number *= int(prefixes.at[prefix, "factor"])
                said = suffix or remark
                if said in suffixes.index:
                    unit, factor = suffixes.at[said, "meaning"], int(suffixes.at[said, "factor"])
        rows.append((text, status, number, before, unit, factor))
    numbers = pd.DataFrame(
        rows, columns=["printed", "status", "number", "before", "unit", "factor"]
    )
    is_whole = (numbers["number"] % 1 == 0) & numbers["unit"].isin([None, "count_unit", "scale"])
    whole_number = numbers["number"] * numbers["factor"].fillna(1)
    readings = {
        "count": whole_number.where(is_whole & (numbers["before"] == "sign")),
        "change": whole_number.where(is_whole & numbers["before"].isin(["sign", "change_word"])),
        "amount": numbers["number"].where(
            numbers["before"].isin(["sign", "money_unit"])
            & numbers["unit"].isin([None, "scale", "money_unit"])
        ),
    }
    for kind, values in readings.items():
        numbers[f"{kind}_value"] = values
        numbers[f"{kind}_status"] = numbers["status"].where(
            (numbers["status"] != "reported") | values.notna(), "unreadable"
        )
    return numbers.set_index("printed")


def read_counts(cells: pd.DataFrame, numbers: pd.DataFrame) -> pd.DataFrame:
    """Add value and status to cells that hold a count."""
    cells["value"] = cells["printed"].map(numbers["count_value"])
    cells["status"] = cells["printed"].map(numbers["count_status"]).fillna("blank")
    return cells.drop(columns="printed")


def request_cells(
    requests: pd.DataFrame, reports: pd.DataFrame, lines: pd.DataFrame, numbers: pd.DataFrame
) -> pd.DataFrame:
    """Table 三 in long form; lines that a report leaves out are `absent`."""
    cells = requests.melt(["report_id", "line_code"], APPLICANTS, "column_code", "printed")
    cells = read_counts(cells, numbers)
    parts = set(lines.loc[lines["parent_line_code"] == "other_processing", "line_code"])
    printed = requests[["report_id", "line_code"]]
    with_parts = set(printed.loc[printed["line_code"].isin(parts), "report_id"])
    is_whole = printed["line_code"] == "other_processing"
    with_whole = set(printed.loc[is_whole, "report_id"])
    cells["is_subtotal"] = (cells["line_code"] == "other_processing") & cells["report_id"].isin(
        with_parts
    )
    due = reports[["report_id", "layout"]].merge(
        lines.loc[lines["is_variant"] == "false", ["layout", "line_code"]], on="layout"
    )
    is_printed = due.merge(printed.assign(printed=True), "left", on=["report_id", "line_code"])
    missing = due[is_printed["printed"].isna().to_numpy()]
    answered = (missing["line_code"].isin(parts) & missing["report_id"].isin(with_whole)) | (
        (missing["line_code"] == "other_processing") & missing["report_id"].isin(with_parts)
    )
    return pd.concat([cells, absent(missing[~answered], APPLICANTS)], ignore_index=True)


def absent(lines: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    """The cells of lines that a document does not have."""
    cells = lines[["report_id", "line_code"]].merge(
        pd.DataFrame({"column_code": columns}), how="cross"
    )
    return cells.assign(value=float("nan"), status="absent", is_subtotal=False)


def review_cells(
    reviews: pd.DataFrame, reports: pd.DataFrame, lines: pd.DataFrame, numbers: pd.DataFrame
) -> pd.DataFrame:
    """Table 四 in long form; channels that a report leaves out are `absent`."""
    reviews = reviews.rename(columns={"channel": "line_code"})
    cells = reviews.melt(["report_id", "line_code"], RESULTS, "column_code", "printed")
    due = reports[["report_id", "layout"]].merge(lines[["layout", "line_code"]], on="layout")
    printed = reviews[["report_id", "line_code"]].assign(printed=True)
    is_printed = due.merge(printed, "left", on=["report_id", "line_code"])
    missing = due[is_printed["printed"].isna().to_numpy()]
    return pd.concat(
        [read_counts(cells, numbers).assign(is_subtotal=False), absent(missing, RESULTS)],
        ignore_index=True,
    )


def disclosure_cells(
    disclosures: pd.DataFrame, reports: pd.DataFrame, numbers: pd.DataFrame
) -> pd.DataFrame:
    """Table 二; money in yuan, cells that a report leaves out are `absent`."""
    measures = read_seed(REFERENCE, "measures")
    kinds = measures.drop_duplicates("measure_code").set_index("measure_code")["kind"]
    words = read_seed(REFERENCE, "printed_words")
    factors = words[words["part"] == "suffix"].set_index("word")["factor"].astype(float)
    form_factors = measures.set_index(["layout", "measure_code"])["form_unit"].map(factors)
    cells = disclosures.merge(reports[["report_id", "layout"]], on="report_id")
    read = numbers.reindex(cells["printed"]).reset_index(drop=True)
    kind = cells["measure_code"].map(kinds)
    places = pd.MultiIndex.from_frame(cells[["layout", "measure_code"]])
    form_factor = pd.Series(form_factors.reindex(places).to_numpy())
    amount = read["amount_value"] * read["factor"].fillna(form_factor)
    cells["value"] = (
        read["count_value"]
        .where(kind != "change", read["change_value"])
        .where(kind != "amount", amount)
    )
    cells["status"] = (
        read["count_status"]
        .where(kind != "change", read["change_status"])
        .where(kind != "amount", read["amount_status"])
        .fillna("blank")
    )
    due = reports[["report_id", "layout"]].merge(read_seed(REFERENCE, "form_cells"), on="layout")
    place = ["report_id", "line_code", "measure_code"]
    is_printed = due.merge(cells[place].assign(printed_=True), "left", on=place)
    missing = due[is_printed["printed_"].isna().to_numpy()]
    every = pd.concat(
        [cells[[*place, "value", "status"]], missing[place].assign(status="absent")],
        ignore_index=True,
    )
    return every.rename(columns={"measure_code": "column_code"}).assign(is_subtotal=False)


def narrative_cells(figures: pd.DataFrame, numbers: pd.DataFrame) -> pd.DataFrame:
    """The figures of the prose, one row each; stated twice and differently is `contradictory`."""
    words = read_seed(REFERENCE, "printed_words")
    zeros = set(words.loc[words["part"] == "statement", "word"])
    read = numbers.reindex(figures["printed"]).reset_index(drop=True)
    amount = read["amount_value"] * read["factor"].fillna(1)
    value = read["count_value"].fillna(amount).mask(figures["printed"].isin(zeros), 0)
    grouped = figures.assign(value=value).groupby(["report_id", "figure_code"])["value"]
    stated = grouped.agg(["min", "max", "count", "size"]).reset_index()
    unread, differs = stated["count"] < stated["size"], stated["min"] != stated["max"]
    stated["status"] = "reported"
    stated.loc[differs, "status"] = "contradictory"
    stated.loc[unread, "status"] = "unreadable"
    stated["value"] = stated["min"].where(stated["status"] == "reported")
    stated = stated.rename(columns={"figure_code": "line_code"})
    return stated[["report_id", "line_code", "value", "status"]].assign(
        column_code="stated", is_subtotal=False
    )


def report_pairs(reports: pd.DataFrame, agencies: pd.DataFrame, landing: Path) -> pd.DataFrame:
    """Which report gives the cells of a term: own, last year's in the same layout, members'."""
    own = reports.assign(source_report_id=reports["report_id"], scope="own", year_offset=0)
    earlier = reports[["agency_id", "report_year", "report_id", "layout"]].assign(
        report_year=reports["report_year"] + 1
    )
    bodies = agencies[["agency_id", "predecessor_agency_id"]]
    last = reports.merge(bodies, "left", on="agency_id").merge(
        earlier, "left", on=["agency_id", "report_year"], suffixes=("", "_own")
    )
    last = last.merge(
        earlier.rename(columns={"agency_id": "predecessor_agency_id"}),
        "left",
        on=["predecessor_agency_id", "report_year"],
        suffixes=("", "_before"),
    )
    last["source_report_id"] = last["report_id_own"].fillna(last["report_id_before"])
    source_layout = last["layout_own"].fillna(last["layout_before"])
    last = last[last["layout"] == source_layout].assign(scope="own", year_offset=-1)
    members = pd.concat(
        [
            read_seed(STEWARDSHIP, "rollup_members"),
            pd.read_parquet(landing / "rollup_members.parquet"),
        ]
    )
    members["report_year"] = members["report_year"].astype("int64")
    held = reports[["agency_id", "report_year", "report_id"]]
    members = members.merge(held, on=["agency_id", "report_year"]).merge(
        held.rename(columns={"agency_id": "member_agency_id", "report_id": "source_report_id"}),
        "left",
        on=["member_agency_id", "report_year"],
    )
    is_held = (members["is_complete"] == "true") & members["source_report_id"].notna()
    members = members[is_held.groupby(members["report_id"]).transform("all")]
    members = members.assign(scope="members", year_offset=0)
    pairs = [
        frame[["report_id", "scope", "year_offset", "source_report_id"]]
        for frame in (own, last, members)
    ]
    return pd.concat(pairs, ignore_index=True)


def verdicts(
    cells: dict[str, pd.DataFrame], pairs: pd.DataFrame, reports: pd.DataFrame
) -> pd.DataFrame:
    """The verdict on every check: report, identity, slice, both sides, status."""
    identities = read_seed(REFERENCE, "identities")
    terms = read_seed(REFERENCE, "identity_terms").astype({"year_offset": int, "coefficient": int})
    judged = [
        _judge(
            identity, terms[terms["identity_id"] == identity["identity_id"]], cells, pairs, reports
        )
        for _, identity in identities.iterrows()
    ]
    return pd.concat(judged, ignore_index=True)


def _judge(
    identity: pd.Series,
    terms: pd.DataFrame,
    cells: dict[str, pd.DataFrame],
    pairs: pd.DataFrame,
    reports: pd.DataFrame,
) -> pd.DataFrame:
    checked = reports
    is_rollup = identity["family"] == "rollup"
    if isinstance(identity["layout"], str):
        checked = checked[checked["layout"] == identity["layout"]]
    if is_rollup:
        checked = checked[checked["is_consolidated"]]
    takes_subtotals = identity["form_table"] == "requests" and identity["slice_by"] == "line"
    found = []
    sources = pairs[pairs["report_id"].isin(checked["report_id"])]
    for (table, scope, offset), group in terms.groupby(["form_table", "scope", "year_offset"]):
        of_table = cells[table]
        if is_rollup or not takes_subtotals:
            of_table = of_table[~of_table["is_subtotal"]]
        keys = [key for key in ("line_code", "column_code") if group[key].notna().all()]
        weights = group[[*keys, "coefficient", "side", "when_absent"]]
        for key in keys:
            of_table = of_table[of_table[key].isin(set(group[key]))]
        here = sources[(sources["scope"] == scope) & (sources["year_offset"] == offset)]
        if scope == "own" and offset == 0:
            joined = of_table[of_table["report_id"].isin(checked["report_id"])].copy()
            joined["member"] = joined["report_id"]
        else:
            joined = of_table.rename(columns={"report_id": "member"}).merge(
                here[["report_id", "source_report_id"]].rename(
                    columns={"source_report_id": "member"}
                ),
                on="member",
            )
        joined = joined.merge(weights, on=keys)
        joined["is_own_left"] = (scope == "own") & (offset == 0) & (joined["side"] == "left")
        joined["is_member"] = scope == "members"
        found.append(joined)
    long = pd.concat(found, ignore_index=True)
    long["identity_id"] = identity["identity_id"]
    long["slice"] = {"column": long["column_code"], "line": long["line_code"]}.get(
        identity["slice_by"], "all"
    )
    is_empty = long["status"].isin(["blank", "not_applicable"])
    is_signed = long["column_code"] == "change"
    is_left = long["side"] == "left"
    weighted = long["coefficient"] * long["value"]
    long = long.assign(
        left=weighted.where(is_left),
        right=(-weighted).where(~is_left),
        empty=is_empty,
        raising=is_empty & ((long["coefficient"] > 0) | is_signed),
        lowering=is_empty & ((long["coefficient"] < 0) | is_signed),
        empty_left=is_empty & is_left,
        empty_right=is_empty & ~is_left,
        stopped=long["status"].isin(["unreadable", "contradictory"])
        | ((long["status"] == "absent") & (long["when_absent"] == "not_assessable")),
        reported=long["value"].notna(),
    )
    long["left_reported"], long["right_reported"] = (
        long["left"].notna(),
        long["right"].notna(),
    )
    sums = long.groupby(["report_id", "identity_id", "slice"], sort=False)[
        [
            "left",
            "right",
            "empty",
            "raising",
            "lowering",
            "empty_left",
            "empty_right",
            "stopped",
            "left_reported",
            "right_reported",
            "is_own_left",
            "is_member",
        ]
    ].sum()
    sums = sums[sums["is_own_left"] > 0].reset_index()
    sums["stopped"] += _gap(sums, terms, pairs, is_rollup=is_rollup)
    return _status(sums)


def _gap(
    sums: pd.DataFrame, terms: pd.DataFrame, pairs: pd.DataFrame, *, is_rollup: bool
) -> pd.Series:
    """1 where the report that a check needs is not there, or a line of a member's is not."""
    if is_rollup:
        sizes = pairs[pairs["scope"] == "members"].groupby("report_id").size()
        return (sums["is_member"] < sums["report_id"].map(sizes).fillna(1)).astype(int)
    if (terms["year_offset"] == -1).any():
        with_last = set(pairs.loc[pairs["year_offset"] == -1, "report_id"])
        return (~sums["report_id"].isin(with_last)).astype(int)
    return pd.Series(0, index=sums.index)


def _status(sums: pd.DataFrame) -> pd.DataFrame:
    # Amounts have four decimals at most; floats are rounded to them before they are compared.
    gap = (sums["left"] - sums["right"]).round(4)
    no_side = ((sums["left_reported"] == 0) & (sums["empty_left"] == 0)) | (
        (sums["right_reported"] == 0) & (sums["empty_right"] == 0)
    )
    could_close = ((gap < 0) & (sums["raising"] > 0)) | ((gap > 0) & (sums["lowering"] > 0))
    sums["status"] = "broken"
    sums.loc[could_close, "status"] = "not_assessable"
    sums.loc[gap == 0, "status"] = "holds"
    sums.loc[(gap == 0) & (sums["empty"] > 0), "status"] = "holds_if_blank_is_zero"
    sums.loc[(sums["stopped"] > 0) | no_side, "status"] = "not_assessable"
    return sums[["report_id", "identity_id", "slice", "left", "right", "status"]]


def facts(
    cells: dict[str, pd.DataFrame],
    checks: pd.DataFrame,
    pairs: pd.DataFrame,
    reports: pd.DataFrame,
    lines: pd.DataFrame,
) -> dict[str, pd.DataFrame]:
    """The three facts, each cell with whether a broken check touches it."""
    touched = broken_cells(checks, pairs)
    known = reports[["report_id", "agency_id", "report_year", "is_consolidated"]]
    leaves = lines[lines["line_kind"] == "leaf"].drop_duplicates("line_code")
    made = {}
    for table in ("requests", "reviews", "disclosures"):
        rows = cells[table][~cells[table]["is_subtotal"]].drop(columns="is_subtotal")
        if table != "disclosures":
            rows = rows[rows["column_code"] != "total"]
        if table == "requests":
            rows = rows.merge(leaves[["line_code", "stage", "outcome_group"]], on="line_code")
        rows = rows.merge(known, on="report_id").merge(
            touched.loc[touched["form_table"] == table, CELL].assign(is_broken=True),
            "left",
            on=CELL,
        )
        made[table] = rows.assign(is_consistent=rows["is_broken"].isna()).drop(columns="is_broken")
    return made


def broken_cells(checks: pd.DataFrame, pairs: pd.DataFrame) -> pd.DataFrame:
    """Every cell that a broken check touches."""
    identities = read_seed(REFERENCE, "identities")[["identity_id", "slice_by"]]
    terms = read_seed(REFERENCE, "identity_terms").astype({"year_offset": int})
    broken = checks.loc[checks["status"] == "broken", CHECK]
    touched = broken.merge(identities, on="identity_id").merge(terms, on="identity_id")
    touched = touched.merge(pairs, on=["report_id", "scope", "year_offset"])
    touched["line_code"] = touched["line_code"].mask(
        touched["slice_by"] == "line", touched["slice"]
    )
    touched["column_code"] = touched["column_code"].mask(
        touched["slice_by"] == "column", touched["slice"]
    )
    touched = touched.drop(columns="report_id").rename(columns={"source_report_id": "report_id"})
    return touched[["form_table", *CELL]].drop_duplicates()


def main() -> None:
    """Make facts and checks of a landing folder; print how the checks ended, as JSON."""
    landing = Path(sys.argv[1])
    agencies = pd.concat(
        [read_seed(REFERENCE, "agencies"), pd.read_parquet(landing / "agencies.parquet")]
    )
    agencies["is_consolidated"] = agencies["is_consolidated"] == "true"
    reports = read_landed(landing, "raw_reports")[
        ["report_id", "agency_id", "report_year", "layout", "revision"]
    ]
    reports["report_year"] = reports["report_year"].astype("int64")
    newest = reports.groupby(["agency_id", "report_year"])["revision"].transform("max")
    reports = reports[reports["revision"] == newest].merge(
        agencies[["agency_id", "is_consolidated"]], on="agency_id"
    )
    form_lines = read_seed(REFERENCE, "form_lines")
    of_requests = form_lines[form_lines["form_table"] == "requests"]
    of_reviews = form_lines[form_lines["form_table"] == "reviews"]
    raw = {
        name: read_landed(landing, f"raw_{name}")
        for name in ("requests", "reviews", "disclosures", "narrative_figures")
    }
    texts = pd.concat(
        [raw["disclosures"]["printed"], raw["narrative_figures"]["printed"]]
        + [raw["requests"][column].drop_duplicates() for column in APPLICANTS]
        + [raw["reviews"][column].drop_duplicates() for column in RESULTS]
    )
    numbers = read_numbers(texts)
    cells = {
        "requests": request_cells(raw["requests"], reports, of_requests, numbers),
        "reviews": review_cells(raw["reviews"], reports, of_reviews, numbers),
        "disclosures": disclosure_cells(raw["disclosures"], reports, numbers),
        "narrative": narrative_cells(raw["narrative_figures"], numbers),
    }
    pairs = report_pairs(reports, agencies, landing)
    checks = verdicts(cells, pairs, reports)
    made = facts(cells, checks, pairs, reports, of_requests)
    counts = checks.groupby(["identity_id", "status"]).size()
    ended = {f"{identity} {status}": int(number) for (identity, status), number in counts.items()}
    rows = {table: len(frame) for table, frame in made.items()}
    inconsistent = {table: int((~frame["is_consistent"]).sum()) for table, frame in made.items()}
    sys.stdout.write(json.dumps({"checks": ended, "rows": rows, "inconsistent": inconsistent}))


if __name__ == "__main__":
    main()
