"""Synthetic reports agree with themselves; planted faults are what their labels say."""

from collections import Counter
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from gouji.errors import WrongCall
from gouji.raw_tables import APPLICANT_COLUMNS, RAW_TABLES, RESULT_COLUMNS
from gouji.synthetic import checks
from gouji.synthetic.faults import SINGLE_CELL_KINDS
from gouji.synthetic.generate import generate
from gouji.synthetic.kinds import KINDS
from gouji.synthetic.landing_folder import (
    LandingFolder,
    open_landing_folder,
)
from gouji.synthetic.numbers import read_number
from gouji.synthetic.plant import plant

REPORTS = 1_400
MEASURES = (
    "made",
    "published",
    "public_total",
    "repealed",
    "in_force",
    "prior_items",
    "change",
    "decisions",
    "projects",
    "amount",
)
STATED = (
    "requests_received",
    "requests_carried_in",
    "requests_processed",
    "requests_granted",
    "requests_carried_out",
    "normative_made",
    "normative_in_force",
    "reviews",
)
FAMILIES = {
    "requests.balance",
    "requests.outcomes",
    "requests.applicants",
    "requests.carry_over",
    "review.total",
    "litigation_direct.total",
    "litigation_after_review.total",
    "documents.stock",
    "items.stock",
    *(f"rollup.requests.{column}" for column in APPLICANT_COLUMNS),
    *(f"rollup.reviews.{column}" for column in RESULT_COLUMNS),
    *(f"rollup.disclosures.{measure}" for measure in MEASURES),
    *(f"narrative.{figure}" for figure in STATED),
}


@pytest.fixture(scope="session")
def clean(tmp_path_factory: pytest.TempPathFactory) -> LandingFolder:
    folder = tmp_path_factory.mktemp("synthetic") / "clean"
    generate(folder, reports=REPORTS, seed=5)
    return open_landing_folder(folder)


@pytest.fixture(scope="session")
def planted(clean: LandingFolder, tmp_path_factory: pytest.TempPathFactory) -> LandingFolder:
    folder = tmp_path_factory.mktemp("synthetic") / "planted"
    plant(clean.root, folder, seed=5, share=0.4)
    return open_landing_folder(folder)


def rows(sql: str) -> list[tuple]:
    return duckdb.sql(sql).fetchall()


def same(one: str, other: str) -> bool:
    return not rows(
        f"(from {one} except all from {other}) union all (from {other} except from {one})"
    )


def judged(folder: LandingFolder) -> duckdb.DuckDBPyConnection:
    """Every check of a folder, from its printed texts."""
    connection = duckdb.connect()
    tables = {name: folder.table(name) for name in RAW_TABLES}
    connection.execute(f"create table everything as select report_id from {tables['raw_reports']}")
    checks.load_terms(connection)
    checks.load_links(
        connection, tables["raw_reports"], folder.read(folder.beside("rollup_members"))
    )
    connection.execute(f"create table cells as {checks.cells_of(tables, 'everything')}")
    checks.judge(connection)
    return connection


def truth(folder: LandingFolder, name: str = "faults") -> str:
    return f"read_parquet('{folder.root}/truth/{name}.parquet')"


# The reports


def test_the_same_seed_gives_the_same_reports_and_another_seed_others(tmp_path):
    one, again, other = (
        open_landing_folder(generate(tmp_path / name, reports=300, seed=seed).folder)
        for name, seed in (("one", 5), ("again", 5), ("other", 6))
    )
    for table in RAW_TABLES:
        assert same(one.table(table), again.table(table)), table
    assert not rows(
        f"from {one.table('raw_requests')} intersect from {other.table('raw_requests')}"
    )


def test_a_larger_set_begins_with_the_smaller_one(clean, tmp_path):
    few = open_landing_folder(generate(tmp_path / "few", reports=300, seed=5).folder)
    for table in RAW_TABLES:
        assert not rows(f"from {few.table(table)} except from {clean.table(table)}"), table
        whose = f"semi join {few.table('raw_reports')} as few using (report_id)"
        assert not rows(
            f"from {clean.table(table)} as whole {whose} except from {few.table(table)}"
        ), table


