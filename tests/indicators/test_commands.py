"""The command line: figures in three formats, configuration in versions."""

import csv
import io
import json
import shutil
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.cast import KAZUO, LINGYUAN, NANJIE
from tests.indicators.conftest import AT, Count, Matter
from yuantou.database.connections import ROOT
from yuantou.indicators.catalogue import CatalogueFault, read
from yuantou.indicators.definitions import definition
from yuantou.indicators.keeping import keep_all
from yuantou.indicators.models import DefinitionVersion

RATE = ["figures", "--indicator", "R_filed", "--period", "2024-01:2024-05", "--level", "county"]


def test_figures_are_printed_as_csv_json_and_table(
    app: Flask, worker: Session, counts: Count
) -> None:
    counts("lingyuan-court", "2024-01", "2024-05", civil=1_000, admin=6)
    keep_all(worker, now=AT)
    worker.commit()
    run = app.test_cli_runner()
    rows = list(csv.DictReader(io.StringIO(run.invoke(args=[*RATE, "--format", "csv"]).output)))
    by_area = {row["area_code"]: row for row in rows}
    assert len(by_area) == 3
    assert (by_area[LINGYUAN]["value"], by_area[LINGYUAN]["numerator"]) == ("100.0", "5030")
    assert by_area[KAZUO]["value"] == ""
    assert "kazuo-court" in by_area[KAZUO]["missing"]
    listed = json.loads(run.invoke(args=[*RATE, "--format", "json"]).output)
    assert {row["area_code"]: row["value"] for row in listed}[LINGYUAN] == 100
    assert "凌源市" in run.invoke(args=RATE).output


def test_small_counts_stay_hidden_on_the_command_line(
    app: Flask, worker: Session, matter: Matter
) -> None:
    for _ in range(3):
        matter(NANJIE, concluded="2026-01-20", outcome="agreed_oral")
    matter(NANJIE, concluded="2026-01-20", outcome="failed")
    matter(KAZUO, concluded="2026-01-20", outcome="agreed_oral")
    keep_all(worker, now=AT)
    worker.commit()
    args = ["figures", "--indicator", "I07", "--period", "2026-01", "--format", "json"]
    listed = json.loads(app.test_cli_runner().invoke(args=args).output)
    found = {row["area_code"]: row for row in listed}
    assert (found[KAZUO]["numerator"], found[KAZUO]["value"]) == ("<3", None)
    assert (found[LINGYUAN]["numerator"], found[LINGYUAN]["value"]) == ("—", None)


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["--indicator", "R_filed", "--period", "2024-13"], "时段写作"),
        (["--indicator", "R_filed", "--period", "2024-05:2024-01"], "时段写作"),
        (["--indicator", "R_none", "--period", "2024-05"], "没有这个指标"),
        (["--indicator", "R_filed", "--period", "2024-05", "--area", "9"], "没有这个地区"),
    ],
)
def test_wrong_requests_are_said_in_words(app: Flask, args: list[str], words: str) -> None:
    answer = app.test_cli_runner().invoke(args=["figures", *args])
    assert answer.exit_code != 0
    assert words in answer.output


def test_loading_twice_changes_nothing(app: Flask, owner: Session) -> None:
    run = app.test_cli_runner()
    assert run.invoke(args=["config", "load"]).exit_code == 0
    before = owner.scalars(select(DefinitionVersion.version)).all()
    assert "指标：没有改动" in run.invoke(args=["config", "load"]).output
    owner.rollback()
    assert owner.scalars(select(DefinitionVersion.version)).all() == before


def test_a_changed_entry_needs_a_new_version(app: Flask, owner: Session, tmp_path: Path) -> None:
    folder = tmp_path / "config"
    shutil.copytree(ROOT / "config", folder, ignore=shutil.ignore_patterns("territories"))
    file = folder / "indicators.toml"
    words = file.read_text(encoding="utf-8")
    head, tail = words.split('code = "R_civil"\nversion = 1', 1)
    changed = tail.replace("places = 2", "places = 3", 1)
    file.write_text(f'{head}code = "R_civil"\nversion = 1{changed}', encoding="utf-8")
    run = app.test_cli_runner()
    refused = run.invoke(args=["config", "load", "--from", str(folder)])
    assert refused.exit_code == 1
    assert "R_civil" in refused.output
    assert "version" in refused.output
    file.write_text(f'{head}code = "R_civil"\nversion = 2{changed}', encoding="utf-8")
    assert run.invoke(args=["config", "load", "--from", str(folder)]).exit_code == 0
    assert definition(owner, "R_civil").places == 2
    laid = owner.get_one(DefinitionVersion, ("R_civil", 2))
    assert laid.approved_at is None
    stored = owner.scalars(
        select(DefinitionVersion.version).where(DefinitionVersion.code == "R_civil")
    ).all()
    assert sorted(stored) == [1, 2]


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ('kind = "odds"', "kind"),
        ('kind = "rate"\nsurprise = 1', "surprise"),
        ('kind = "rate"\nscreen_factor = "ten"', "screen_factor"),
        ('kind = "share"', "population"),
    ],
)
def test_a_faulty_catalogue_says_where(tmp_path: Path, wrong: str, words: str) -> None:
    file = tmp_path / "indicators.toml"
    shipped = (ROOT / "config" / "indicators.toml").read_text(encoding="utf-8")
    file.write_text(shipped.replace('kind = "rate"', wrong, 1), encoding="utf-8")
    with pytest.raises(CatalogueFault, match=words) as refusal:
        read(file)
    assert str(file) in str(refusal.value)


def test_the_shipped_catalogue_can_be_used() -> None:
    codes = [each.code for each in read(ROOT / "config" / "indicators.toml")]
    assert codes[0] == "R_filed"
    assert {"R_civil", "R_admin", "R_brought", "R_brought25", "R_net25"} <= set(codes)
