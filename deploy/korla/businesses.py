"""The opening figures: 22 industrial and 429 cloud businesses that add up to what the zone has published.

None of them exists: every legal name begins with 示例, every code has an organisation part `XXXX….`, every
address of the network ends in `.example`. The sums are real: industrial businesses worth 8.1 bn yuan with a
revenue of 3.5 bn yuan; for cloud businesses neither is published, so they state neither.
"""

from datetime import date, timedelta
from typing import Any, Final

from deploy.korla.codes import KORLA, make_uscc
from deploy.korla.entry import Entry
from deploy.korla.plants import PLANTS, Plant

AS_OF: Final = "2018-04-30"


REVENUE_PERIOD: Final = "2017"


FEN_PER_MILLION_YUAN: Final = 100_000_000


HOSTED_UNTIL: Final = "2049-12-31"
"""Fixed, as every value here: a registration that is sent again must be the same to the byte."""


HOSTS: Final = ("梧桐青柠", "胡杨深秋", "驼铃古道", "孔雀清溪", "楼阁新月", "石榴红墙")
"""Cloud businesses with premises of their own, at whose address the others are registered (集群注册)."""


FIRST_WORDS: Final = (
    *("晨光", "远航", "瑞丰", "博雅", "锦绣", "天成", "鼎盛", "启明", "云帆", "嘉禾", "宏图"),
    *("润泽", "星河", "安信", "佳美", "百川", "凌志", "春晖", "银桥", "德馨", "睿达"),
)


SECOND_WORDS: Final = (
    *("优品", "汇邦", "联创", "智途", "慕尚", "捷讯", "卓越", "众合", "融景", "泰和", "乐居"),
    *("锐意", "同源", "永续", "兴隆", "蓝海", "绿洲", "金穗", "雪峰", "朝阳", "飞鸿"),
)


TRADES: Final = (
    ("电子商务", "5292"),
    ("网络科技", "6429"),
    ("软件开发", "6513"),
    ("信息咨询", "7249"),
    ("数据服务", "6450"),
    ("供应链管理", "7224"),
    ("跨境贸易", "5193"),
    ("果蔬直销", "5223"),
    ("广告传媒", "7251"),
    ("会展策划", "7289"),
    ("货运代理", "5821"),
    ("平面设计", "7492"),
    ("财税顾问", "7241"),
    ("工业设计", "7491"),
    ("知识产权", "7520"),
    ("数字动漫", "6572"),
    ("物联技术", "6532"),
    ("系统集成", "6531"),
    ("生活平台", "6432"),
    ("服饰销售", "5232"),
    ("特产零售", "5299"),
)
"""As many as there are first and second words: a Latin square keeps every two names three characters apart."""


CLOUD: Final = 429


def businesses() -> list[Entry]:
    """All 451, always the same: first the plants, then the hosts, then those that the hosts take in."""
    plants = [_plant(number, plant) for number, plant in enumerate(PLANTS, start=1)]
    hosts = [_host(number, word) for number, word in enumerate(HOSTS, start=len(plants) + 1)]
    hosted = [
        _hosted(len(plants) + len(hosts) + 1 + n, n, host=len(plants) + n % len(hosts))
        for n in range(CLOUD - len(hosts))
    ]
    return plants + hosts + hosted


def _plant(number: int, plant: Plant) -> Entry:
    payload = _business(
        number,
        kind="industrial",
        legal_form="joint_stock_company" if "股份" in plant.name else "limited_company",
        name=f"示例{plant.name}",
        sector=plant.sector,
        scope="示例生产经营活动",
        lines=[f"示例工业路 {number} 号"],
        capital=plant.valuation * FEN_PER_MILLION_YUAN // 10,
        established=plant.established,
        entered=plant.entered,
        employees=plant.employees,
    )
    payload["premises"] = _premises(number, plant.area, "owned" if number % 3 else "leased")
    payload["opening_figures"] |= {
        "valuation": _yuan(plant.valuation * FEN_PER_MILLION_YUAN),
        "revenue": _yuan(plant.revenue * FEN_PER_MILLION_YUAN),
        "revenue_period": REVENUE_PERIOD,
    }
    return Entry(payload, host=None)