def test_csv_holds_what_parquet_holds(tmp_path):
    parquet = open_landing_folder(generate(tmp_path / "p", reports=200).folder)
    csv = open_landing_folder(generate(tmp_path / "c", reports=200, kind="csv").folder)
    assert csv.format == "csv"
    for table in RAW_TABLES:
        assert same(parquet.table(table), csv.table(table)), table
    for table in ("agencies", "rollup_members"):
        left, right = parquet.read(parquet.beside(table)), csv.read(csv.beside(table))
        assert same(left, right), table


def test_the_files_have_the_columns_of_the_contract_as_text(clean):
    for table, columns in RAW_TABLES.items():
        relation = duckdb.sql(f"from {clean.table(table)}")
        assert tuple(relation.columns) == columns
        assert {str(kind) for kind in relation.types} == {"VARCHAR"}
        for path in clean.parts(table):
            assert tuple(duckdb.sql(f"from {clean.read(path)}").columns) == columns


def test_reports_are_as_many_as_asked_for_and_plainly_marked(clean):
    reports = clean.table("raw_reports")
    assert rows(f"select count(*), count(distinct report_id) from {reports}") == [
        (REPORTS, REPORTS)
    ]
    assert not rows(f"""
        from {reports}
        where agency_name not like '合成机关%（测试数据）' or title not like '%合成测试报告%'
            or agency_id not like '______-synthetic-______'
            or report_id <> agency_id || '-' || report_year or source_document <> 'synthetic'
    """)
    seeds = Path(__file__).parents[2] / "seeds" / "reference"
    agencies = clean.read(clean.beside("agencies"))
    columns = duckdb.sql(f"from read_csv('{seeds}/agencies.csv', all_varchar = true)").columns
    assert duckdb.sql(f"from {agencies}").columns == columns
    assert same(
        f"(select distinct agency_id from {reports})", f"(select agency_id from {agencies})"
    )
    assert not rows(f"""
        select region_code from {agencies}
        anti join read_csv('{seeds}/regions.csv', all_varchar = true) using (region_code)
    """)


def test_all_ways_of_printing_occur(clean):
    layouts = rows(f"select distinct layout from {clean.table('raw_reports')} order by 1")
    assert layouts == [("2019",), ("2021",)]
    assert rows(f"""
        select count(distinct report_year), bool_or(report_year = '2020' and layout = '2021'),
            bool_or(report_year > '2021' and layout = '2019')
        from {clean.table("raw_reports")}
    """) == [(7, True, True)]
    zeros = rows(f"""
        select avg(coalesce(natural_person = '0', false)::int), bool_or(natural_person is null),
            bool_or(natural_person = '/'), bool_or(natural_person = '无'),
            max(try_cast(natural_person as bigint)) > 50,
            bool_or(natural_person = '0' and other_organization is null),
            bool_or(natural_person > '0' and total is null)
        from {clean.table("raw_requests")}
    """)[0]
    assert 0.6 < zeros[0] < 0.95
    assert all(zeros[1:])
    others = rows(f"""
        select distinct layout, line_code
        from {clean.table("raw_requests")} join {clean.table("raw_reports")} using (report_id)
        where line_code in ('other_processing', 'other_other')
    """)
    assert len(others) == 4
    changes = {
        text
        for (text,) in rows(f"""
            select distinct regexp_replace(printed, '[0-9]+', 'n')
            from {clean.table("raw_disclosures")} where measure_code = 'change'
        """)
    }
    assert {"n", "-n", "+n", "增n", "减n", "增加n", "--n", "/", None} <= changes
    amounts = {
        text
        for (text,) in rows(f"""
            select distinct regexp_replace(printed, '[0-9.]+', 'n')
            from {clean.table("raw_disclosures")} where measure_code = 'amount'
        """)
    }
    assert {"n", "n元", "n万元"} <= amounts


def test_no_identity_is_broken_and_each_was_really_checked(clean):
    verdicts = dict(
        judged(clean)
        .sql("""
            select identity_id, (count(*) filter (status = 'broken'),
                count(*) filter (status = 'holds' and reported_something))
            from verdicts
            inner join (
                select report_id, identity_id, slice, bool_or(value <> 0) as reported_something
                from term_cells group by all
            ) using (report_id, identity_id, slice)
            group by all
        """)
        .fetchall()
    )
    assert set(verdicts) == FAMILIES
    assert {identity for identity, (broken, _) in verdicts.items() if broken} == set()
    held_by_kind: Counter[str] = Counter()
    for identity, (_, held) in verdicts.items():
        # a roll-up of each column is a kind of its own: some columns hold little but zeros
        held_by_kind[".".join(identity.split(".")[:2])] += held
    assert {kind for kind, held in held_by_kind.items() if held < 15} == set()


