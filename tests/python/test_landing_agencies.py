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
    Parts,
    Proposal,
    Registry,
    UnknownAgency,
    fill_parents,
    settle,
)
from gouji.landing.agency_words import UNCLASSIFIED
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
        row = registry.regions.by_code[code]
        if not is_no_name(row["region_name"]):
            names.insert(0, row["region_name"])
        code = row["parent_code"]
    return "".join(names)


def test_usual_departments_of_all_regions(registry: Registry, tell: Callable[[str], None]) -> None:
    """One ordinary body for each region, all kinds in turn: its region, level and sector."""
    codes = [
        code
        for code, row in registry.regions.by_code.items()
        if row["region_level"] != "township" and not is_no_name(row["region_name"])
    ]
    # every name in ten regions of each level at least
    cases = list(islice(zip(cycle(codes), cycle(ORDINARY)), len(codes) * 10))
    wrong = []
    for code, body in cases:
        region = registry.regions.by_code[code]
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
    codes = [
        code for code, row in registry.regions.by_code.items() if not is_no_name(row["region_name"])
    ]
    for code, number in zip(codes, cycle(range(3))):
        region = registry.regions.by_code[code]
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
    words = registry.words.by_kind
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
        ("惠安县崇武古城管委会", "county", "general_government"),
        ("漳州招商局经济技术开发区管委会", "county", "general_government"),
        ("莆田市湄洲岛管委会", "county", "general_government"),
        ("池州市九华山管委会", "county", "general_government"),
        ("九江市庐山管理局", "county", "general_government"),
        ("武当山旅游经济特区教育局", "county", "education"),
        ("十堰市武当山旅游经济特区教育局", "county", "education"),
        ("三亚市崖州湾科技城管理局", "county", "general_government"),
        ("北京经开区管委会", "county", "general_government"),
        ("吴江经济技术开发区管委会", "county", "general_government"),
        ("江阴高新区管委会", "county", "general_government"),
        ("黄山风景区管委会", "county", "general_government"),
        ("松山湖管委会", "county", "general_government"),
        ("吴江经济技术开发区财政局", "county", "finance"),
        ("惠安县国有林场", "county", "forestry"),
        ("惠安县国有农场", "county", "agriculture"),
        ("惠安县矿山管理局", "county", "natural_resources"),
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
        ("惠安县残联", "惠安县残疾人联合会"),
        ("惠安县供销社", "惠安县供销合作社联合社", "惠安县供销合作联社"),
        ("惠安县疾控中心", "惠安县疾病预防控制中心"),
        ("惠安县疾控局", "惠安县疾病预防控制局"),
        ("惠安县妇联", "惠安县妇女联合会"),
        ("惠安县科协", "惠安县科学技术协会"),
        ("惠安县文联", "惠安县文学艺术界联合会"),
        ("惠安县侨联", "惠安县归国华侨联合会"),
        ("惠安县工商联", "惠安县工商业联合会"),
        ("惠安县红会", "惠安县红十字会"),
        ("惠安县团县委", "惠安县共青团县委", "惠安县共青团县委员会"),
        ("惠安县外办", "惠安县外事办", "惠安县外事办公室", "惠安县人民政府外事办公室"),
        ("惠安县编办", "惠安县机构编制委员会办公室"),
        ("惠安县金融办", "惠安县金融工作办公室"),
        ("惠安县方志办", "惠安县地方志办公室"),
        ("惠安县国动办", "惠安县国防动员办公室"),
        ("惠安县审批局", "惠安县行政审批局"),
        ("惠安县综合执法局", "惠安县综合行政执法局"),
        ("惠安县城管执法局", "惠安县城市管理行政执法局"),
        ("北京市教委", "北京市教育委员会"),
        ("上海市农委", "上海市农业农村委员会"),
        ("惠安县自规局", "惠安县资规局", "惠安县自然资源和规划局"),
        ("惠安县文广新局", "惠安县文化广电新闻出版局"),
        ("惠安县食药监局", "惠安县食品药品监督管理局"),
        ("惠安县教科体局", "惠安县教育科技和体育局"),
        ("惠安县消防大队", "惠安县消防救援大队"),
        ("长春市长春新区管委会", "长春新区管委会", "吉林省长春市长春新区管理委员会"),
        ("泉州台商投资区管委会", "泉州市台商投资区管委会", "泉州市泉州台商投资区管委会"),
        ("都匀经济开发区管委会", "都匀市经济开发区管委会", "黔南州都匀经济开发区管委会"),
        ("惠安经济开发区管委会", "惠安县惠安经济开发区管理委员会"),
        ("雄安新区管委会", "河北雄安新区管委会", "河北省雄安新区管理委员会"),
        ("邯郸市经济技术开发区管委会", "邯郸经济技术开发区管委会", "邯郸经开区管委会"),
        ("秦皇岛市经济技术开发区教育局", "秦皇岛经济技术开发区教育局", "秦皇岛经开区教育局"),
        ("江阴高新区管委会", "江阴市高新区管委会", "江阴高新技术产业开发区管委会"),
        ("石家庄高新区教育局", "石家庄高新技术产业开发区教育局"),
        ("常州市高新区教育局", "常州高新区教育局", "常州市常州高新区教育局"),
        ("恩施州教育局", "恩施土家族苗族自治州教育局", "湖北省恩施州教育局"),
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
        ("惠安县水务局", "惠安县税务局", "惠安县洛阳镇", "惠安县螺阳镇"),
        ("惠安县残联", "惠安县妇联", "惠安县侨联", "惠安县侨办", "惠安县外办", "惠安县台办"),
        ("惠安县科协", "惠安县科学技术局", "惠安县文联", "惠安县文化局"),
        ("惠安县疾控中心", "惠安县疾控局", "惠安县卫生监督所", "惠安县医院"),
        ("惠安县审批局", "惠安县综合执法局", "惠安县城管局", "惠安县城管执法局"),
        ("惠安县城市管理局", "惠安县城市管理委员会办公室", "惠安县市政管理处"),
        ("惠安县公安局", "惠安县公安局交通警察大队", "惠安县交通局"),
        ("惠安县民政局", "惠安县民族宗教局", "惠安县政务办", "惠安县政府办"),
        ("惠安县财政局", "惠安县财政金融局", "惠安县金融办", "惠安县惠东工业园区财政局"),
        ("惠安县档案局", "惠安县档案馆", "惠安县大数据局", "惠安县大数据中心"),
        ("惠安县人民政府", "惠安县人民政府办公室", "惠安县农委", "惠安县农机局"),
        ("长春新区管委会", "长春市高新区管委会", "长春市人民政府", "兰州新区管委会"),
        ("惠安高新区管委会", "惠安经开区管委会", "惠安县管委会", "惠安工业园区管委会"),
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


