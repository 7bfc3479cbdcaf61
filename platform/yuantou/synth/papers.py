"""Rows of mediation: sessions, agreements, performance, notices of other paths, call-backs."""

from typing import Any

import numpy as np

from yuantou.synth import words
from yuantou.synth.copying import NULL, Columns
from yuantou.synth.days import DAY, Ints, day_texts, texts
from yuantou.synth.facts import path_lists
from yuantou.synth.part import Part, symbols, table

NOTIFYING = ("fail", "terminate", "decline", "advise_path")


def record_rows(part: Part) -> Columns:
    """One session for a simple matter, two for others, between start and end of mediation."""
    row, place = _acts(part, ("mediate",))
    ends = np.where(
        part.reached[row] > place + 1,
        part.moments[row, np.minimum(place + 1, part.moments.shape[1] - 1)],
        part.plan.now,
    )
    row, place, ends = (np.repeat(each, 2) for each in (row, place, ends))
    second = np.arange(len(row)) % 2 == 1
    held = part.moments[row, place]
    share = np.where(second, 0.85, 0.3)
    held = held + ((ends - held) * share).astype(np.int64)
    kept = ~second | (part.complexity[row] > 0)
    row, place, held = row[kept], place[kept], held[kept]
    _, account = part.who(row, symbols("actors")[part.ways[row], place])
    drawn = part.rng.integers(0, 1 << 20, len(row)).tolist()
    return {
        "dispute_id": _numbers(part.ids[row]),
        "held_at": texts(held),
        "place": [words.PLACES[k % len(words.PLACES)] for k in drawn],
        "attendees": [words.ATTENDEES] * len(row),
        "content": [words.RECORDS[(k >> 8) % len(words.RECORDS)] for k in drawn],
        "written_by": _numbers(account),
        "written_at": texts(held),
    }


def agreement_rows(part: Part) -> Columns:
    """Every agreement; the first of a matter that flared up again is superseded by the second."""
    row, place = _acts(part, ("agree",))
    ids = agreement_ids(part, row, place)
    at = part.moments[row, place]
    superseded = np.full(len(row), -1, dtype=np.int64)
    if len(row) > 1:
        superseded[:-1] = np.where(row[1:] == row[:-1], at[1:], -1)
    _, account = part.who(row, symbols("actors")[part.ways[row], place])
    following = table("actions")[part.ways[row], place + 1]
    term = np.where(following == "begin_performance", at // DAY + part.held.term[row], -1)
    amount = (part.amount[row] * part.rng.uniform(0.5, 1.0, len(row))).astype(np.int64)
    money = (amount > 0).tolist()
    modes = [
        "by_date" if due >= 0 else "immediate" if paid else "none"
        for due, paid in zip(term.tolist(), money, strict=True)
    ]
    drawn = part.rng.integers(0, len(words.CONTENTS), len(row)).tolist()
    written = part.written[row].tolist()
    return {
        "id": _numbers(ids),
        "dispute_id": _numbers(part.ids[row]),
        "form": ["written" if each else "oral" for each in written],
        "content": [words.CONTENTS[k] for k in drawn],
        "amount": [str(a) if a else NULL for a in amount.tolist()],
        "perform_mode": modes,
        "due_on": day_texts(term),
        "signature": ["paper" if each else NULL for each in written],
        "effective_on": day_texts(at // DAY),
        "superseded_at": texts(superseded),
        "written_by": _numbers(account),
        "written_at": texts(at),
    }


def performance_rows(part: Part) -> Columns:
    """What was found about performance."""
    row, place = _acts(part, ("perform", "default"))
    at = part.moments[row, place]
    done = (table("actions")[part.ways[row], place] == "perform").tolist()
    _, account = part.who(row, symbols("actors")[part.ways[row], place])
    return {
        "dispute_id": _numbers(part.ids[row]),
        "agreement_id": _numbers(agreement_ids(part, row, place)),
        "found_on": day_texts(at // DAY),
        "result": ["performed" if each else "defaulted" for each in done],
        "evidence": ["双方确认" if each else "到期查询未履行" for each in done],
        "written_by": _numbers(account),
        "written_at": texts(at),
    }


def notice_rows(part: Part) -> Columns:
    """The other ways that the parties were told of."""
    row, place = _acts(part, NOTIFYING)
    _, account = part.who(row, symbols("actors")[part.ways[row], place])
    return {
        "dispute_id": _numbers(part.ids[row]),
        "paths": ["{" + ",".join(paths) + "}" for paths in path_lists(part, row)],
        "told_at": texts(part.moments[row, place]),
        "manner": ["oral" if k % 3 else "written" for k in row.tolist()],
        "note": [""] * len(row),
        "written_by": _numbers(account),
    }


def follow_up_rows(part: Part) -> Columns:
    """The call-back before each closing."""
    row, place = _acts(part, ("close",))
    called = part.moments[row, place] - 900
    _, account = part.who(row, symbols("actors")[part.ways[row], place])
    reached = part.rng.random(len(row)) < 0.93
    content = part.rng.choice(4, len(row), p=[0.83, 0.11, 0.03, 0.03])
    answers = np.array(["satisfied", "fair", "dissatisfied", "unstated"], dtype=object)[content]
    paid = (part.at(part.done(("perform",)))[row] >= 0).tolist()
    agreed = (part.done(("agree",))[row] >= 0).tolist()
    performed = [
        "performed" if p else "defaulted" if a else "none"
        for p, a in zip(paid, agreed, strict=True)
    ]
    return {
        "dispute_id": _numbers(part.ids[row]),
        "called_at": texts(called),
        "reached": ["t" if each else "f" for each in reached.tolist()],
        "performed": [p if r else NULL for p, r in zip(performed, reached, strict=True)],
        "satisfied": [a if r else NULL for a, r in zip(answers, reached, strict=True)],
        "hidden_risk": ["f"] * len(row),
        "note": [words.FOUND] * len(row),
        "written_by": _numbers(account),
    }


def agreement_ids(part: Part, row: Ints, place: Ints) -> Ints:
    """Two numbers are kept for each dispute: for its agreement, and for one after a reopening."""
    reopened = symbols_reopened()[part.ways[row], place]
    first = part.province.first_agreement + 2 * (part.rows.start + row)
    return np.asarray(first + reopened, dtype=np.int64)


def symbols_reopened() -> Ints:
    """For every way and act, 1 after the matter was reopened."""
    reopened = table("actions") == "reopen"
    return np.asarray(np.maximum.accumulate(reopened, axis=1), dtype=np.int64)


def _acts(part: Part, actions: tuple[str, ...]) -> tuple[Ints, Ints]:
    row, place = part.acts()
    chosen = np.isin(table("actions")[part.ways[row], place], actions)
    return row[chosen], place[chosen]


def _numbers(column: Any) -> list[str]:
    return list(map(str, np.asarray(column, dtype=np.int64).tolist()))
