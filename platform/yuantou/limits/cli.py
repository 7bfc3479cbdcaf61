"""`flask limits verify`: every deadline anew from its history."""

from collections import Counter

import click
from flask import current_app
from flask.cli import AppGroup

from yuantou.calendar.clock import now
from yuantou.database.session import make_engine, make_sessions
from yuantou.limits import mending
from yuantou.limits.verification import differences

SHOWN = 200
limits = AppGroup("limits", help="时限。Time limits.")
COMMANDS = (limits,)


@limits.command("verify")
@click.option("--dispute", type=int, help="只核验这一件。This dispute only.")
@click.option("--mend", is_flag=True, help="按经过改正，一次写完并记审计。Write what differs.")
def verify_command(dispute: int | None, mend: bool) -> None:
    """由经过重算全部时限并比对。Recompute all deadlines and name what differs."""
    found: Counter[str] = Counter()
    role = "owner" if mend else "worker"
    engine = make_engine(current_app.extensions["connections"].need(role), pool_size=1)
    look = mending.mend if mend else differences
    try:
        with make_sessions(engine)() as session:
            for each in look(session, now(), dispute):
                found[each.rule or "next"] += 1
                if found.total() <= SHOWN:
                    name = each.rule or "next"
                    click.echo(f"{each.dispute_id}\t{name}\t{each.live}\t{each.rebuilt}")
    finally:
        engine.dispose()
    words = "，".join(f"{rule} {count}" for rule, count in sorted(found.items()))
    click.echo(f"不一致 differences：{found.total()}。{words}")
    if found and mend:
        click.echo("已按经过改正 mended。")
    elif found:
        raise click.exceptions.Exit(1)
