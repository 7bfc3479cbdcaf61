"""Late entry: how much of what has happened is in the books, and what is still to come.

What happened lately and is already entered was entered fast, so plain shares
of fast entries flatter. All functions here correct for that right truncation:
a delay k is weighed only among what happened at least k ago.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import special

from geo.arrays import Booleans, Floats, Integers, Numbers, counts, numbers, refuse, share

_HALF = 0.5


@dataclass(frozen=True)
class Delay:
    """Share entered within 0, 1, … ``longest`` steps, among all entered within ``longest``.

    ``share``: F(d), 1 at the end, NaN where the data cannot tell (nobody was
    watched that long, or all came later); ``log_variance``: variance of log F;
    ``entered``: n(d) with exactly that delay; ``watched``: N(d), with at most
    that delay among what happened at least d steps ago.
    """

    share: Floats
    log_variance: Floats
    entered: Floats
    watched: Floats

    @property
    def longest(self) -> int:
        """The longest delay that is considered."""
        return len(self.share) - 1


def reporting_delay(occurred: Any, entered: Any, now: Any, longest: int | None = None) -> Delay:
    """Distribution of the days from occurrence to entry, corrected for truncation.

    ``occurred`` and ``entered`` are n days, as numbers or numpy dates; ``now``
    is the last day on which an entry could be seen. F(d) = Π (1 - n(k) / N(k))
    over k = d + 1 … ``longest``; the variance of log F is Σ n / (N (N - n)).
    Longer delays take no part; None takes the longest seen. Rows with an
    unknown day take no part. Raises ValueError for an entry after ``now`` or
    before its occurrence (naming positions), differing lengths, or a negative
    ``longest``.

    Source: Lawless (1994), Canadian Journal of Statistics 22: 15-31; Kalbfleisch
    and Lawless (1989), JASA 84: 360-372.
    """
    start, end = _days(occurred, "occurred"), _days(entered, "entered")
    if start.shape != end.shape:
        raise ValueError(f"{len(start)} occurred but {len(end)} entered")
    today = float(_days([now], "now")[0])
    refuse(end > today, "entered after now")
    refuse(end < start, "entered before it occurred")
    known = ~np.isnan(start + end)
    late, age = (end - start)[known], (today - start)[known]
    most = int(late.max()) if longest is None and len(late) else int(longest or 0)
    if most < 0:
        raise ValueError(f"longest must not be negative, not {longest}")
    kept = late <= most
    within = np.searchsorted(np.sort(late[kept]), np.arange(most + 1), side="right")
    young = np.searchsorted(np.sort(age[kept]), np.arange(most + 1), side="left")
    exactly = np.bincount(late[kept].astype(np.int64), minlength=most + 1)
    return _delay(exactly.astype(np.float64), (within - young).astype(np.float64))


def completeness(delay: Delay, age: Numbers, level: float = 0.95) -> tuple[Floats, Floats, Floats]:
    """How much of what happened ``age`` steps ago is entered by now.

    Returns (share, lower, upper), each of the shape of ``age``, between 0 and
    1: F at the age (rounded down), 1 beyond the longest delay; limits on the
    log-log scale, F^exp(± z · sd(log F) / |log F|), or, where nothing came
    later so far, the exact binomial lower limit. NaN for an unknown age.
    Raises ValueError for negative ages or a ``level`` not between 0 and 1.
    """
    level = share(level, "level")
    steps = counts(age, "age")
    known = ~np.isnan(steps)
    place = np.where(known, np.minimum(steps, delay.longest), 0).astype(np.int64)
    value, error = delay.share, np.sqrt(delay.log_variance)
    lower, upper = _limits(value, error, float(special.ndtri((1 + level) / 2)))
    fewest = np.minimum.accumulate(np.append(delay.watched, np.inf)[::-1])[::-1][1:]
    bound = ((1 - level) / 2) ** (1 / np.maximum(fewest, 1.0))
    lower = np.where((value == 1) & np.isfinite(fewest), bound, lower)
    columns = [np.where(known, column[place], np.nan) for column in (value, lower, upper)]
    return columns[0], columns[1], columns[2]


def _limits(value: Floats, error: Floats, z: float) -> tuple[Floats, Floats]:
    within = (value > 0) & (value < 1)
    log = np.log(np.where(within, value, 0.5))
    reach = z * np.where(within, error, 0.0) / -log
    lower = np.where(within, np.exp(log * np.exp(reach)), value)
    return lower, np.where(within, np.exp(log * np.exp(-reach)), value)


@dataclass(frozen=True)
class Nowcast:
    """What the count of each period will be once all is entered.

    ``seen`` so far, ``completeness``, the ``expected`` final count and its
    prediction limits ``lower`` and ``upper``; NaN where the data cannot tell.
    """

    seen: Floats
    completeness: Floats
    expected: Floats
    lower: Floats
    upper: Floats


def project(
    seen: Numbers,
    age: Numbers,
    delay: Delay,
    level: float = 0.95,
    draws: int = 3_999,
    seed: int = 0,
) -> Nowcast:
    """Final counts of periods of which part is entered.

    ``seen``: one count a period; ``age``: how many steps ago it ended. Expected
    = seen / F(age). Limits: quantiles over ``draws`` of seen + missing, missing
    negative binomial with size seen + ½ and chance F, and F itself drawn on the
    log-log scale, so that its own uncertainty counts. Counts are taken as
    Poisson given a period's rate; a unit that enters in lumps is less certain
    than this says. Errors as in ``completeness``, or for negative counts,
    differing shapes or ``draws`` below 1.
    """
    given, steps = counts(seen, "seen"), counts(age, "age")
    if given.ndim != 1 or given.shape != steps.shape:
        raise ValueError(f"seen and age must be as long: {given.shape} and {steps.shape}")
    if draws < 1:
        raise ValueError(f"draws must be at least 1, not {draws}")
    tail = (1 - share(level, "level")) / 2
    value = completeness(delay, steps, level)[0]
    known = (value > 0) & ~np.isnan(given)
    total, lower, upper = (np.full(given.shape, np.nan) for _ in range(3))
    total[known] = given[known] / value[known]
    place = np.minimum(steps[known], delay.longest).astype(np.int64)
    drawn = _missing(given[known], value[known], delay.log_variance[place], draws, seed)
    limits = np.quantile(drawn, [tail, 1 - tail], axis=0, method="inverted_cdf")
    lower[known], upper[known] = given[known] + limits
    return Nowcast(given, value, total, lower, upper)


def _missing(seen: Floats, value: Floats, variance: Floats, draws: int, seed: int) -> Floats:
    rng = np.random.default_rng(seed)
    open_yet = value < 1
    log = np.log(np.where(open_yet, value, 0.5))
    spread = rng.standard_normal((draws, len(seen))) * np.sqrt(variance) / -log
    chance = np.clip(np.exp(log * np.exp(spread)), 1e-6, 1.0)
    missing = rng.negative_binomial(seen + _HALF, chance).astype(np.float64)
    drawn: Floats = np.where(open_yet, missing, 0.0)
    return drawn


def nowcast(
    counts_by_age: Numbers, level: float = 0.95, draws: int = 3_999, seed: int = 0
) -> Nowcast:
    """Final counts of all periods of a table of counts by delay.

    ``counts_by_age``: one row a period, one column a delay in periods (0, 1,
    …), holding what was entered with exactly that delay; NaN where that lies
    in the future. Rows are known from the first column up to some column, at
    least one row to the last. The expected counts are those of the basic chain
    ladder; limits as in ``project``. Raises ValueError for negative numbers, a
    shape that is not two-dimensional, or a row with a hole or without a first
    number (naming rows), and as ``project`` does.

    Source: Lawless (1994); Mack (1993) for the chain ladder.
    """
    table = _table(counts(counts_by_age, "counts_by_age"))
    known = ~np.isnan(table)
    running = np.cumsum(np.where(known, table, 0.0), axis=1)
    watched = np.where(known, running, 0.0).sum(axis=0)
    delay = _delay(np.where(known, table, 0.0).sum(axis=0), watched)
    return project(running[:, -1], known.sum(axis=1) - 1.0, delay, level, draws, seed)


def _delay(entered: Floats, watched: Floats) -> Delay:
    rest = watched - entered
    judged = (watched > 0) & (rest > 0)
    step = np.divide(rest, watched, out=np.full(len(rest), np.nan), where=judged)
    term = np.divide(entered, watched * rest, out=np.full(len(rest), np.nan), where=judged)
    later = np.append(np.cumprod(step[:0:-1])[::-1], 1.0)
    variance = np.append(np.cumsum(term[:0:-1])[::-1], 0.0)
    return Delay(later, variance, entered, watched)


def _table(table: Floats) -> Floats:
    if table.ndim != 2 or 0 in table.shape:
        raise ValueError(f"a table of periods by delays is needed, not of shape {table.shape}")
    known: Booleans = ~np.isnan(table)
    refuse(~known[:, 0] | (known[:, 1:] & ~known[:, :-1]).any(axis=1), "row with a hole")
    if not bool(known[:, -1].any()):
        raise ValueError("no row is known to the last column")
    return table


@dataclass(frozen=True)
class Ladder:
    """Chain ladder: ``factors`` from column to column; by row the ``ultimate`` value, the
    ``reserve`` still to come and its ``standard_error``; and both in total.
    """

    factors: Floats
    ultimate: Floats
    reserve: Floats
    standard_error: Floats
    total_reserve: float
    total_standard_error: float


def chain_ladder(cumulative: Numbers) -> Ladder:
    """Basic chain ladder of a triangle, with Mack's standard errors.

    ``cumulative``: one row a period, one column a delay, holding all entered
    up to that delay (counts or amounts); NaN where that lies in the future.
    Factor f = Σ next column / Σ this column over the rows known in both; σ² the
    mean squared deviation, that of the last factor by Mack's rule; standard
    errors NaN with fewer than three columns that can be judged. Errors as in
    ``nowcast``; a column of zeros gives NaN.

    Source: Mack (1993), ASTIN Bulletin 23: 213-225.
    """
    table = _table(counts(cumulative, "cumulative"))
    known = ~np.isnan(table)
    both = known[:, 1:]
    this = np.where(both, table[:, :-1], 0.0)
    following = np.where(both, table[:, 1:], 0.0)
    base = this.sum(axis=0)
    factors = np.divide(following.sum(axis=0), base, out=np.full(len(base), np.nan), where=base > 0)
    sigma2 = _sigma2(this, following, factors, both.sum(axis=0))
    last = known.sum(axis=1) - 1
    full = table.copy()
    for column in range(1, table.shape[1]):
        ahead = column > last
        full[ahead, column] = full[ahead, column - 1] * factors[column - 1]
    errors, total = _mack(full, base, sigma2 / factors**2, last)
    reserve = full[:, -1] - table[np.arange(len(table)), last]
    return Ladder(factors, full[:, -1], reserve, errors, float(reserve.sum()), total)


def _sigma2(this: Floats, following: Floats, factors: Floats, rows: Integers) -> Floats:
    gaps = (following - this * factors) ** 2
    squares = np.divide(gaps, this, out=np.zeros_like(gaps), where=this > 0).sum(axis=0)
    sigma2: Floats = np.divide(squares, rows - 1, out=np.full(len(rows), np.nan), where=rows > 1)
    if len(sigma2) > 2 and np.isnan(sigma2[-1]):
        before, last = sigma2[-3], sigma2[-2]
        guess = last**2 / before if before > 0 else 0.0
        sigma2[-1] = min(guess, before, last)
    return sigma2


def _mack(full: Floats, base: Floats, relative: Floats, last: Integers) -> tuple[Floats, float]:
    """Mack's errors by row and in total; ``relative`` is σ² / f² of each factor."""
    final = full[:, -1]
    ahead = np.arange(len(base)) >= last[:, None]
    inverse = np.divide(1.0, full[:, :-1], out=np.zeros(ahead.shape), where=full[:, :-1] > 0)
    shared = np.where(ahead, relative / base, 0.0)
    own = np.where(ahead, relative * inverse, 0.0)
    squares = final**2 * (own + shared).sum(axis=1)
    common = shared[:, None, :] * ahead[None, :, :]
    cross = final[:, None] * final * common.sum(axis=2)
    total = squares.sum() + cross.sum() - np.trace(cross)
    return np.sqrt(squares), float(np.sqrt(total))


def _days(values: Any, name: str) -> Floats:
    """Whole days as numbers, from numbers or numpy dates; NaT becomes NaN."""
    given = np.asarray(values)
    if given.dtype.kind == "M":
        whole = given.astype("datetime64[D]")
        given = np.where(np.isnat(whole), np.nan, whole.astype(np.int64).astype(np.float64))
    days = numbers(given, name)
    if days.ndim != 1:
        raise ValueError(f"{name} must be one-dimensional, not of shape {days.shape}")
    return np.floor(days)
