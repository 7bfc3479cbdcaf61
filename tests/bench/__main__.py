"""`python -m tests.bench`: everything that the goals name, measured in one run."""

import argparse
import os
import resource
import tempfile
import time
from http import HTTPStatus
from pathlib import Path
from statistics import median
from typing import LiteralString
from urllib.parse import quote

import numpy as np
import psycopg

from tests.bench import assessing
from tests.bench.batching import assigned
from tests.bench.browsing import Visitor, open_loop, weigh
from tests.bench.delivering import delivered
from tests.bench.figuring import ended_month, kept_and_scanned, map_shift, year_assessed
from tests.bench.house import House, Site, database_peaks, house, site
from tests.bench.lines import Goal, tell, tell_times
from tests.bench.living import scheduler_memory, second_start
from tests.bench.writing import bare, logged, posted

RATE, FEW = 20.0, 2.0  # requests a second; few sit at the province
WARM = 5.0  # seconds: the database plans the first ten questions of each connection anew
OF_COUNTY: LiteralString = (
    "SELECT d.id FROM dispute d JOIN account a ON a.login = 'coordinator' "
    "JOIN agency g ON g.id = a.agency_id AND d.county_code = g.area_code "
    "WHERE NOT d.restricted ORDER BY d.id DESC LIMIT 200"
)
HANDLED: LiteralString = (
    "SELECT d.id FROM dispute d JOIN account a ON a.login = 'mediator' "
    "WHERE d.handler_agency_id = a.agency_id AND NOT d.restricted AND d.number IS NOT NULL "
    "ORDER BY d.id DESC LIMIT 10"
)
PAGE, SEARCH, PICTURE = Goal(150), Goal(200), Goal(300)


def main() -> None:
    """Build, measure, print."""
    wishes = _wishes()
    load = " ".join(f"{one:.1f}" for one in os.getloadavg())
    print(f"{os.cpu_count()} cores, load before {load}; {wishes.disputes} disputes\n", flush=True)
    with tempfile.TemporaryDirectory(prefix="yt-bench-") as folder, house(Path(folder)) as here:
        made = here.build(wishes.disputes)
        goal = Goal(120) if wishes.disputes <= 200_000 else Goal(1200)
        tell("合成演示数据 demo create", made, "s", goal)
        with site(here) as running:
            tell("网站启动 start-up", running.started_in, "s", Goal(10))
            _pages(here, running, wishes.seconds)
            _papers(here, running)
            _bytes(here, running)
            _posts(here, running, wishes.seconds)
            _memory(here, running)
        with site(here, "tests.bench.hello:app") as running:
            times = open_loop(Visitor(running.port), ["/"], RATE, wishes.seconds)
            tell_times("裸 Flask hello", times)
        _figures(here)
        _writes(here, wishes.seconds)
        seconds, done = assigned(here.connections)
        tell(f"批量交办 {done} 件 assignments", seconds, "s", Goal(10))
        tell("内存 定时任务 scheduler", scheduler_memory(here, wishes.seconds), "MB", Goal(400))
        again = second_start(here)
        if again is not None:
            tell("再次启动 second start, database up", again, "s", Goal(10))
        _footnote()
        tell("内存 数据库进程之最 database", database_peaks(here), "MB", Goal(400))
        largest = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1000
        tell("内存 子进程之最 largest child", largest, "MB", Goal(400), "the generator among them")


def _footnote() -> None:
    """How much of the machine others took: times above hold for a machine that is left alone."""
    load = os.getloadavg()[0]
    cores = os.cpu_count() or 1
    if load > 2 * cores:
        print(f"    load {load:.1f} on {cores} cores: others were computing, repeat when quiet")


def _wishes() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="tests.bench")
    parser.add_argument("--disputes", type=int, default=200_000)
    parser.add_argument("--seconds", type=float, default=15.0, help="of each load")
    return parser.parse_args()


def _pages(here: House, running: Site, seconds: float) -> None:
    """List, search, detail, dashboard and map, each at a steady rate."""
    desk = _signed_in(here, running, "coordinator")
    government = _signed_in(here, running, "government")
    province = _signed_in(here, running, "province")
    details = [f"/matters/{number}" for number in _some_disputes(here)]
    searches = ["/disputes/?view=all&q=排水", "/disputes/?view=all&q=工资"]
    figures = ["/indicators/I07", "/indicators/R_filed"]
    values = [f"/map/values?month={ended_month():%Y-%m}"]
    for name, visitor, paths, goal, rate in (
        ("列表 list", desk, ["/disputes/", "/disputes/?view=all"], PAGE, RATE),
        ("检索 search", desk, searches, SEARCH, RATE),
        ("收件箱 inbox", desk, ["/notices", "/notices?tab=soon"], SEARCH, RATE),
        ("详情 detail", desk, details, PAGE, RATE),
        ("指标 dashboard", government, ["/indicators/"], PICTURE, RATE),
        ("打开一项 figure opened", government, figures, SEARCH, RATE),
        ("全省指标 dashboard, province", province, ["/indicators/"], PICTURE, FEW),
        ("全省打开一项 opened, province", province, figures, SEARCH, FEW),
        ("地图 map", government, ["/map"], PICTURE, RATE),
        ("地图换期 map values", government, values, PICTURE, RATE),
    ):
        asked = [quote(path, safe="/?=&") for path in paths]
        open_loop(visitor, asked, rate, WARM)
        before = running.processor_seconds()
        times = open_loop(visitor, asked, rate, seconds)
        spent = (running.processor_seconds() - before) / len(times) * 1000
        tell_times(name, times, goal, f"{rate:.0f}/s, {spent:.1f} ms of CPU each")


