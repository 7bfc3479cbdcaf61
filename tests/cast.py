"""The small cast: real areas of Liaoning, invented people.

Lingyuan (凌源市) has three townships; Kazuo (喀左) is the neighbour that must not see; Heping is
in another city.
"""

from datetime import UTC, date, datetime
from pathlib import Path

from sqlalchemy.orm import Session

from yuantou.accounts.models import Account
from yuantou.agencies.models import Agency
from yuantou.alerts.rulebook import load_rules, shipped
from yuantou.indicators.catalogue import read as read_indicators
from yuantou.indicators.definitions import load_definitions
from yuantou.limits.catalogue import read as read_limits
from yuantou.limits.catalogue import read_hours
from yuantou.limits.service import load_hours, load_limits
from yuantou.territory.models import Area, Court, Population

NOW = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)
SINCE = date(2020, 11, 1)
PROVINCE, CITY, LINGYUAN, KAZUO = "210000", "211300", "211382", "211324"
SHENYANG, HEPING = "210100", "210102"
NANJIE, DONGJIE, WANYUANDIAN, GONGYINGZI = "211382001", "211382002", "211382100", "211324100"

AREAS = (  # code, name, short name, level, parent
    (PROVINCE, "辽宁省", "辽宁", "province", None),
    (CITY, "朝阳市", "朝阳", "city", PROVINCE),
    (SHENYANG, "沈阳市", "沈阳", "city", PROVINCE),
    (LINGYUAN, "凌源市", "凌源", "county", CITY),
    (KAZUO, "喀喇沁左翼蒙古族自治县", "喀左", "county", CITY),
    (HEPING, "和平区", "和平", "county", SHENYANG),
    (NANJIE, "南街街道", "南街", "township", LINGYUAN),
    (DONGJIE, "东街街道", "东街", "township", LINGYUAN),
    (WANYUANDIAN, "万元店镇", "万元店", "township", LINGYUAN),
    (GONGYINGZI, "公营子镇", "公营子", "township", KAZUO),
)
PERSONS = {
    PROVINCE: 42_591_407,
    CITY: 2_872_857,
    SHENYANG: 9_070_093,
    LINGYUAN: 503_000,
    KAZUO: 340_000,
    HEPING: 730_785,
}  # round where the test needs no exact figure

AGENCIES = (  # code, name, kind, area
    ("nanjie-committee", "南街街道人民调解委员会", "committee", NANJIE),
    ("nanjie-centre", "南街街道综治中心", "township_centre", NANJIE),
    ("dongjie-centre", "东街街道综治中心", "township_centre", DONGJIE),
    ("lingyuan-centre", "凌源市综治中心", "county_centre", LINGYUAN),
    ("lingyuan-labour", "凌源市人力资源和社会保障局", "department", LINGYUAN),
    ("lingyuan-housing", "凌源市住房和城乡建设局", "department", LINGYUAN),
    ("lingyuan-government", "凌源市人民政府办公室", "government", LINGYUAN),
    ("lingyuan-court", "凌源市人民法院", "court", LINGYUAN),
    ("lingyuan-procuratorate", "凌源市人民检察院", "procuratorate", LINGYUAN),
    ("kazuo-centre", "喀左县综治中心", "county_centre", KAZUO),
    ("kazuo-committee", "公营子镇人民调解委员会", "committee", GONGYINGZI),
    ("kazuo-government", "喀左县人民政府办公室", "government", KAZUO),
    ("chaoyang", "朝阳市矛盾纠纷协调办公室", "city_coordination", CITY),
    ("liaoning", "辽宁省矛盾纠纷协调办公室", "province_coordination", PROVINCE),
    ("congress", "辽宁省人大常委会", "congress", PROVINCE),
    ("administration", "平台运行管理", "administration", PROVINCE),
)