def test_plain_sums_agree(clean):
    """The same, for the reports with nothing but digits, with nothing of `checks` in it."""
    numbers = ", ".join(f"try_cast({column} as int) as {column}" for column in APPLICANT_COLUMNS)
    parts = " + ".join(APPLICANT_COLUMNS[:-1])
    result = rows(f"""
        with lines as (select report_id, line_code, {numbers} from {clean.table("raw_requests")}),
        plain as (
            select report_id from lines group by all having count(*) = count(total + {parts})
        ),
        sums as (
            select report_id, agency_id, report_year::int as report_year,
                sum(total) filter (line_code = 'new_requests') as new,
                sum(total) filter (line_code = 'carried_in') as carried_in,
                sum(total) filter (line_code = 'total_processed') as processed,
                sum(total) filter (line_code = 'carried_out') as carried_out,
                sum(total) filter (line_code not in
                    ('new_requests', 'carried_in', 'total_processed', 'carried_out')) as outcomes,
                count(*) filter (total <> {parts}) as wrong_rows
            from lines semi join plain using (report_id)
            join {clean.table("raw_reports")} using (report_id)
            group by all
        )
        select count(*), sum(now.wrong_rows),
            count(*) filter (now.new + now.carried_in <> now.processed + now.carried_out),
            count(*) filter (now.processed <> now.outcomes),
            count(*) filter (now.carried_in <> before.carried_out),
            count(*) filter (now.carried_in > 0 and before.carried_out > 0)
        from sums as now left join sums as before
            on now.agency_id = before.agency_id and now.report_year = before.report_year + 1
    """)[0]
    assert result[0] > REPORTS / 2
    assert result[1:5] == (0, 0, 0, 0)
    assert result[5] > 10


def test_a_consolidated_report_adds_up_its_members(clean):
    reports, members = clean.table("raw_reports"), clean.read(clean.beside("rollup_members"))
    totals = f"""(
        select reports.report_id, agency_id, report_year, try_cast(total as int) as total
        from {clean.table("raw_requests")} as requests
        join {reports} as reports using (report_id)
        where line_code = 'new_requests'
    )"""
    compared = rows(f"""
        select parents.total, sum(members.total)
        from {members} as rollup
        join {totals} as members on rollup.member_agency_id = members.agency_id
            and rollup.report_year = members.report_year
        join {totals} as parents on rollup.agency_id = parents.agency_id
            and rollup.report_year = parents.report_year
        where is_complete = 'true'
        group by parents.report_id, parents.total
        having count(members.total) = count(*) and parents.total is not null
    """)
    assert len(compared) > 20
    assert all(parent == total for parent, total in compared)
    assert any(parent > 10 for parent, _ in compared)


# The faults


def test_every_kind_is_planted_about_as_often(planted):
    counts = dict(
        rows(f"select kind, count(distinct fault_id) from {truth(planted)} group by kind")
    )
    assert set(counts) == set(KINDS)
    assert min(counts.values()) > 5
    assert max(counts.values()) <= REPORTS * 0.4 / len(KINDS) + 1


def test_the_same_seed_plants_the_same_faults(tmp_path):
    few = generate(tmp_path / "few", reports=300).folder
    one, again, other = (
        plant(few, tmp_path / name, seed=seed, share=0.3).folder
        for name, seed in (("one", 5), ("again", 5), ("other", 6))
    )
    faults = truth(open_landing_folder(one))
    assert same(faults, truth(open_landing_folder(again)))
    assert not same(faults, truth(open_landing_folder(other)))