@pytest.mark.parametrize(
    ("name", "sector"),
    [
        ("便民政务服务中心", "administrative_approval"),
        ("党工委、管委会", "general_government"),
        ("利民政务服务大厅", "administrative_approval"),
        ("居民政策研究中心", "research_advice"),
        ("某街人民政府驻外中心", "government_affairs"),
        ("某街人民政府某站", UNCLASSIFIED),
        ("城市政务服务中心", "administrative_approval"),
        ("集中医疗保险中心", "medical_insurance"),
        ("社会计划生育中心", "health"),
        ("个人大数据中心", "data"),
        ("净化工程质量中心", "housing_construction"),
        ("沿海外经贸局", "commerce"),
        ("古城管理处", UNCLASSIFIED),
        ("长城管理处", UNCLASSIFIED),
        ("商城管委会", UNCLASSIFIED),
        ("残疾人事业中心", "disabled_persons"),
        # and where the words are those of the name
        ("城管局", "urban_management"),
        ("城管委", "urban_management"),
        ("民政局", "civil_affairs"),
        ("市政管理局", "urban_management"),
        ("社会事务管理局", "social_affairs"),
        ("河长城市管理局", "water_resources"),
        ("外事工作办公室", "foreign_affairs"),
        ("人事局", "human_resources"),
    ],
)
def test_a_word_across_two_words_of_the_name(registry: Registry, name: str, sector: str) -> None:
    assert registry.sector_of(Parts("350521", "", name)) == sector


