"""The verdict on every check: both sides of each identity, and which terms hold no number."""

import pandas as pd

from benchmarks.with_pandas.source import CELL, LINE, Source

VERDICT = pd.CategoricalDtype(["holds", "holds_if_blank_is_zero", "broken", "not_assessable"])
CHECK = ["report_id", "slice"]


def report_pairs(reports: pd.DataFrame, agencies: pd.DataFrame, source: Source) -> pd.DataFrame:
    """Which report gives the cells of a term: own, last year's in the same layout, members'.

    A report whose last year gives none has a pair without a source, and why that is so.
    """
    own = reports[["report_id"]].assign(
        scope="own", year_offset=0, source_report_id=reports["report_id"]
    )
    pairs = pd.concat(
        [
            own,
            last_years(reports, read_successions(agencies, source)),
            member_reports(reports, source),
        ],
        ignore_index=True,
    )
    return source.shorten(pairs)


def last_years(reports: pd.DataFrame, successions: pd.DataFrame) -> pd.DataFrame:
    """The reports of the year before: the body's own, and those of the bodies it took over from.

    Args:
        reports: the current revisions.
        successions: as `read_successions` gives them.
    """
    in_part = (successions["succession_kind"] == "split") | (successions["share"] < 1)
    successions = successions.assign(in_part=in_part)
    dated = successions[successions["report_year"].notna()]
    given_away = dated[dated["in_part"]].assign(agency_id=lambda part: part["source_agency_id"])
    reforms = pd.concat([dated, given_away])
    reforms = reforms[["agency_id", "report_year", "source_agency_id", "in_part"]]
    reforms = reforms.astype({"report_year": "int64"}).drop_duplicates()
    asking = reports[["report_id", "agency_id", "report_year", "layout"]]
    taking = asking.merge(reforms, on=["agency_id", "report_year"])
    first = asking.groupby("agency_id")["report_year"].transform("min")
    goes_on = ~asking["report_id"].isin(taking["report_id"]) | (first < asking["report_year"])
    own = asking[goes_on].assign(source_agency_id=asking["agency_id"], in_part=False)
    sources = pd.concat([own, taking], ignore_index=True)
    earlier = reports[["agency_id", "report_year", "report_id", "layout"]].assign(
        report_year=reports["report_year"] + 1
    )
    earlier.columns = pd.Index(["source_agency_id", "report_year", "own_id", "own_layout"])
    renamed = successions.loc[successions["report_year"].isna(), ["agency_id", "source_agency_id"]]
    renamed.columns = pd.Index(["source_agency_id", "old_agency_id"])
    of_old = earlier.rename(
        columns={
            "source_agency_id": "old_agency_id",
            "own_id": "old_id",
            "own_layout": "old_layout",
        }
    )
    last = (
        sources.merge(earlier, "left", on=["source_agency_id", "report_year"])
        .merge(renamed, "left", on="source_agency_id")
        .merge(of_old, "left", on=["old_agency_id", "report_year"])
    )
    source, layout = (last[f"own_{x}"].fillna(last[f"old_{x}"]) for x in ("id", "layout"))
    stopped = pd.DataFrame(
        {
            "last year: a body was split": last["in_part"].astype(bool),
            "last year: no report": source.isna(),
        }
    )
    stopped = stopped.groupby(last["report_id"]).transform("any")
    why_not = stopped.idxmax(axis=1).where(stopped.any(axis=1))
    return (
        last[["report_id"]]
        .assign(
            scope="own",
            year_offset=-1,
            source_report_id=source.where(why_not.isna()),
            why_not=why_not,
            is_other_layout=layout != last["layout"],
        )
        .drop_duplicates()
    )


def read_successions(agencies: pd.DataFrame, source: Source) -> pd.DataFrame:
    """Who took over from whom: the seed, those landed, and what `agencies` names for any year."""
    recorded = [source.stewardship("agency_successions")]
    if (source.landing / "agency_successions.parquet").exists():
        recorded.append(source.landed("agency_successions"))
    told = pd.concat(recorded).rename(
        columns={
            "successor_agency_id": "agency_id",
            "predecessor_agency_id": "source_agency_id",
            "effective_year": "report_year",
        }
    )
    untold = agencies.loc[
        agencies["predecessor_agency_id"].notna() & ~agencies["agency_id"].isin(told["agency_id"]),
        ["agency_id", "predecessor_agency_id"],
    ].rename(columns={"predecessor_agency_id": "source_agency_id"})
    both = pd.concat([told, untold.assign(succession_kind="renamed")])
    return both.assign(
        report_year=pd.to_numeric(both["report_year"]), share=pd.to_numeric(both["share"])
    )


