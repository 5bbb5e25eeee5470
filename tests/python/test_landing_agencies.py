"""What a name says of its body: region, level, sector, and which names are one body's.

`ordinary_bodies.csv` tells the sector of ordinary names by hand, apart from the words of
`agency_words`: so the measure can fail.
"""

import csv
from collections.abc import Callable
from itertools import cycle, islice
from pathlib import Path

import pytest

from gouji.landing.agencies import (
    UNCLASSIFIED,
    Proposal,
    Registry,
    UnknownAgency,
    fill_parents,
    settle,
)
from gouji.landing.grid import Refused

ROOT = Path(__file__).parents[2]
SHARE = 0.98  # of the bodies that must be placed right

ORDINARY = list(
    csv.DictReader((Path(__file__).parent / "ordinary_bodies.csv").open(encoding="utf-8"))
)


@pytest.fixture(scope="module")
def registry() -> Registry:
    return Registry(ROOT / "seeds" / "reference")


def is_no_name(region: str) -> bool:
    """Whether a row of the list of regions is one of those that no name of a body holds."""
    return region == "县" or region.endswith(("市辖区", "行政区划", "级区划"))


def proposal(registry: Registry, name: str) -> Proposal:
    with pytest.raises(UnknownAgency) as unknown:
        registry.find(name)
    return unknown.value.proposal


def full_name(registry: Registry, code: str) -> str:
    """A region's name with the names of those above it, as reports give it."""
    names: list[str] = []
    while code:
        row = registry.regions[code]
        if not is_no_name(row["region_name"]):
            names.insert(0, row["region_name"])
        code = row["parent_code"]
    return "".join(names)


def test_usual_departments_of_all_regions(registry: Registry, tell: Callable[[str], None]) -> None:
    """One ordinary body for each region, all kinds in turn: its region, level and sector."""
    codes = [
        code
        for code, row in registry.regions.items()
        if row["region_level"] != "township" and not is_no_name(row["region_name"])
    ]
    # every name in ten regions of each level at least
    cases = list(islice(zip(cycle(codes), cycle(ORDINARY)), len(codes) * 10))
    wrong = []
    for code, body in cases:
        region = registry.regions[code]
        name = full_name(registry, code) + body["name"]
        try:
            parts = registry.take_apart(name)
        except Refused as refusal:
            wrong.append((name, str(refusal)))
            continue
        got = (parts.region_code[:6], registry.level_of(parts)[0], registry.sector_of(parts))
        level = "county" if parts.zone else region["region_level"]
        if got != (code, level, body["sector_code"]):
            wrong.append((name, str(got)))
    tell(f"departments: {1 - len(wrong) / len(cases):.4f} of {len(cases)} placed; {wrong[:3]}")
    assert len(wrong) <= len(cases) * (1 - SHARE), wrong[:20]


def test_governments_of_all_regions(registry: Registry, tell: Callable[[str], None]) -> None:
    endings = {"township": ("", "人民政府", "政府"), "county": ("人民政府", "政府", "")}
    wrong = []
    codes = [code for code, row in registry.regions.items() if not is_no_name(row["region_name"])]
    for code, number in zip(codes, cycle(range(3))):
        region = registry.regions[code]
        level = region["region_level"]
        ending = endings.get(level, endings["county"])[number]
        if region["region_name"].endswith("街道"):
            ending = ("", "办事处", "办事处")[number]
        try:
            parts = registry.take_apart(full_name(registry, code) + ending)
        except Refused as refusal:
            wrong.append((region["region_name"], str(refusal)))
            continue
        got = (parts.region_code, registry.level_of(parts)[0], registry.sector_of(parts))
        if got != (code, level, "general_government"):
            wrong.append((full_name(registry, code) + ending, str(got)))
    tell(f"governments: {1 - len(wrong) / len(codes):.4f} of {len(codes)} placed; {wrong[:3]}")
    assert len(wrong) <= len(codes) * (1 - SHARE), wrong[:20]


def test_ordinary_names_have_their_sector(registry: Registry) -> None:
    wrong = {
        row["name"]: got
        for row in ORDINARY
        if (got := registry.sector_of(registry.take_apart(f"惠安县{row['name']}")))
        != row["sector_code"]
    }
    assert len(wrong) <= len(ORDINARY) * (1 - SHARE), wrong


