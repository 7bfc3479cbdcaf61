"""`flask limits verify`: every deadline anew from its history."""

from collections import Counter

import click
from flask import current_app
from flask.cli import AppGroup

from yuantou.calendar.clock import now
from yuantou.database.session import make_engine, make_sessions
from yuantou.limits.verification import differences

SHOWN = 200
limits = AppGroup("limits", help="时限。Time limits.")
COMMANDS = (limits,)


@limits.command("verify")
@click.option("--dispute", type=int, help="只核验这一件。This dispute only.")
def verify_command(dispute: int | None) -> None:
    """由经过重算全部时限并比对。Recompute all deadlines and name what differs."""
    found: Counter[str] = Counter()
    engine = make_engine(current_app.extensions["connections"].need("worker"), pool_size=1)
    try:
        with make_sessions(engine)() as session:
            for each in differences(session, now(), dispute):
                found[each.rule or "next"] += 1
                if found.total() <= SHOWN:
                    name = each.rule or "next"
                    click.echo(f"{each.dispute_id}\t{name}\t{each.live}\t{each.rebuilt}")
    finally:
        engine.dispose()
    words = "，".join(f"{rule} {count}" for rule, count in sorted(found.items()))
    click.echo(f"不一致 differences：{found.total()}。{words}")
    if found:
        raise click.exceptions.Exit(1)
