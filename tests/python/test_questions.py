"""`gouji sql` answers in three formats, and reads: it writes nothing, nowhere."""

import csv
import io
import json
import os
import pty
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest
from rich.console import Console

from gouji.answers import as_csv, as_json
from gouji.errors import WrongCall
from gouji.questions import answered
from gouji.screen import show_rows

Gouji = Callable[..., subprocess.CompletedProcess[str]]
ROOT = Path(__file__).parents[2]
# Everything that a format may get wrong.
CELLS = """
select
    1.50::decimal(9, 2) as amount, 0 / 0 as no_number, null as nothing, '' as empty,
    date '2024-01-31' as day, [1, 2] as list, true as is_so, 'a "b", c' as text
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a warehouse with a table of 300 rows."""
    folder = tmp_path_factory.mktemp("questions")
    with duckdb.connect(str(folder / "gouji.duckdb")) as connection:
        connection.execute(
            "create schema marts; create schema quality; create schema reference;"
            " create table marts.numbers as select range as number, '[red]' as word from range(300)"
        )
    return folder


def written(folder: Path, statement: str, write: Callable[..., Iterator[str]]) -> str:
    with answered(folder / "gouji.duckdb", statement) as (columns, rows):
        return "".join(f"{line}\n" for line in write(columns, rows))


def test_csv_keeps_what_is_not_there_apart_from_empty_text(folder: Path) -> None:
    text = written(folder, CELLS, as_csv)
    assert text == (
        "amount,no_number,nothing,empty,day,list,is_so,text\n"
        '1.50,,,"",2024-01-31,"[1, 2]",true,"a ""b"", c"\n'
    )
    assert list(csv.reader(io.StringIO(text)))[1][-1] == 'a "b", c'


def test_json_is_json(folder: Path) -> None:
    # NaN, which JSON does not know, would be read as a number
    rows = json.loads(written(folder, CELLS, as_json), parse_constant=pytest.fail)
    assert rows == [
        {
            "amount": "1.50",
            "no_number": None,
            "nothing": None,
            "empty": "",
            "day": "2024-01-31",
            "list": [1, 2],
            "is_so": True,
            "text": 'a "b", c',
        }
    ]
    assert json.loads(written(folder, "from numbers where false", as_json)) == []
    assert len(json.loads(written(folder, "from numbers", as_json))) == 300
    with pytest.raises(WrongCall, match="Two columns are called a"):
        written(folder, "select 1 as a, 2 as a", as_json)