def test_labels_are_complete_and_nothing_else_was_changed(clean, planted):
    everything = f"(select report_id from {clean.table('raw_reports')})"
    before, after = (
        checks.cells_of({name: folder.table(name) for name in RAW_TABLES}, everything)
        for folder in (clean, planted)
    )
    changed = f"""(
        select before.*, after.printed as printed_after
        from ({before}) as before
        full join ({after}) as after using (report_id, form_table, line_code, column_code)
        where before.printed is distinct from after.printed
    )"""
    labels = f"""(
        select report_id, form_table, line_code, column_code, printed_before, printed_after
        from {truth(planted)}
    )"""
    assert same(changed, labels)
    assert same(clean.table("raw_reports"), planted.table("raw_reports"))
    cells = "report_id, form_table, line_code, column_code"
    assert not rows(f"select {cells} from {truth(planted)} group by all having count(*) > 1")
    assert not rows(
        f"select report_id from {truth(planted)} group by all having count(distinct fault_id) > 1"
    )


def test_what_breaks_is_what_the_truth_says_and_no_more(planted):
    broken = judged(planted).sql(
        "select report_id, identity_id, slice from verdicts where status = 'broken'"
    )
    expected = rows(f"select report_id, identity_id, slice from {truth(planted, 'fault_checks')}")
    # Each broken check has one fault to it, and no two faults cancel out.
    assert Counter(broken.fetchall()) == Counter(expected)
    assert same(
        f"(select distinct fault_id from {truth(planted)} where changes_identity)",
        f"(select distinct fault_id from {truth(planted, 'fault_checks')})",
    )


def test_a_visible_fault_of_one_cell_is_among_what_explains_it(planted):
    # Over blanks, a fault can make a sum hold that could not be assessed; mending it then undoes
    # what seems to hold.
    assert not rows(f"""
        select fault_id from {truth(planted)}
        where changes_identity and explanations = 0 and report_id not in (
            select report_id from {planted.table("raw_requests")} where total is null
        )
        group by fault_id having count(*) = 1
    """)
    known, unknowable, hidden = rows(f"""
        select count(*) filter (explanations = 1), count(*) filter (explanations > 1),
            count(*) filter (not changes_identity)
        from (select distinct fault_id, explanations, changes_identity from {truth(planted)})
    """)[0]
    assert known > 100
    assert unknowable > 20
    assert hidden > 20


def faults_of(folder: LandingFolder, kind: str) -> dict[str, list[dict]]:
    relation = duckdb.sql(f"from {truth(folder)} where kind = '{kind}' order by all")
    faults: dict[str, list[dict]] = {}
    for row in relation.fetchall():
        change = dict(zip(relation.columns, row, strict=True))
        faults.setdefault(change["fault_id"], []).append(change)
    assert faults
    return faults


def shape_holds(kind: str, before: str, after: str) -> bool:
    """Whether a change of one cell has the shape of its kind."""
    numbers = Decimal(read_number(before).value or 0), Decimal(read_number(after).value or 0)
    longer, _ = sorted((before, after), key=len, reverse=True)
    without_one = {longer[:i] + longer[i + 1 :] for i in range(len(longer))}
    return {
        "sign_lost": numbers[0] < 0 and numbers[1] == -numbers[0],
        "digits_transposed": before != after
        and sorted(before) == sorted(after)
        and sum(a != b for a, b in zip(before, after, strict=False)) == 2,
        "digit_too_many": longer == after and before in without_one,
        "digit_too_few": longer == before and after in without_one and after[0] != "0",
        "factor_ten": 10 * min(numbers) == max(numbers) > 0,
        "factor_ten_thousand": 10_000 * min(numbers) == max(numbers) > 0,
        "total_left_zero": numbers[0] > 0 and after == "0",
        "neighbouring_column": numbers[0] != numbers[1] > 0,
        "kept_from_last_year": numbers[0] != numbers[1] > 0,
        "off_by_one": abs(numbers[0] - numbers[1]) == 1,
        "prose_differs": numbers[0] != numbers[1],
        "part_left_out": numbers[0] > numbers[1] > 0,
        "part_left_zero": numbers[0] > 0 and after == "0",
    }[kind]


@pytest.mark.parametrize("kind", [*SINGLE_CELL_KINDS, "part_left_out", "part_left_zero"])
def test_a_fault_of_one_cell_has_its_shape(planted, kind):
    for changes in faults_of(planted, kind).values():
        assert len(changes) == 1
        change = changes[0]
        assert shape_holds(kind, change["printed_before"], change["printed_after"]), change


