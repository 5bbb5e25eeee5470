"""Names of regions in Latin letters: what the seed says, and what is known of names."""

import csv
from pathlib import Path

import pytest

from conftest import ROOT
from gouji.latin import latin_name, read_words, region_names

REFERENCE = ROOT / "seeds" / "reference"
WORDS = read_words(REFERENCE)


def rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))


def test_the_seed_is_what_is_made_now() -> None:
    held = [tuple(row.values()) for row in rows(REFERENCE / "region_latin_names.csv")]
    assert held == region_names(REFERENCE), "python -m gouji.latin writes it anew"
    assert len(held) > 3000


def test_every_letter_is_latin() -> None:
    odd = {
        row["name_latin"]
        for row in rows(REFERENCE / "region_latin_names.csv")
        if not row["name_latin"].replace("ü", "u").isascii() or not row["name_latin"][0].isupper()
    }
    assert odd == set()


@pytest.mark.parametrize(
    ("name", "latin"),
    [
        # characters of several readings
        ("长治市", "Changzhi City"),
        ("长子县", "Zhangzi County"),
        ("厦门市", "Xiamen City"),
        ("六安市", "Lu'an City"),
        ("六盘水市", "Liupanshui City"),
        ("蚌埠市", "Bengbu City"),
        ("番禺区", "Panyu District"),
        ("朝阳市", "Chaoyang City"),
        ("成都市", "Chengdu City"),
        ("丰都县", "Fengdu County"),
        ("漯河市", "Luohe City"),
        ("乐陵市", "Laoling City"),
        ("乐清市", "Yueqing City"),
        ("洪洞县", "Hongtong County"),
        ("珲春市", "Hunchun City"),
        ("什邡市", "Shifang City"),
        ("东阿县", "Dong'e County"),
        ("铅山县", "Yanshan County"),
        ("尉犁县", "Yuli County"),
        ("吕梁市", "Lüliang City"),
        ("西安市", "Xi'an City"),
        # what a name ends in
        ("叶县", "Yexian County"),
        ("城区", "Chengqu District"),
        ("清新区", "Qingxin District"),
        ("浦东新区", "Pudong New Area"),
        ("永州市回龙圩管理区", "Yongzhou Huilongxu Administrative Area"),
        ("万柏林区", "Wanbolin District"),
        ("广西壮族自治区", "Guangxi Zhuang Autonomous Region"),
        ("湘西土家族苗族自治州", "Xiangxi Tujia and Miao Autonomous Prefecture"),
        (
            "双江拉祜族佤族布朗族傣族自治县",
            "Shuangjiang Lahu, Va, Blang and Dai Autonomous County",
        ),
        ("东乡族自治县", "Dongxiang Autonomous County"),
    ],
)
def test_a_name_is_transliterated_and_marked(name: str, latin: str) -> None:
    written = latin_name(name, WORDS)
    assert (written.text, written.is_transliterated) == (latin, True)


@pytest.mark.parametrize(
    ("name", "latin"),
    [
        ("重庆市", "Chongqing"),
        ("陕西省", "Shaanxi Province"),
        ("内蒙古自治区", "Inner Mongolia Autonomous Region"),
        ("西藏自治区", "Tibet Autonomous Region"),
        ("呼和浩特市", "Hohhot City"),
        ("伊犁哈萨克自治州", "Ili Kazakh Autonomous Prefecture"),
        ("神农架林区", "Shennongjia Forestry District"),
    ],
)
def test_an_english_name_is_none_of_ours(name: str, latin: str) -> None:
    written = latin_name(name, WORDS)
    assert (written.text, written.is_transliterated) == (latin, False)