def test_a_table_says_what_it_leaves_out(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def shown(statement: str) -> str:
        with answered(folder / "gouji.duckdb", statement) as (columns, rows):
            show_rows(Console(width=140), columns, rows)
        return capsys.readouterr().out

    # text is no markup of the screen's, and a number has no marks of thousands
    table = shown("from numbers order by number")
    assert table.count("[red]") == 200
    assert "The first 200 rows" in table
    assert "2024" in shown("select 2024 as year")
    assert "first" not in shown("from numbers limit 200")
    # what has no room is said, not drawn in no width
    many = ", ".join(f"{number} as column_{number}" for number in range(80))
    wide = shown(f"select '{'长' * 30}' as first_one, {many}")
    assert "长" * 30 in wide
    assert "column_5" in wide
    assert "The first 9 of 81 columns; all of them: --format csv or json" in wide


@pytest.mark.parametrize(
    ("statement", "problem"),
    [
        ("delete from marts.numbers", "only reads, and DELETE"),
        ("update marts.numbers set word = ''", "only reads, and UPDATE"),
        ("copy (select 1) to '{folder}/out.csv'", "only reads, and COPY"),
        ("attach '{folder}/other.duckdb'", "only reads, and ATTACH"),
        ("export database '{folder}/out'", "only reads, and EXPORT"),
        ("install httpfs", "only reads, and LOAD"),
        ("set memory_limit = '1TB'", "only reads, and SET"),
        ("set enable_external_access = true", "only reads, and SET"),
        ("create table marts.more as select 1; select 1", "read-only mode"),
        ("explain analyze delete from marts.numbers", "read-only mode"),
        ("from read_text('/etc/hostname')", "file system operations are disabled"),
        ("from '{folder}/beside.csv'", "file system operations are disabled"),
        ("from 'https://example.org/a.csv'", "file system operations are disabled"),
        ("create temp table more as select 1", "one statement that gives rows"),
        ("select 1; select 2", "one statement that gives rows"),
        ("", "one statement that gives rows"),
        ("selec 1", "syntax error"),
        ("from no_such_table", "no_such_table does not exist"),
        ("select cast(word as integer) from numbers", "Could not convert"),
    ],
)
def test_what_does_more_than_read_is_refused(folder: Path, statement: str, problem: str) -> None:
    before = sorted(folder.iterdir()), (folder / "gouji.duckdb").read_bytes()
    with (
        pytest.raises(WrongCall, match=problem) as said,
        answered(folder / "gouji.duckdb", statement.format(folder=folder)) as (_, rows),
    ):
        list(rows)
    assert "\n" not in str(said.value)
    assert before == (sorted(folder.iterdir()), (folder / "gouji.duckdb").read_bytes())


def test_a_pivot_is_one_statement(folder: Path) -> None:
    question = "pivot marts.numbers on word using count(*)"
    with answered(folder / "gouji.duckdb", question) as (columns, rows):
        assert columns == ["number", "[red]"]
        assert len(list(rows)) == 300


def test_the_command_answers_and_a_wrong_statement_is_a_wrong_call(
    folder: Path, gouji: Gouji, tmp_path: Path
) -> None:
    asked = ("sql", "select 2024 as year, null as x", "--format", "csv", "--warehouse")
    done = gouji(*asked, folder)
    assert (done.returncode, done.stdout, done.stderr) == (0, "year,x\n2024,\n", "")
    for wrong in (
        gouji("sql", "delete from numbers", "--warehouse", folder),
        gouji(*asked, tmp_path),
    ):
        assert wrong.returncode == 2
        assert len(wrong.stderr.splitlines()) == 1
        assert wrong.stdout == ""


def shell(folder: Path, statements: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "gouji.cli", "sql", "--warehouse", str(folder), *arguments]
    return subprocess.run(
        command, cwd=ROOT, input=statements, capture_output=True, text=True, check=False
    )


def test_the_shell_reads_what_is_piped_into_it(folder: Path) -> None:
    done = shell(folder, "select count(*) as n from numbers; select null as x, '' as y;")
    assert done.returncode == 0, done.stderr
    assert "300" in done.stdout
    written = shell(folder, "select 1 as n, null as x;", "--format", "csv")
    assert written.stdout == "n,x\n1,\n"


@pytest.mark.parametrize(
    "statement",
    [
        "delete from numbers;",
        "from '/etc/hostname';",
        "set lock_configuration = false;",
        ".shell ls",
        ".output out.csv",
    ],
)
def test_the_shell_only_reads(folder: Path, statement: str) -> None:
    before = (folder / "gouji.duckdb").read_bytes()
    done = shell(folder, f"{statement}\nselect 'still ' || 'there';\n")
    # it ends with the first statement that fails
    assert done.returncode == 2, done.stdout
    assert "Error: " in done.stderr or "in -safe mode" in done.stderr
    assert "still there" not in done.stdout
    assert (folder / "gouji.duckdb").read_bytes() == before


def test_the_shell_completes_names_and_ctrl_c_stops_a_statement_only(
    folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("HOME", str(tmp_path))
    child, terminal = pty.fork()
    if child == 0:
        command = [sys.executable, "-m", "gouji.cli", "sql", "--warehouse", str(folder)]
        os.chdir(ROOT)
        os.execv(sys.executable, command)
    os.set_blocking(terminal, False)
    termios.tcsetwinsize(terminal, (40, 120))

    def shows(text: bytes) -> None:
        """Answer what a terminal is asked, until the text is there."""
        shown, last = b"", time.monotonic() + 30
        while text not in shown:
            assert time.monotonic() < last, shown
            try:
                new = os.read(terminal, 65536)
            except BlockingIOError:
                time.sleep(0.02)
                continue
            if b"\x1b]11;?" in new:
                os.write(terminal, b"\x1b]11;rgb:0000/0000/0000\x07\x1b[?1;2c")
            os.write(terminal, new.count(b"\x1b[6n") * b"\x1b[5;1R")
            shown += new

    shows(b"D ")  # the end of its prompt
    os.write(terminal, b"from numb")
    shows(b"numb")
    os.write(terminal, b"\t")
    shows(b"umbers")
    os.write(terminal, b" select 'rows: ' || count(*);\r")
    shows(b"rows: 300")
    os.write(terminal, b"select count(*) from range(1000000000) a, range(1000000) b;\r")
    time.sleep(0.5)
    os.write(terminal, b"\x03")
    shows(b"D ")
    os.write(terminal, b"select 'still ' || 'there';\r")
    shows(b"still there")
    os.write(terminal, b".exit\r")
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_nobody_reads_to_the_end(folder: Path) -> None:
    """Whoever reads may go away: it is no failed gate, which would be a 1."""
    for arguments in (
        ("sql", "from range(3000000)", "--format", "csv", "--warehouse", str(folder)),
        ("sql", "from range(300)", "--warehouse", str(folder)),
        ("--help",),
    ):
        command = [sys.executable, "-m", "gouji.cli", *arguments]
        with subprocess.Popen(
            command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        ) as child:
            assert child.stdout
            assert child.stderr
            child.stdout.close()
            assert child.stderr.read() == b""
            assert child.wait() == 0, arguments