def text_of(folder: LandingFolder, report_id: str, change: dict, *, line: str, column: str) -> str:
    table, name = {
        "requests": ("raw_requests", "line_code"),
        "reviews": ("raw_reviews", "channel"),
    }[change["form_table"]]
    return rows(
        f"""select "{column}" from {folder.table(table)}"""
        f" where report_id = '{report_id}' and {name} = '{line}'"
    )[0][0]


def test_a_kept_number_is_last_years(clean, planted):
    faults = [change for (change,) in faults_of(planted, "kept_from_last_year").values()]
    for change in (change for change in faults if change["form_table"] == "requests"):
        agency, year = change["report_id"].rsplit("-", 1)
        last = text_of(
            clean,
            f"{agency}-{int(year) - 1}",
            change,
            line=change["line_code"],
            column=change["column_code"],
        )
        assert change["printed_after"] == last


def test_a_neighbours_number_is_the_neighbours(planted):
    for (change,) in faults_of(planted, "neighbouring_column").values():
        line = {"line": change["line_code"]}
        columns = {
            "requests": APPLICANT_COLUMNS[:-1],
            "reviews": ("upheld", "corrected", "other", "pending"),
        }[change["form_table"]]
        place = columns.index(change["column_code"])
        beside = [columns[i] for i in (place - 1, place + 1) if 0 <= i < len(columns)]
        texts = {text_of(planted, change["report_id"], change, column=c, **line) for c in beside}
        assert change["printed_after"] in texts


def test_patterns_have_their_shapes(clean, planted):
    for changes in faults_of(planted, "cells_exchanged").values():
        one, other = changes
        assert (one["printed_before"], one["printed_after"]) == (
            other["printed_after"],
            other["printed_before"],
        )
        shared = {"line_code", "column_code"}
        assert len([name for name in shared if one[name] == other[name]]) == 1
    order = checks.line_order("requests")
    for changes in faults_of(planted, "total_one_row_too_low").values():
        upper, lower = sorted(changes, key=lambda change: order[change["line_code"]])
        assert upper["column_code"] == lower["column_code"] == "total"
        assert upper["printed_after"] == lower["printed_before"] == "0"
        assert upper["printed_before"] == lower["printed_after"]
    for changes in faults_of(planted, "all_under_one_column").values():
        kept, *_ = [change for change in changes if change["column_code"] == "natural_person"]
        assert all(change["printed_after"] == "0" for change in changes if change is not kept)
        assert sum(int(change["printed_before"]) for change in changes) == int(
            kept["printed_after"]
        )
        assert len({change["line_code"] for change in changes}) == 1
    for kind in ("total_column_left_zero", "total_column_kept"):
        for changes in faults_of(planted, kind).values():
            assert len(changes) > 1
            assert {change["column_code"] for change in changes} == {"total"}
    for fault in faults_of(planted, "total_column_left_zero").values():
        totals = rows(
            f"select distinct total from {planted.table('raw_requests')}"
            f" where report_id = '{fault[0]['report_id']}' and total is not null"
        )
        assert ("0",) in totals
        assert not [total for (total,) in totals if total.isdecimal() and total != "0"]
    for changes in faults_of(planted, "total_column_kept").values():
        change = changes[0]
        agency, year = change["report_id"].rsplit("-", 1)
        now, last = (
            f"(select line_code, total from {folder.table('raw_requests')}"
            f" where report_id = '{agency}-{when}')"
            for folder, when in ((planted, year), (clean, int(year) - 1))
        )
        # A line that one of the two leaves out cannot be kept.
        assert not rows(
            f"from {now} as now join {last} as last using (line_code) where now.total <> last.total"
        )
    for changes in faults_of(planted, "counted_twice").values():
        assert {change["line_code"] for change in changes} == {"carried_out"}
        assert len(changes) == 2
        assert all(
            int(change["printed_after"]) == int(change["printed_before"]) + 1 for change in changes
        )


def table_of(folder: LandingFolder, report_id: str) -> list[list[int]]:
    """The rows of table 三 of a report that holds nothing but digits, in the order of the form."""
    order = checks.line_order("requests")
    found = rows(
        f"select line_code, {', '.join(APPLICANT_COLUMNS)} from {folder.table('raw_requests')}"
        f" where report_id = '{report_id}'"
    )
    return [[int(text) for text in row[1:]] for row in sorted(found, key=lambda r: order[r[0]])]