def member_reports(reports: pd.DataFrame, source: Source) -> pd.DataFrame:
    """The reports that a consolidated one adds up, where all of them are held."""
    landed = source.landed("rollup_members")
    members = pd.concat([source.stewardship("rollup_members"), landed])
    members = members.astype({"report_year": "int32"})
    held = reports[["agency_id", "report_year", "report_id"]]
    of_members = held.rename(
        columns={"agency_id": "member_agency_id", "report_id": "source_report_id"}
    )
    members = members.merge(held, on=["agency_id", "report_year"]).merge(
        of_members, "left", on=["member_agency_id", "report_year"]
    )
    is_held = (members["is_complete"] == "true") & members["source_report_id"].notna()
    members = members[is_held.groupby(members["report_id"]).transform("all")]
    return members[["report_id", "source_report_id"]].assign(scope="members", year_offset=0)


def verdicts(
    cells: dict[str, pd.DataFrame],
    pairs: pd.DataFrame,
    reports: pd.DataFrame,
    source: Source,
) -> pd.DataFrame:
    """The verdict on every check: both sides, how it ended, and which terms hold no number."""
    identities = source.reference("identities")
    terms = read_terms(source)
    identity_id = pd.CategoricalDtype(identities["identity_id"])
    judged = []
    for _, identity in identities.iterrows():
        checked = reports
        if isinstance(identity["layout"], str):
            checked = checked[checked["layout"] == identity["layout"]]
        if identity["family"] == "rollup":
            checked = checked[checked["is_consolidated"]]
        of_identity = terms[terms["identity_id"] == identity["identity_id"]]
        pairs_checked = pairs[pairs["report_id"].isin(checked["report_id"])]
        # Table 二 has other cells in each layout.
        if (
            (of_identity["year_offset"] == -1) & (of_identity["form_table"] == "disclosures")
        ).any():
            pairs_checked = same_layout(pairs_checked)
        found = find_terms(identity, of_identity, cells, pairs_checked, source)
        sides = add_up(found)
        if identity["family"] in ("requests.applicants", "cases.total"):
            sides = tell_undistributed(sides)
        checks = judge(sides, why_not_assessable(identity, of_identity, pairs_checked))
        number = identity_id.categories.get_loc(identity["identity_id"])
        checks["identity_id"] = pd.Categorical.from_codes([number] * len(checks), dtype=identity_id)
        judged.append(checks)
    checks = pd.concat(judged, ignore_index=True)
    return checks.assign(is_acknowledged=acknowledged(checks, source))


def same_layout(pairs: pd.DataFrame) -> pd.DataFrame:
    """The pairs of reports, without a report of last year where one is in the other layout."""
    is_last = (pairs["year_offset"] == -1) & pairs["why_not"].isna()
    is_other = is_last & pairs["report_id"].isin(
        pairs.loc[is_last & pairs["is_other_layout"].astype("boolean").fillna(False), "report_id"]
    )
    return pairs.assign(
        source_report_id=pairs["source_report_id"].mask(is_other),
        why_not=pairs["why_not"].mask(is_other, "last year: report is in the other layout"),
    )


def read_terms(source: Source) -> pd.DataFrame:
    """The terms of the identities, their words as categories."""
    terms = source.reference("identity_terms").astype(
        {
            "term_order": "int8",
            "year_offset": "int8",
            "coefficient": "int8",
            "side": "category",
            "when_absent": "category",
        }
    )
    terms["reading"] = terms["reading"].fillna("as named")
    return source.shorten(terms)