def _papers(here: House, running: Site) -> None:
    """The acceptance form of a mediator's own matters as PDF, names in clear, one after another."""
    mediator, times = _signed_in(here, running, "mediator"), []
    token = mediator.token("/intake/")
    for dispute in _some_disputes(here, HANDLED)[:10]:
        started = time.perf_counter()
        form = {"csrf_token": token, "shape": "pdf", "names": "clear"}
        status, body, _ = mediator.ask(f"/matters/{dispute}/paper-acceptance/0", form)
        if status != HTTPStatus.OK or not body.startswith(b"%PDF"):
            raise RuntimeError(f"a paper of {dispute} answered {status}")
        times.append(time.perf_counter() - started)
    tell_times("文书 a paper as PDF", times, Goal(1000))


def _bytes(here: House, running: Site) -> None:
    visitor = _signed_in(here, running, "government")
    weights = weigh(visitor, "/map")
    tell("地图首屏 first view, packed", sum(weights.values()) / 1000, "kB", Goal(300),
         f"({len(weights)} files)")  # fmt: skip
    for key, weight in sorted(weights.items(), key=lambda pair: -pair[1])[:6]:
        print(f"    {weight / 1000:8.1f} kB  {key.partition('?')[0]}")
    values = weigh(visitor, f"/map/values?month={ended_month(2):%Y-%m}")
    tell("边界偏移 border shift", map_shift(here.connections), "px", Goal(0.5))
    tell("地图换期 another period, packed", sum(values.values()) / 1000, "kB", Goal(5))


def _posts(here: House, running: Site, seconds: float) -> None:
    """The whole way of a report: form, session, use case, audit, commit, answer."""
    times = posted(_signed_in(here, running, "mediator"), seconds)
    tell_times("登记经网页 form posted, 8 clients", times)
    tell("  disputes posted", len(times) / seconds, "/s")


def _memory(here: House, running: Site) -> None:
    for name, used in running.peak_memory().items():
        tell(f"内存 {name}", used, "MB", Goal(400))


def _figures(here: House) -> None:
    times = kept_and_scanned(here.connections, 15)
    for name, words in (("counts", "件数 counts"), ("share", "成功率 share")):
        kept, scan = times[f"{name} kept"], times[f"{name} scan"]
        tell_times(f"一月各县{words}, kept", kept, note="SQL on the kept figures")
        tell_times(f"一月各县{words}, scan", scan, note="SQL on the disputes")
        tell_times(f"一月各县{words}, library", times[f"{name} page"], note="with interval, words")
        tell("  scan ÷ kept", median(scan) / median(kept), "×", Goal(50, at_least=True))
    _all_figures(here)
    assessed, spent = year_assessed(here.connections)
    tell_times("评估一期 100 县 assessment", assessed)
    tell("评估 100 县 × 12 月", sum(assessed), "s", Goal(10), f"{spent:.1f} s of CPU")
    seconds, memory, number = delivered(here.connections)
    tell(f"评估文件 {number} 个 report files", seconds, "s", Goal(120), "Word, PDF, Excel")
    tell("  内存 memory of it", memory, "MB", Goal(1500))


def _all_figures(here: House) -> None:
    anew = assessing.all_anew(here.connections)
    floor, cells = assessing.plainly_grouped(here.connections)
    times, read = assessing.lines_read(here.connections)
    kept = median(times)
    tell("全部指标重算 all figures anew", anew, "s", Goal(30), "with parts by type, township, unit")
    tell(f"  朴素 GROUP BY the floor, {cells} 格 cells", floor, "s")
    tell(f"  读汇总 the same from what is kept, {read} 格 cells", kept * 1000, "ms")
    tell("  重算 ÷ 朴素 anew ÷ floor", anew / floor, "×", Goal(2))
    tell("  朴素 ÷ 读汇总 floor ÷ kept", floor / kept, "×", Goal(100, at_least=True))
    tell("  两年全部指标 all said, library", assessing.from_kept(here.connections), "s")
    tell_times("改一件 one changed matter", assessing.one_change(here.connections), Goal(1000))


def _writes(here: House, seconds: float) -> None:
    raw = bare(here.connections, seconds / 2)
    log = logged(here.connections, seconds)
    tell_times("两行裸事务 raw two rows, 8 clients", raw.times)
    tell("  raw transactions", raw.rate, "/s")
    tell_times("登记纠纷 logging, 8 clients", log.times)
    tell("  disputes logged", log.rate, "/s", Goal(100, at_least=True))
    tell("  of the raw rate", log.rate / raw.rate, "×", Goal(0.1, at_least=True))
    p50, p99 = np.percentile(log.times, (50, 99))
    tell("  p99 ÷ p50", p99 / p50, "×", Goal(5))
    tell_times("  接入审计链 joining the chain", log.waits, Goal(5), "by the database")
    tell_times("  整个提交 the whole commit", log.commits, note="with the flush and the way back")


def _signed_in(here: House, running: Site, login: str) -> Visitor:
    visitor = Visitor(running.port)
    visitor.sign_in(login, here.accounts[login])
    return visitor


def _some_disputes(here: House, question: LiteralString = "") -> list[int]:
    url = here.connections.owner.replace("+psycopg", "")
    with psycopg.connect(url) as owner:
        return [row[0] for row in owner.execute(question or OF_COUNTY).fetchall()]


if __name__ == "__main__":
    main()