def test_every_sector_is_in_the_seed(registry: Registry) -> None:
    path = ROOT / "seeds" / "reference" / "sectors.csv"
    with path.open(encoding="utf-8", newline="") as file:
        codes = {row["sector_code"] for row in csv.DictReader(file)}
    words = registry.words
    told = {*words["sector"].values(), *words["zone"].values()} - {""}
    assert told | {"general_government", UNCLASSIFIED} == codes


@pytest.mark.parametrize(
    ("name", "level", "sector"),
    [
        ("惠安县洛阳镇", "township", "general_government"),
        ("惠安县某某镇人民政府", "township", "general_government"),
        ("石家庄市桥西区中山街道办事处", "township", "general_government"),
        ("阿巴嘎旗洪格尔高勒苏木人民政府", "township", "general_government"),
        ("石家庄高新区社会发展局", "county", "social_affairs"),
        ("石家庄高新区管委会", "county", "general_government"),
        ("国家税务总局惠安县税务局", "county", "taxation"),
        ("上海市黄浦区人民政府外事办公室", "county", "foreign_affairs"),
        ("岳阳市南湖新区某局", "county", UNCLASSIFIED),
    ],
)
def test_kinds_of_bodies(registry: Registry, name: str, level: str, sector: str) -> None:
    row = proposal(registry, name).row
    assert (row["level"], row["sector_code"]) == (level, sector)


@pytest.mark.parametrize(
    "names",
    [
        ("惠安县教育局", "泉州市惠安县教育局", "福建省泉州市惠安县教育局"),
        ("惠安县政府", "惠安县人民政府", "惠安县"),
        ("惠安县洛阳镇", "惠安县洛阳镇人民政府", "泉州市惠安县洛阳镇政府"),
        ("惠安县政府办公室", "惠安县人民政府办公室", "泉州市惠安县政府办"),
        ("惠安县发展和改革局", "惠安县发展改革局"),
        ("惠安县卫生健康委", "惠安县卫生健康委员会"),
        ("石家庄市桥西区中山街道", "石家庄市桥西区中山街道办事处"),
        ("国家税务总局惠安县税务局", "惠安县税务局"),
        ("惠安县发改局", "惠安县发展和改革局", "泉州市惠安县发展改革局"),
        ("惠安县住建局", "惠安县住房和城乡建设局"),
        ("惠安县人社局", "惠安县人力资源和社会保障局"),
        ("惠安县卫健局", "惠安县卫健委", "惠安县卫生健康局", "惠安县卫生健康委员会"),
        ("福建省发改委", "福建省发展和改革委员会", "福建省发展改革局"),
        ("福建省科技厅", "福建省科学技术厅", "福建省科学技术委员会"),
        ("惠安县市监局", "惠安县市场监管局", "惠安县市场监督管理局"),
        ("惠安县文旅局", "惠安县文广旅局", "惠安县文化和旅游局", "惠安县文化广电和旅游局"),
        ("惠安县文旅委", "惠安县文化旅游体育局", "惠安县文体旅局", "惠安县文化体育和旅游局"),
        ("惠安县文旅局", "惠安县文广旅体局", "惠安县文化广电旅游体育局"),
        ("惠安县工信局", "惠安县工业和信息化局"),
        ("惠安县应急局", "惠安县应急管理局"),
        ("惠安县医保局", "惠安县医疗保障局"),
        ("惠安县教体局", "惠安县教育和体育局"),
        ("惠安县住建和交通局", "惠安县住房和城乡建设交通运输局"),
    ],
)
def test_one_body_by_several_names(registry: Registry, names: tuple[str, ...]) -> None:
    proposals = [proposal(registry, name) for name in names]
    assert len({one.key for one in proposals}) == 1
    settle(proposals, registry)
    assert len({one.row["agency_id"] for one in proposals}) == 1
    assert proposals[0].row["agency_name"] == max(names, key=len)


