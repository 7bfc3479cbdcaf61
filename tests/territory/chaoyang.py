"""Chaoyang as a folder in which Kazuo is merged away and another county is founded."""

from datetime import UTC, date, datetime
from pathlib import Path

from sqlalchemy.orm import Session

from tests.cast import CITY, KAZUO, LINGYUAN, SINCE
from tests.territory.invented import write
from yuantou.territory.loading import load_territory
from yuantou.territory.validation import check_folder

NOW = datetime(2026, 9, 1, tzinfo=UTC)
NEW = "211399"
MANIFEST = """
format = 1
name = "朝阳市"
root = "211300"
[levels.city]
polygons = "none"
[levels.county]
polygons = "none"
[sources.cabinet]
title = "国函〔2026〕9号"
"""


def merge(session: Session, folder: Path, *, ended: date, founded: date) -> None:
    """Load the changed list of areas, as an installation does."""
    folder.mkdir()
    (folder / "manifest.toml").write_text(MANIFEST, encoding="utf-8")
    write(
        folder / "areas.csv",
        "code,name,short_name,level,parent_code,valid_from,valid_to,source",
        [
            f"{CITY},朝阳市,朝阳,city,,{SINCE},,cabinet",
            f"{LINGYUAN},凌源市,凌源,county,{CITY},{SINCE},,cabinet",
            f"{KAZUO},喀喇沁左翼蒙古族自治县,喀左,county,{CITY},{SINCE},{ended},cabinet",
            f"{NEW},新喀左市,新喀左,county,{CITY},{founded},,cabinet",
        ],
    )
    report = check_folder(folder)
    load_territory(session, report, by=None, now=NOW)
    session.commit()