def find_terms(
    identity: pd.Series,
    terms: pd.DataFrame,
    cells: dict[str, pd.DataFrame],
    pairs: pd.DataFrame,
    source: Source,
) -> pd.DataFrame:
    """The cells that the checks of an identity look at, one row for each check and cell."""
    # A subtotal is checked along its own row.
    takes_subtotals = identity["family"] == "requests.applicants"
    found = []
    places = ["form_table", "scope", "year_offset", "reading"]
    for (table, scope, offset, reading), group in terms.groupby(places):
        of_table = cells["subtotals" if reading == "subtotal" else table]
        if takes_subtotals:
            of_table = pd.concat([of_table, cells["subtotals"]], ignore_index=True)
        keys = [key for key in ("line_code", "column_code") if group[key].notna().all()]
        if "line_code" in keys:
            of_table = of_table[of_table["line_code"].isin(group["line_code"])]
        if reading == "total_or_parts":
            of_table = source.shorten(totals_or_parts(of_table))
        if "column_code" in keys:
            of_table = of_table[of_table["column_code"].isin(group["column_code"])]
        of_table = of_table[[*CELL, "value", "status"]]
        here = pairs[(pairs["scope"] == scope) & (pairs["year_offset"] == offset)]
        is_own = scope == "own" and offset == 0
        if is_own:
            joined = of_table[of_table["report_id"].isin(here["report_id"])]
        else:
            joined = of_table.rename(columns={"report_id": "source_report_id"}).merge(
                here[["report_id", "source_report_id"]], on="source_report_id"
            )
        weights = group[[*keys, "term_order", "coefficient", "side", "when_absent"]]
        found.append(joined.merge(weights, on=keys).assign(is_own=is_own, year_offset=offset))
    long = pd.concat(found, ignore_index=True)
    # A term is named by what the slice leaves open.
    if identity["slice_by"] == "column":
        return long.assign(slice=long["column_code"], name=long["line_code"])
    if identity["slice_by"] == "line":
        return long.assign(slice=long["line_code"], name=long["column_code"])
    is_total = long["column_code"] == "total"
    name = long["column_code"].mask(is_total, long["line_code"])
    return source.shorten(long.assign(slice="all", name=name))


def totals_or_parts(cells: pd.DataFrame) -> pd.DataFrame:
    """The totals of rows; where one is blank and not all of its parts are, these in its place."""
    is_part = cells["column_code"] != "total"
    parts = cells[is_part].merge(rows_without_total(cells), on=LINE)
    totals = cells[~is_part].merge(rows_without_total(cells), "left", on=LINE, indicator=True)
    totals = totals[totals["_merge"] == "left_only"].drop(columns="_merge")
    return pd.concat([totals, parts.assign(column_code="total")], ignore_index=True)


def rows_without_total(cells: pd.DataFrame) -> pd.DataFrame:
    """The rows whose total is blank while a part is not."""
    is_part, is_blank = cells["column_code"] != "total", cells["status"] == "blank"
    blank_totals = cells.loc[~is_part & is_blank, LINE]
    parts = cells.loc[is_part & ~is_blank, LINE].drop_duplicates()
    return blank_totals.merge(parts, on=LINE)


def add_up(terms: pd.DataFrame) -> pd.DataFrame:
    """Both sides of each check over the cells that hold a number, and its terms that hold none."""
    is_left = terms["side"] == "left"
    weighted = terms["coefficient"] * terms["value"]
    terms = terms.assign(
        lhs=weighted.where(is_left),
        rhs=(-weighted).where(~is_left),
        is_own_left=terms["is_own"] & is_left,
        others=~terms["is_own"],
    )
    grouped = terms.groupby(CHECK, observed=True, sort=False)
    sums = grouped[["lhs", "rhs"]].sum(min_count=1).round(4)
    sums["others"] = grouped["others"].sum()
    # A check is made where the report itself has, or should have, a cell of the left side.
    sums = sums[grouped["is_own_left"].any()].reset_index()
    gaps = count_gaps(terms[terms["status"] != "reported"])
    checks = sums.merge(gaps, "left", on=CHECK)
    counts = gaps.columns.drop([*CHECK, "words"])
    return checks.assign(**checks[counts].fillna(0))


def tell_undistributed(sides: pd.DataFrame) -> pd.DataFrame:
    """Say so where of a row the total alone is filled."""
    is_one_total = (
        (sides["lhs"] > 0)
        & sides["rhs"].isna()
        & (sides["lowering"] > 0)
        & (sides["lowering"] == sides["empty"])
        & (sides["stopping"] == 0)
    )
    return sides.assign(words=sides["words"].mask(is_one_total, "undistributed: total"))


