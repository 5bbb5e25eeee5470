"""The server: which address gives what."""

import json
from collections.abc import AsyncIterator, Callable, Generator, Iterable, Iterator
from contextlib import asynccontextmanager, closing
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import altair as alt
from starlette.applications import Starlette
from starlette.concurrency import iterate_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import (
    HTMLResponse,
    JSONResponse,
    RedirectResponse,
    Response,
    StreamingResponse,
)
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from gouji.answers import as_csv, as_json
from gouji.errors import GoujiError, WrongCall
from gouji.findings.words import Language
from gouji.paths import Warehouse
from gouji.serve import api, ask, lists, tables
from gouji.serve.build import Build, Builds, Busy
from gouji.serve.compare import compared
from gouji.serve.guard import HEADERS, Guard
from gouji.serve.pages import (
    WHOLE,
    NotThere,
    agency_page,
    drawing,
    region_page,
    report_page,
    warm,
    whole_page,
)
from gouji.site import dbt_pages
from gouji.site.charts import BLUE, ROWS, AnyChart, chart_kind, write_vega
from gouji.site.page import Site
from gouji.site.pages.feed import FEED
from gouji.site.pages.series import write_kinds
from gouji.site.tables import Column, Table, write_tables
from gouji.site.words import same, words

# Lists up to this are one page, sorted and filtered by the browser, as on the static site.
ROWS_OF_WHOLE_LIST = 2_000
MOST_BARS = 60
EXAMPLES = (
    "from agency_year limit 20",
    "select report_year, count(*) as reports from dim_report group by all order by all",
    "select province, count(*) as bodies from dim_agency group by all order by bodies desc",
    "select identity_id, sum(broken) as broken from identity_coverage group by all order by all",
)
Answering = Callable[[Build, Request], Response]
Giving = Callable[[Build, tables.Asked], Iterator[bytes]]