PEOPLE = (  # login, name, agency, role
    ("mei", "梅调解", "nanjie-committee", "mediator"),
    ("ming", "明调解", "nanjie-committee", "mediator"),
    ("tang", "唐协调", "nanjie-centre", "township"),
    ("dong", "董协调", "dongjie-centre", "township"),
    ("gao", "高协调", "lingyuan-centre", "coordinator"),
    ("ren", "任承办", "lingyuan-labour", "department"),
    ("zhu", "祝承办", "lingyuan-housing", "department"),
    ("zhou", "周主任", "lingyuan-government", "government"),
    ("kang", "康书记员", "lingyuan-court", "court_clerk"),
    ("lu", "陆法官", "lingyuan-court", "court_reviewer"),
    ("jian", "简检察", "lingyuan-procuratorate", "procurator"),
    ("hu", "胡协调", "kazuo-centre", "coordinator"),
    ("kai", "凯调解", "kazuo-committee", "mediator"),
    ("ke", "柯主任", "kazuo-government", "government"),
    ("qi", "戚市级", "chaoyang", "city"),
    ("sheng", "盛省级", "liaoning", "province"),
    ("ren-da", "仁代表", "congress", "congress"),
    ("an", "安系统", "administration", "system_administrator"),
    ("bao", "保安全", "administration", "security_administrator"),
    ("shen", "申审计", "administration", "audit_administrator"),
    ("guan", "管理员", "nanjie-committee", "unit_administrator"),
)


LIMITS = Path(__file__).resolve().parents[1] / "config" / "limits.toml"


def settle(session: Session) -> None:
    """Write the land and the cast. Passwords do not open: tests of the sign-in set their own."""
    paths: dict[str, str] = {}
    for code, name, short, level, parent in AREAS:
        paths[code] = f"{paths.get(parent or '', '')}{code}/"
        session.add(
            Area(
                code=code,
                name=name,
                short_name=short,
                level=level,
                parent_code=parent,
                path=paths[code],
                lng=None,
                lat=None,
                valid_from=SINCE,
                valid_to=None,
                source="test",
            )
        )
        session.flush()
    for code, persons in PERSONS.items():
        session.add(
            Population(
                area_code=code,
                year=2020,
                kind="census",
                persons=persons,
                parts={},
                source="第七次全国人口普查",
            )
        )
    for code, counts_to, area in (
        ("lingyuan-court", "county", LINGYUAN),
        ("kazuo-court", "county", KAZUO),
        ("heping-court", "county", HEPING),
        ("chaoyang-court", "city", CITY),
    ):
        session.add(
            Court(
                code=code,
                name=f"{code} 人民法院",
                level="基层" if counts_to == "county" else "中级",
                area_code=area,
                counts_to=counts_to,
                counts_to_code=area,
                counts_to_path=paths[area],
                kind="区县",
                basis="test",
                verified=True,
                valid_from=SINCE,
                valid_to=None,
            )
        )
    session.flush()
    agencies = {
        code: Agency(
            code=code,
            name=name,
            kind=kind,
            area_code=area,
            area_path=paths[area],
            parent_id=None,
            court_code="lingyuan-court" if kind == "court" else None,
            active=True,
            demo=False,
            created_at=NOW,
        )
        for code, name, kind, area in AGENCIES
    }
    session.add_all(agencies.values())
    session.flush()
    for login, name, agency, role in PEOPLE:
        session.add(
            Account(
                login=login,
                display_name=name,
                agency_id=agencies[agency].id,
                role=role,
                password_hash="!",
                must_change=False,
                password_set_at=datetime.now(UTC),  # an old one would have to be changed first
                failures=0,
                locked_until=None,
                session_epoch=1,
                last_sign_in_at=None,
                disabled_at=None,
                language=None,
                demo=False,
                created_at=NOW,
            )
        )
    load_hours(session, read_hours(LIMITS))
    load_limits(session, read_limits(LIMITS), SINCE)
    load_definitions(session, read_indicators(LIMITS.with_name("indicators.toml")))
    load_rules(session, shipped(LIMITS.with_name("warnings.toml")), SINCE)