def count_gaps(terms: pd.DataFrame) -> pd.DataFrame:
    """Per check, its terms that hold no number: how many of which kind, and their names."""
    terms = terms.sort_values(["status", "term_order"])
    # Of several reports of last year, and of several parts of a total, a term is named once for
    # each status; of members each is named.
    is_one = terms["is_own"] | (terms["year_offset"] == -1)
    is_again = terms.duplicated([*CHECK, "status", "term_order"]) & is_one
    terms = terms[~is_again]
    is_blank = terms["status"] == "blank"
    is_empty = is_blank | (terms["status"] == "not_applicable")
    is_signed = terms["column_code"] == "change"
    is_left = terms["side"] == "left"
    must_be_there = terms["when_absent"] == "not_assessable"
    last_year = terms["year_offset"].map({0: "", -1: " last year"})
    terms = terms.assign(
        empty=is_empty,
        raising=is_blank & ((terms["coefficient"] > 0) | is_signed),
        lowering=is_blank & ((terms["coefficient"] < 0) | is_signed),
        empty_left=is_empty & is_left,
        empty_right=is_empty & ~is_left,
        stopping=terms["status"].isin(["unreadable", "contradictory"])
        | ((terms["status"] == "absent") & must_be_there),
        words=terms["name"].astype("str") + last_year + ", ",
    )
    kinds = ["empty", "raising", "lowering", "empty_left", "empty_right", "stopping"]
    gaps = terms.groupby(CHECK, observed=True, sort=False)[kinds].sum()
    # A sum of texts is one text: the names of each status, then those of all statuses.
    named = terms.groupby([*CHECK, "status"], observed=True, sort=False)["words"].sum()
    named = named.reset_index()
    named["words"] = named["status"].astype("str") + ": " + named["words"].str[:-2] + "; "
    words = named.groupby(CHECK, observed=True, sort=False)["words"].sum().str[:-2]
    return gaps.assign(words=words).reset_index()


def why_not_assessable(
    identity: pd.Series, terms: pd.DataFrame, pairs: pd.DataFrame
) -> pd.DataFrame:
    """What reports lack for an identity: a reason, or how many members each line must have."""
    if identity["family"] == "rollup":
        members = pairs[pairs["scope"] == "members"]
        sizes = members.groupby("report_id", observed=True).size().rename("members").reset_index()
        own = pairs.loc[(pairs["scope"] == "own") & (pairs["year_offset"] == 0), ["report_id"]]
        needs = own.merge(sizes, "left", on="report_id")
        why_not = pd.Series("members: no complete set of reports", needs.index)
        return needs.assign(why_not=why_not.where(needs["members"].isna()))
    if (terms["year_offset"] == -1).any():
        last = pairs.loc[pairs["year_offset"] == -1, ["report_id", "why_not"]]
        return last.drop_duplicates().assign(members=float("nan"))
    return pairs[["report_id", "why_not"]].assign(members=float("nan")).head(0)


def judge(checks: pd.DataFrame, needs: pd.DataFrame) -> pd.DataFrame:
    """How each check ended, and why."""
    checks = checks.merge(needs, "left", on="report_id")
    is_short = checks["others"] < checks["members"]
    why_not = checks["why_not"].mask(is_short, "members: a line is missing")
    lhs = checks["lhs"].mask(checks["lhs"].isna() & (checks["empty_left"] > 0), 0)
    rhs = checks["rhs"].mask(checks["rhs"].isna() & (checks["empty_right"] > 0), 0)
    gap = (lhs.fillna(0) - rhs.fillna(0)).round(4)
    could_close = ((gap < 0) & (checks["raising"] > 0)) | ((gap > 0) & (checks["lowering"] > 0))
    is_stopped = (checks["stopping"] > 0) | why_not.notna() | lhs.isna() | rhs.isna()
    status = (
        pd.Series("broken", checks.index, dtype=VERDICT)
        .mask(could_close, "not_assessable")
        .mask(gap == 0, "holds")
        .mask((gap == 0) & (checks["empty"] > 0), "holds_if_blank_is_zero")
        .mask(is_stopped, "not_assessable")
    )
    reason = why_not.fillna(checks["words"])
    reason = reason.mask(reason.isna() & (status == "not_assessable"), "absent: one side")
    return checks[CHECK].assign(
        lhs=lhs, rhs=rhs, difference=(lhs - rhs).round(4), status=status, reason=reason
    )


def acknowledged(checks: pd.DataFrame, source: Source) -> pd.Series:
    """Whether the ledger holds a break with these two sides."""
    ledger = source.shorten(source.stewardship("acknowledged_issues"))
    ledger = ledger[pd.to_datetime(ledger["expires_on"]) >= pd.Timestamp.today().normalize()]
    ledger = ledger.rename(columns={"observed_lhs": "lhs", "observed_rhs": "rhs"})
    of_break = [*CHECK, "identity_id", "lhs", "rhs"]
    ledger = ledger.astype({"lhs": "float64", "rhs": "float64"})[of_break]
    ledger["identity_id"] = ledger["identity_id"].astype(checks["identity_id"].dtype)
    broken = checks.loc[checks["status"] == "broken", of_break].reset_index(names="row")
    return pd.Series(checks.index.isin(broken.merge(ledger, on=of_break)["row"]), checks.index)