@pytest.mark.parametrize(
    "names",
    [
        ("惠安县卫健局", "惠安县卫计局", "惠安县卫健中心", "惠安县卫生局", "泉州市卫健委"),
        ("惠安县文旅局", "惠安县文体局", "惠安县文旅中心", "惠安县文化局", "惠安县旅游局"),
        ("惠安县文化和旅游局", "惠安县文物局", "惠安县体育局", "惠安县文旅发展中心"),
        ("惠安县应急管理局", "惠安县应急管理综合行政执法大队", "惠安县安监局"),
        ("惠安县交通局", "惠安县交通运输服务中心", "惠安县交通建设局"),
        ("惠安县应急局", "石家庄高新区应急局", "泉州市应急局"),
    ],
)
def test_short_names_of_several_bodies(registry: Registry, names: tuple[str, ...]) -> None:
    """Words that are like each other, or of other places, make no names of one body."""
    assert len({proposal(registry, name).key for name in names}) == len(names)


def test_a_department_that_is_known_by_another_name(registry: Registry) -> None:
    """A later landing finds it by any of its names."""
    known = proposal(registry, "惠安县卫健局").row
    again = Registry(registry.reference)
    again.agencies = {known["agency_id"]: known}  # type: ignore[misc]
    assert again.find("惠安县卫生健康委员会") == known["agency_id"]
    with pytest.raises(UnknownAgency):
        again.find("惠安县卫生局")


def test_full_words_are_full() -> None:
    """None of them is short for another, and none holds a 和, which names are compared without."""
    with (ROOT / "seeds/reference/agency_words.csv").open(encoding="utf-8", newline="") as file:
        full = {row["word"]: row["full_word"] for row in csv.DictReader(file) if row["full_word"]}
    assert len(full) > 30
    assert not set(full) & set(full.values())
    assert not set("和与及暨、·") & set("".join(full.values()))


@pytest.mark.parametrize("turn", [1, -1])
def test_two_bodies_with_one_slug(registry: Registry, turn: int) -> None:
    names = ["深圳市水务局", "深圳市税务局", "惠安县洛阳镇", "惠安县螺阳镇"]
    proposals = {name: proposal(registry, name) for name in names[::turn]}
    settle(proposals.values(), registry)
    ids = {name: one.row["agency_id"] for name, one in proposals.items()}
    assert ids == {
        "深圳市水务局": "440300-shuiwu",
        "深圳市税务局": "440300-shuiwu2",
        "惠安县螺阳镇": "350521-luoyangzhen",
        "惠安县洛阳镇": "350521-luoyangzhen2",
    }


def test_a_body_that_waits_keeps_its_id(registry: Registry) -> None:
    waits = proposal(registry, "惠安县螺阳镇")
    other, same = proposal(registry, "惠安县洛阳镇"), proposal(registry, "惠安县螺阳镇人民政府")
    settle([other, same], registry, waiting=[waits.row])
    assert same.row["agency_id"] == waits.row["agency_id"]
    assert other.row["agency_id"] == f"{waits.row['agency_id']}2"


@pytest.mark.parametrize(
    ("name", "missing"),
    [
        ("杭州市下河区人民政府", "no region 下河区 is known in 杭州市"),
        ("杭州市下河区教育局", "no region 下河区 is known in 杭州市"),
        ("杭州市某某街道办事处", "no township 某某街道"),
        ("测试市", "no agency and no region is called 测试市"),
        ("宿迁市信息", "does not end as a body's name does"),
    ],
)
def test_what_is_missing_is_said(registry: Registry, name: str, missing: str) -> None:
    one = proposal(registry, name)
    assert missing in one.missing
    assert one.row["region_code"] == ""
    assert one.row["agency_id"].startswith("000000-")


def test_regions_by_their_old_names(registry: Registry) -> None:
    assert proposal(registry, "杭州市下城区人民政府").row["region_code"] == "330103"
    assert proposal(registry, "杭州市江干区教育局").row["region_code"] == "330104"
    assert proposal(registry, "邢台市桥东区教育局").row["region_code"] == "130502"
    assert proposal(registry, "沙县教育局").row["region_code"] == "350427"
    assert proposal(registry, "沙县区教育局").row["region_code"] == "350405"
    # moved to another city: one region still, by its name
    assert proposal(registry, "公主岭市教育局").row["region_code"] == "220184"


def test_parents_do_not_depend_on_the_order_of_landing(registry: Registry) -> None:
    bodies = [proposal(registry, f"惠安县{name}").row for name in ("教育局", "洛阳镇", "人民政府")]
    rows = {row["agency_id"]: row for row in bodies}
    fill_parents(rows)
    assert [row["parent_agency_id"] for row in bodies] == ["350521-zhengfu", "350521-zhengfu", ""]