class Server:
    """Answers requests, each from the build that is published when it begins."""

    def __init__(self, warehouse: Warehouse, assets: Path, *, seconds: float = ask.SECONDS) -> None:
        """Open the published build.

        Args:
            warehouse: the folder of the published file.
            assets: a folder, empty, for the styles and scripts of the pages; beside it is kept what
                is made of builds, where the warehouse cannot be written.
            seconds: how long a statement of the SQL page may take.

        Raises:
            WrongCall: there is no published file, or it lacks what is shown.
        """
        self.warehouse = warehouse
        self.assets = assets
        self.seconds = seconds
        otherwise = assets.with_name("builds")
        otherwise.mkdir()
        self.builds = Builds(warehouse, partial(warm, warehouse=warehouse), otherwise)
        self.desk = ask.Desk(seconds)
        self._write_assets()

    def close(self) -> None:
        """Close the build, and end what answers statements."""
        self.desk.close()
        self.builds.close()

    def _write_assets(self) -> None:
        with self.builds.current() as build, build.pages.one() as connection:
            site = Site(connection, self.assets.parent, self.warehouse)
            site.copy_assets()
            write_kinds(site)
        write_tables(self.assets)
        write_vega(self.assets, self.warehouse.site / "assets")

    def app(self, names: Iterable[str], *, is_open: bool = False) -> Starlette:
        """Give the application, for the names by which it may be asked."""
        routes: list[BaseRoute] = [
            self._route("/", lambda build, _: self._whole(build, "index.html")),
            *(self._route(f"/{path}", self._give_whole(path)) for path in WHOLE),
            *(self._route(f"/{path}", self._give_list(one)) for path, one in lists.LISTS.items()),
            *(
                self._route(f"/{folder}/{{name}}.html", self._give_one(draw))
                for folder, draw in {
                    "agencies": agency_page,
                    "regions": region_page,
                    "reports": report_page,
                }.items()
            ),
            self._route("/search", self._search),
            self._route("/compare", self._compare),
            self._route("/sql", self._sql),
            self._route("/sql.csv", partial(self._sql_rows, kind="csv")),
            self._route("/sql.json", partial(self._sql_rows, kind="json")),
            *(
                self._route(f"/tables/{{name}}.{kind}", partial(self._table, kind=kind, give=give))
                for kind, give in {
                    "csv": tables.csv_of,
                    "json": tables.json_of,
                    "parquet": tables.parquet_of,
                }.items()
            ),
            self._route("/api/openapi.json", lambda build, _: JSONResponse(api.described(build))),
            self._route("/api/tables", lambda build, _: JSONResponse(tables.tables(build))),
            self._route("/api/search", self._api_search),
            *(
                self._route(f"/api/{folder}/{{name}}", self._api(give))
                for folder, give in {
                    "agencies": api.body,
                    "regions": api.region,
                    "reports": api.report,
                }.items()
            ),
            Mount("/assets", StaticFiles(directory=self.assets)),
            Mount("/parquet", StaticFiles(directory=self.warehouse.parquet, check_dir=False)),
            *(
                Route(
                    f"/{folder}", lambda _request, to=folder: RedirectResponse(f"/{to}/index.html")
                )
                for folder in ("agencies", "regions", "reports", "docs", "lineage")
            ),
        ]

        @asynccontextmanager
        async def lifespan(_app: Starlette) -> AsyncIterator[None]:
            yield
            self.close()

        return Starlette(
            routes=routes,
            lifespan=lifespan,
            middleware=[Middleware(Guard, names=names, is_open=is_open)],
            exception_handlers={
                HTTPException: self._of_http,
                NotThere: partial(self._of_error, status=404),
                Busy: partial(self._of_error, status=503),
                ask.TooMuch: partial(self._of_error, status=503),
                GoujiError: self._of_ours,
                Exception: partial(self._of_error, status=500),
            },
        )

    def _route(self, path: str, answer: Answering) -> Route:
        def endpoint(request: Request) -> Response:
            with self.builds.current() as build:
                return answer(build, request)

        return Route(path, endpoint)

    def _whole(self, build: Build, path: str) -> Response:
        headers = {}
        if path in (dbt_pages.DOCUMENTATION, dbt_pages.LINEAGE):
            own = f"{dbt_pages.POLICY}; frame-ancestors 'none'"
            headers["content-security-policy"] = own
        media_type = "application/atom+xml" if path == FEED else "text/html"
        page = whole_page(build, self.warehouse, path)
        return Response(page, headers=headers, media_type=media_type)

    def _give_whole(self, path: str) -> Answering:
        return lambda build, _request: self._whole(build, path)

    def _give_one(self, draw: Callable[[Build, Warehouse, str], str]) -> Answering:
        def give(build: Build, request: Request) -> Response:
            return HTMLResponse(draw(build, self.warehouse, request.path_params["name"]))

        return give

    def _give_list(self, one: lists.List) -> Answering:
        def give(build: Build, request: Request) -> Response:
            if lists.length(build, one) <= ROWS_OF_WHOLE_LIST:
                return HTMLResponse(self._list(build, one))
            part = lists.part_of(build, one, request.query_params)
            return self._page(
                build,
                one.path,
                "part.html.j2",
                section=one.name,
                title=lists.title_of(one),
                part=part,
            )

        return give

    def _list(self, build: Build, one: lists.List) -> str:
        """Draw a short list, or give it as it was drawn."""
        if one.path not in build.drawn:
            with build.pages.one() as connection:
                connection.execute(
                    "create or replace temp table agency_pages as"
                    " select agency_id from prepared.lists.agencies;"
                    "create or replace temp table region_pages as"
                    " select region_code from prepared.lists.regions"
                )
                site = drawing(build, self.warehouse, connection)
                one.write(site)
            build.drawn |= site.pages
        return build.drawn[one.path]

    def _page(
        self, build: Build, path: str, template: str, *, status: int = 200, **context: Any
    ) -> Response:
        with build.pages.one() as connection:
            site = drawing(build, self.warehouse, connection)
            site.write(path, template, **context)
        return HTMLResponse(site.pages[path], status_code=status)

    def _search(self, build: Build, request: Request) -> Response:
        asked = request.query_params.get("q", "").strip()[: lists.MOST_SIGNS]
        return self._page(
            build,
            "search",
            "search.html.j2",
            section="search",
            title=words("search.title"),
            asked_words=asked,
            found=lists.search(build, asked) if asked else None,
            most=lists.MOST_FOUND,
        )

    def _compare(self, build: Build, request: Request) -> Response:
        asked = tuple(
            request.query_params.get(name, "").strip()[: lists.MOST_SIGNS] for name in ("a", "b")
        )
        ids = [lists.body_called(build, name) for name in asked]
        first, second = ids
        bodies, series = (
            compared(build, self.warehouse, (first, second)) if first and second else ([], [])
        )
        return self._page(
            build,
            "compare",
            "compare.html.j2",
            section="compare",
            title=words("compare.title"),
            asked=[body["agency_name"] for body in bodies] or asked,
            not_found=[name for name, id_ in zip(asked, ids, strict=True) if name and not id_],
            bodies=bodies,
            series=series,
        )

    def _sql(self, build: Build, request: Request) -> Response:
        statement = request.query_params.get("q", "")
        answer, problem = None, None
        if statement.strip():
            try:
                answer = self.desk.ask(build.file, statement)
            except WrongCall as error:
                problem = str(error)
        return self._page(
            build,
            "sql",
            "sql.html.j2",
            status=400 if problem else 200,
            section="sql",
            title=words("sql.title"),
            statement=statement,
            address=urlencode({"q": statement}),
            problem=problem,
            table=_table_of(answer) if answer else None,
            is_cut=bool(answer and answer.is_cut),
            drawn=_drawn(answer) if answer else None,
            examples=[(one, urlencode({"q": one})) for one in EXAMPLES],
            limits={
                "seconds": f"{self.seconds:g}",
                "memory": ask.MEMORY,
                "rows": ask.ROWS_SHOWN,
                "downloaded": ask.ROWS_DOWNLOADED,
                "signs": ask.MOST_SIGNS,
            },
        )

    def _sql_rows(self, build: Build, request: Request, kind: str) -> Response:
        statement = request.query_params.get("q", "")
        answer = self.desk.ask(build.file, statement, ask.ROWS_DOWNLOADED)
        write = as_csv if kind == "csv" else as_json
        text = "\n".join(write(answer.columns, answer.rows)) + "\n"
        headers = {"x-gouji-cut": "true"} if answer.is_cut else {}
        return Response(
            text, media_type=api.MEDIA[kind], headers=headers | _saved(f"answer.{kind}")
        )

    def _table(self, build: Build, request: Request, kind: str, give: Giving) -> Response:
        name = request.path_params["name"]
        pieces = self._pieces(build, give, tables.asked_of(build, name, request.query_params))
        # what cannot be given is told of before the answer has begun
        first = next(pieces, b"")

        async def streamed() -> AsyncIterator[bytes]:
            with closing(pieces):
                yield first
                async for piece in iterate_in_threadpool(pieces):
                    yield piece

        return StreamingResponse(
            streamed(), media_type=api.MEDIA[kind], headers=_saved(f"{name}.{kind}")
        )

    def _pieces(self, build: Build, give: Giving, asked: tables.Asked) -> Generator[bytes]:
        """Give the pieces of a download; the build and a turn are held until it is closed."""
        with self.builds.longer(build):
            yield from give(build, asked)

    def _api_search(self, build: Build, request: Request) -> Response:
        return _json(api.found_by(build, request.query_params.get("q", "")[: lists.MOST_SIGNS]))

    def _api(self, give: Callable[[Build, str], dict[str, Any]]) -> Answering:
        return lambda build, request: _json(give(build, request.path_params["name"]))

    def _of_http(self, request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 500
        return self._of_error(request, error, status=status)

    def _of_ours(self, request: Request, error: Exception) -> Response:
        status = 400 if isinstance(error, WrongCall) else 500
        return self._of_error(request, error, status=status, problem=str(error))

    def _of_error(
        self, request: Request, _error: Exception, *, status: int, problem: str = ""
    ) -> Response:
        known = status if status in (400, 404, 405, 500, 503) else 404
        title = words(f"error.title.{known}")
        if not _is_page(request.url.path):
            record = {"problem": problem or title.en}
            return JSONResponse(record, status_code=status, headers=HEADERS)
        depth = request.url.path.count("/") - 1
        with self.builds.current() as build:
            path = "/".join(["x"] * (depth + 1))
            answer = self._page(
                build,
                path,
                "error.html.j2",
                status=status,
                section="",
                title=title,
                problem=problem,
            )
        # an error of ours passes by the guard
        answer.headers.update(HEADERS)
        return answer


def _is_page(path: str) -> bool:
    return not path.startswith(("/api/", "/tables/", "/sql.", "/assets/", "/parquet/"))


def _json(record: dict[str, Any]) -> Response:
    return Response(
        json.dumps(record, ensure_ascii=False, default=str), media_type="application/json"
    )


def _saved(name: str) -> dict[str, str]:
    return {"content-disposition": f'attachment; filename="{name}"'}


def _table_of(answer: ask.Answer) -> Table:
    is_number = [
        _is_number(row[place] for row in answer.rows) for place in range(len(answer.columns))
    ]
    return Table(
        name="answer",
        caption=words("sql.result"),
        columns=[
            Column(same(name), is_number=number)
            for name, number in zip(answer.columns, is_number, strict=True)
        ],
        rows=answer.rows,
    )


def _is_number(cells: Iterable[Any]) -> bool:
    found = [cell for cell in cells if cell is not None]
    return bool(found) and all(
        isinstance(cell, int | float) and not isinstance(cell, bool) for cell in found
    )


def _drawn(answer: ask.Answer) -> dict[str, Any] | None:
    """Give a chart of a short answer: bars of its first column of numbers, named by the first."""
    if not 1 < len(answer.rows) <= MOST_BARS or len(answer.columns) < 2:
        return None
    numbers = [
        place
        for place in range(1, len(answer.columns))
        if _is_number(row[place] for row in answer.rows)
    ]
    names = [row[0] for row in answer.rows]
    if not numbers or len(set(map(str, names))) < len(names):
        return None
    place = numbers[0]
    rows = [{"name": str(row[0]), "value": row[place]} for row in answer.rows]
    return BARS.of(rows, height=18 * len(rows) + 10)


def _bars(_language: Language) -> AnyChart:
    bars: AnyChart = (
        alt.Chart(ROWS, width="container")
        .mark_bar(color=BLUE)
        .encode(
            x=alt.X("value:Q", title=None, axis=alt.Axis(format=",.6~f", tickCount=5)),
            y=alt.Y("name:N", sort=None, title=None),
            tooltip=[alt.Tooltip("name:N", title=" "), alt.Tooltip("value:Q", title=" ")],
        )
    )
    return bars


BARS = chart_kind(_bars)