def last_year(report_id: str) -> str:
    agency, year = report_id.rsplit("-", 1)
    return f"{agency}-{int(year) - 1}"


def columns(table: list[list[int]]) -> list[list[int]]:
    return [list(column) for column in zip(*table, strict=True)]


def test_whole_tables_have_their_shapes(clean, planted):
    def both(kind: str):
        for changes in faults_of(planted, kind).values():
            report_id = changes[0]["report_id"]
            yield report_id, table_of(clean, report_id), table_of(planted, report_id)

    for _, before, after in both("columns_shifted"):
        assert any(
            [row[:width] for row in after]
            in (
                [[0, *row[: width - 1]] for row in before],
                [[*row[1:width], 0] for row in before],
            )
            and [row[width:] for row in after] == [row[width:] for row in before]
            for width in (6, 7)
        )
    for _, before, after in both("rows_shifted"):
        nothing = [0] * 7
        assert after in ([nothing, *before[:-1]], [*before[1:], nothing])
    for _, before, after in both("columns_exchanged"):
        pairs = zip(columns(before), columns(after), strict=True)
        assert sum(one != other for one, other in pairs) == 2
        assert sorted(columns(before)) == sorted(columns(after))
    for _, before, after in both("rows_exchanged"):
        assert sum(one != other for one, other in zip(before, after, strict=True)) == 2
        assert sorted(before) == sorted(after)
    for report_id, _, after in both("table_of_last_year"):
        assert after == table_of(clean, last_year(report_id))
    for _, before, after in both("part_column_left_zero"):
        pairs = list(zip(columns(before), columns(after), strict=True))
        assert [other for one, other in pairs if one != other] == [[0] * len(after)]
    for changes in faults_of(planted, "cumulative").values():
        assert all(int(c["printed_after"]) > int(c["printed_before"]) for c in changes)


def test_a_left_out_part_is_a_part(clean, planted):
    for (change,) in faults_of(planted, "part_left_out").values():
        missing = int(change["printed_before"]) - int(change["printed_after"])
        name = {"requests": "line_code", "reviews": "channel"}[change["form_table"]]
        table = clean.table(f"raw_{change['form_table']}")
        row = rows(
            f"from {table} where report_id = '{change['report_id']}'"
            f" and {name} = '{change['line_code']}'"
        )[0]
        column = rows(
            f"""select "{change["column_code"]}" from {table}"""
            f" where report_id = '{change['report_id']}'"
        )
        assert str(missing) in {*row[2:], *(text for (text,) in column)}


# Texts and calls


@pytest.mark.parametrize(
    ("printed", "status", "value"),
    [
        ("12", "reported", 12),
        ("0/0", "reported", 0),
        ("--253", "reported", -253),
        ("增72", "reported", 72),
        ("减少38", "reported", -38),
        ("55（含自然失效29件）", "reported", 55),
        ("2笔", "reported", 2),
        ("251000元", "reported", 251_000),
        ("976.81万元", "reported", 9_768_100),
        (None, "blank", None),
        ("/", "not_applicable", None),
        ("未收到", "reported", 0),
    ],
)
def test_texts_are_read(printed, status, value):
    assert read_number(printed) == (status, value)


def test_a_folder_that_is_not_empty_is_refused(clean):
    with pytest.raises(WrongCall, match="not empty"):
        generate(clean.root, reports=10)
    with pytest.raises(WrongCall, match="not empty"):
        plant(clean.root, clean.root)


def test_wrong_calls_are_refused(clean, tmp_path):
    with pytest.raises(WrongCall, match="At least one"):
        generate(tmp_path / "none", reports=0)
    with pytest.raises(WrongCall, match="format"):
        generate(tmp_path / "xlsx", reports=10, kind="xlsx")
    with pytest.raises(WrongCall, match="share"):
        plant(clean.root, tmp_path / "all", share=0.9)
    with pytest.raises(WrongCall, match="no raw_reports"):
        plant(tmp_path, tmp_path / "planted")


def test_faults_are_not_planted_over_faults(planted, tmp_path):
    with pytest.raises(WrongCall, match="held faults before"):
        plant(planted.root, tmp_path / "twice", seed=8)
    assert not list((tmp_path / "twice").rglob("*.parquet"))