def test_short_names_of_autonomous_regions(registry: Registry) -> None:
    """Every autonomous prefecture, county and banner that its people's name stands in."""
    short = {"恩施州": "422800", "黔南州": "522700", "凉山州": "513400", "延边州": "222400"}
    short |= {"红河州": "532500", "西双版纳州": "532800", "伊犁州": "654000", "海南州": "632500"}
    short |= {"景宁县": "331127", "莫力达瓦旗": "150722", "湘西州": "433100"}
    for name, code in short.items():
        assert proposal(registry, f"{name}财政局").row["region_code"] == code, name
    prefectures = [
        row["region_code"]
        for row in registry.regions.by_code.values()
        if row["region_level"] == "prefecture" and row["region_name"].endswith("自治州")
    ]
    known = {codes[0] for name, codes in registry.regions.by_name.items() if len(name) <= 7}
    assert len(prefectures) == 30
    assert set(prefectures) <= known
    assert proposal(registry, "锡林郭勒教育局").row["region_code"] == "152500"


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("昆山经开区管委会", "320583"),
        ("苏州市昆山高新区管委会", "320583"),
        ("义乌经济技术开发区管委会", "330782"),
        ("晋江经济开发区管委会", "350582"),
        ("雄安新区容城县财政局", "130629"),
        ("西咸新区管委会", "610000"),
        ("长沙经开区管委会", "430100"),
        ("海南洋浦经济开发区管委会", "460000"),
        # names of many places, or words: none of them tells a county
        ("南部新区管委会", ""),
        ("滨海新城管委会", ""),
        ("临江新区管委会", ""),
        ("和平经济开发区管委会", ""),
    ],
)
def test_zones_without_their_region(registry: Registry, name: str, code: str) -> None:
    assert proposal(registry, name).row["region_code"] == code


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("惠安县财政局办公室", "惠安县财政局"),
        ("福建省财政厅办公室", "福建省财政厅"),
        ("惠安县人民政府（本级）", "惠安县人民政府"),
        ("惠安县本级", "惠安县"),
    ],
)
def test_what_is_the_body_itself(registry: Registry, name: str, body: str) -> None:
    assert proposal(registry, name).row == proposal(registry, body).row


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
        ("教育部", "教育部 is a body of the central government"),
        ("国家医疗保障局", "for which agencies.csv has no level"),
        ("海关总署", "for which agencies.csv has no level"),
        ("中华人民共和国财政部", "for which agencies.csv has no level"),
        ("国家统计局某某调查队", "no agency and no region is called"),
        ("某某宣传部", "no agency and no region is called"),
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


@pytest.mark.parametrize(
    ("name", "region", "level", "sector"),
    [
        ("财政部江苏监管局", "320000", "province", "finance"),
        ("国家外汇管理局江苏省分局", "320000", "province", "financial_affairs"),
        ("中国人民银行宿迁市分行", "321300", "prefecture", "financial_affairs"),
        ("中国证监会江苏监管局", "320000", "province", "financial_affairs"),
        ("国家金融监督管理总局宿迁监管分局", "321300", "prefecture", "financial_affairs"),
        ("国家能源局江苏监管办公室", "320000", "province", "energy"),
        ("国家矿山安全监察局山西局", "140000", "province", "emergency"),
        ("审计署驻南京特派员办事处", "320100", "prefecture", "audit"),
        ("中华人民共和国南京海关", "320100", "prefecture", "customs_border"),
        ("国家粮食和物资储备局江苏局", "320000", "province", "grain_reserves"),
        ("国家税务总局泗阳县税务局", "321323", "county", "taxation"),
    ],
)
def test_bodies_of_the_central_government_in_the_regions(
    registry: Registry, name: str, region: str, level: str, sector: str
) -> None:
    proposed = proposal(registry, name)
    assert proposed.missing == ""
    row = proposed.row
    assert (row["region_code"], row["level"], row["sector_code"]) == (region, level, sector)


def test_bodies_of_the_central_government_are_told_apart(registry: Registry) -> None:
    """By what they are bodies of: in a region each of them has a 监管局 or 分局."""
    same = [
        {"中国证监会江苏监管局", "中国证券监督管理委员会江苏监管局"},
        {"国家金融监督管理总局江苏监管局", "国家金融监管总局江苏监管局"},
        {"财政部江苏监管局"},
        {"国家外汇管理局江苏省分局"},
        {"中华人民共和国南京海关", "南京海关"},
    ]
    keys = [{registry.key_of(name) for name in names} for names in same]
    assert [len(each) for each in keys] == [1] * len(same)
    assert len(set.union(*keys)) == len(same)


@pytest.mark.parametrize("name", ["江苏监管局", "南京分局", "国家金融监督管理总局吉林监管局"])
def test_a_body_of_an_unnamed_organ_or_of_one_of_two_regions_is_held_back(
    registry: Registry, name: str
) -> None:
    assert proposal(registry, name).missing
