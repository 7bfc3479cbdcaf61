"""The commands of the territory say in Chinese what is wrong, and write all or nothing."""

from pathlib import Path

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.territory.invented import edit
from yuantou.territory.models import Area, Territory


def test_check_lists_every_fault_and_fails(app: Flask, land: Path) -> None:
    edit(land, "population.csv", "V0211,2024,census,100", "V0211,2024,census,-1")
    edit(land, "courts.csv", "county,V0100", "county,V99")
    result = app.test_cli_runner().invoke(args=["territory", "check", str(land)])
    assert result.exit_code == 1
    assert "population.csv 第 9 行 [V0211]:“value”是负数：-1" in result.output
    assert "courts.csv 第 2 行 [J1]" in result.output
    assert "共 2 处错误" in result.output


def test_load_tells_what_it_did_and_then_that_nothing_changed(
    app: Flask, owner: Session, land: Path
) -> None:
    runner = app.test_cli_runner()
    first = runner.invoke(args=["territory", "load", str(land)])
    assert first.exit_code == 0, first.output
    assert "新增区域 14、新增边界 12、新增人口 12、新增法院 3" in first.output
    second = runner.invoke(args=["territory", "load", str(land)])
    assert "没有改动" in second.output
    assert owner.scalar(select(func.count()).select_from(Territory)) == 1


def test_load_refuses_a_folder_with_faults(app: Flask, owner: Session, land: Path) -> None:
    edit(land, "courts.csv", "county,V0100", "county,V99")
    result = app.test_cli_runner().invoke(args=["territory", "load", str(land)])
    assert result.exit_code == 1
    assert "没有写入任何数据" in result.output
    assert owner.get(Area, "V0") is None


def test_build_writes_liaoning_where_it_is_told(app: Flask, tmp_path: Path) -> None:
    target = tmp_path / "built"
    result = app.test_cli_runner().invoke(args=["territory", "build", "--to", str(target)])
    assert result.exit_code == 0, result.output
    assert "区域 1469 个，边界 100 个" in result.output
    assert (target / "boundaries" / "county.geojson").is_file()