def _host(number: int, word: str) -> Entry:
    payload = _business(
        number,
        kind="cloud",
        legal_form="limited_company",
        name=f"示例{word}商务秘书有限公司",
        sector="7297",
        scope="商务秘书服务；企业管理服务；办公服务",
        lines=[f"示例云谷路 {number} 号"],
        capital=500_000_00 * (number % 4 + 1),
        established=f"2011-0{number % 6 + 1}-15",
        entered=f"2012-0{number % 6 + 1}-20",
        employees=12 + number % 7,
    )
    payload["premises"] = _premises(number, 1_600 + 40 * number, "leased")
    return Entry(payload, host=None)


def _hosted(number: int, n: int, host: int) -> Entry:
    first = n % len(FIRST_WORDS)
    second = (n // len(FIRST_WORDS) + first) % len(SECOND_WORDS)
    trade, sector = TRADES[(first + second) % len(TRADES)]
    legal_form, ending = _form(n, trade)
    established = date(2012, 9, 3) + timedelta(days=n * 37 % 1_900)
    entered = (established + timedelta(days=n * 13 % 90)).isoformat()
    payload = _business(
        number,
        kind="cloud",
        legal_form=legal_form,
        name=f"示例{FIRST_WORDS[first]}{SECOND_WORDS[second]}{trade}{ending}",
        sector=sector,
        scope=f"{trade}；网上经营活动",
        lines=[f"示例云谷路 {host + 1} 号", f"托管席位 {number}"],
        capital=100_000_00 * (n % 10 + 1),
        established=established.isoformat(),
        entered=entered,
        employees=1 + n * 7 % 43,
    )
    payload["hosting"] = {
        "host_business_id": None,
        "agreement_document_id": None,
        "valid_from": entered,
        "valid_to": HOSTED_UNTIL,
    }
    return Entry(payload, host=host)


def _form(n: int, trade: str) -> tuple[str, str]:
    """The legal form of the nth hosted business, and how a name says it."""
    if trade == "果蔬直销" and n % 2:
        return "cooperative", "专业合作社"
    if trade in {"服饰销售", "特产零售"}:
        return "individual_household", "（个体工商户）"
    if trade in {"信息咨询", "财税顾问"} and n % 3 == 0:
        return "partnership", "合伙企业（有限合伙）"
    if trade == "平面设计" and n % 2:
        return "sole_proprietor_enterprise", "工作室"
    return "limited_company", "有限公司"


def _business(
    number: int,
    *,
    kind: str,
    legal_form: str,
    name: str,
    sector: str,
    scope: str,
    lines: list[str],
    capital: int,
    established: str,
    entered: str,
    employees: int,
) -> dict[str, Any]:
    """The payload of a registration, with what all 451 have in common; `capital` in fen."""
    category = {"individual_household": "2", "cooperative": "3"}.get(legal_form, "1")
    site = f"{kind}-{number:03d}.example"
    return {
        "type": "registration",
        "kind": kind,
        "legal_form": legal_form,
        "name": {"legal": name, "language": "zh"},
        "identifiers": [{"scheme": "CN-USCC", "id": make_uscc(category, f"XXXX{number:04d}")}],
        "addresses": {
            "registered": {
                "country": "CN",
                "region": "新疆",
                "locality": "库尔勒",
                "lines": lines,
                "postal_code": "841000",
                "division_code": KORLA,
            }
        },
        "premises": None,
        "hosting": None,
        "online_presence": [{"platform": "web", "url": f"https://{site}/", "licence_no": None}]
        if kind == "cloud"
        else [],
        "sectors": [{"scheme": "GBT4754-2017", "code": sector, "primary": True}],
        "business_scope": scope,
        "capital": {"registered": _yuan(capital), "paid_in": _yuan(capital * (number % 5) // 4)},
        "established_on": established,
        "zone_entry_on": entered,
        "term_until": None,
        "parties": [
            {
                "party_kind": "person",
                "name": f"示例人{number:03d}",
                "role": "legal_representative",
                "appointed_on": established,
            }
        ],
        "ownership": {"statements": [], "unspecified_reason": "Synthetic business: it has no owners."},
        "contacts": {"email": f"contact@{site}"},
        "opening_figures": {
            "as_of": AS_OF,
            "valuation": None,
            "revenue": None,
            "revenue_period": None,
            "employees": employees,
        },
    }


def _premises(number: int, area: int, tenure: str) -> dict[str, Any]:
    return {
        "parcel_id": f"KORLA-{number:04d}",
        "area_m2": area,
        "tenure": tenure,
        "agreement_document_id": None,
    }


def _yuan(fen: int) -> dict[str, Any]:
    return {"amount": fen, "currency": "CNY"}
