"""`flask --app wsgi figures …` prints figures; `config load` makes versioned rows of config/."""

from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup, with_appcontext
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from yuantou.calendar.clock import today
from yuantou.database.connections import ROOT
from yuantou.database.session import make_engine
from yuantou.indicators.catalogue import CatalogueFault
from yuantou.indicators.keeping import keep_all
from yuantou.indicators.loading import load_config
from yuantou.indicators.periods import parse_period
from yuantou.indicators.populations import ORDER
from yuantou.indicators.printing import FORMATS, printed
from yuantou.indicators.queries import COUNTED, UnknownIndicator, figures
from yuantou.territory.models import Area

config = AppGroup("config", help="配置：把 config/ 里的口径、时限、方案载入为有版次的记录。")


@config.command("load")
@click.option("--from", "folder", type=click.Path(path_type=Path), default=ROOT / "config")
def load_command(folder: Path) -> None:
    """载入 config/ 里的口径、时限和方案；没有改动就什么也不写。"""
    engine = make_engine(current_app.extensions["connections"].need("owner"))
    try:
        with Session(engine) as session, session.begin():
            loaded = load_config(session, folder, today())
    except (CatalogueFault, ValueError) as fault:
        raise click.ClickException(str(fault)) from fault
    finally:
        engine.dispose()
    for name, changed in loaded.items():
        click.echo(
            _("%(name)s:新增 %(n)s 个版次", name=name, n=changed)
            if changed
            else _("%(name)s：没有改动", name=name)
        )


@click.command("figures", help="按地区打印指标。Print figures by area.")
@click.option("--indicator", "codes", multiple=True, required=True, help="指标代码，可多次。")
@click.option("--period", required=True, help="2024-01:2024-05 或 2024-05。")
@click.option("--level", type=click.Choice(COUNTED), default="county", show_default=True)
@click.option("--area", "under", default="", help="只要这个地区及其下级（区划代码）。")
@click.option("--kind", type=click.Choice(ORDER), help="人口口径。")
@click.option("--format", "style", type=click.Choice(FORMATS), default="table", show_default=True)
@click.option("--recompute", is_flag=True, help="先全量汇总一次。")
@with_appcontext
def figures_command(
    codes: tuple[str, ...],
    period: str,
    level: str,
    under: str,
    kind: str | None,
    style: str,
    recompute: bool,
) -> None:
    """Print figures of one level, disclosure rule applied."""
    try:
        start, end = parse_period(period)
    except ValueError as fault:
        raise click.BadParameter(
            _("时段写作 2024-01:2024-05:%(period)s", period=period), param_hint="--period"
        ) from fault
    engine = make_engine(current_app.extensions["connections"].need("worker"))
    try:
        with Session(engine) as session:
            if recompute:
                keep_all(session)
                session.commit()
            found = figures(session, codes, areas_of(session, under), start, end, kind=kind)
            click.echo(printed(found, style, level), nl=False)
    except UnknownIndicator as fault:
        raise click.ClickException(
            _("没有这个指标，或者口径还没有载入：%(code)s", code=str(fault))
        ) from fault
    finally:
        engine.dispose()


def areas_of(session: Session, under: str) -> list[str]:
    """Codes of the counted areas in their order, all or those under one."""
    query = select(Area.code).where(Area.level.in_(COUNTED)).order_by(Area.path)
    if under:
        top = session.get(Area, under)
        if top is None:
            raise click.ClickException(_("没有这个地区：%(code)s", code=under))
        query = query.where(Area.path.startswith(top.path))
    return list(session.scalars(query))


COMMANDS = (config, figures_command)
