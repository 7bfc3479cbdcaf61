"""Rows of the dispute itself: dispute, events, participations, named handlers, deadlines."""

import json
from typing import Any

import numpy as np

from yuantou.disputes.codes import read
from yuantou.limits.promises import PROMISE_RULES
from yuantou.limits.rules import LimitRule
from yuantou.synth import words
from yuantou.synth.copying import NULL, Columns
from yuantou.synth.days import DAY, DAY_END, Ints, day_texts, texts
from yuantou.synth.facts import facts_of, promised_day
from yuantou.synth.part import SYMBOLS, Part, flag_lists, symbols, table
from yuantou.synth.plan import COMPLEXITIES, SOURCES
from yuantou.synth.terms import (
    LEVELS,
    RISKS,
    base_rules,
    carried,
    choices,
    due,
    terms_of,
)

CONCLUDING = ("agree", "fail", "terminate", "reply", "decline", "merge")
OUTCOMES = {
    "fail": "failed", "terminate": "terminated", "reply": "replied",
    "decline": "not_accepted", "merge": "merged",
}  # fmt: skip
Open = tuple[Ints, list[str]]


def dispute_rows(part: Part, next_due: Open) -> Columns:
    """The disputes as they stand at the present."""
    plan, count = part.plan, part.count
    last = part.reached - 1
    agencies, accounts = part.actors
    rows = np.arange(count)
    first, graded = part.graded
    triaged = part.done(("triage",)) >= 0
    risk = np.where(triaged, graded, first)
    holder = symbols("holders")[part.ways, last]
    mediator = symbols("mediators")[part.ways, last]
    mediators = accounts[rows, np.maximum(mediator, 0)]
    dispatched = part.done(("dispatch",))
    signed = part.done(("sign",))
    concluded = part.done(CONCLUDING[:4])
    moments = {
        "reported_at": plan.reported[part.rows],
        "accepted_at": part.at(part.done(("accept",), last=False)),
        "triaged_at": part.at(_ever(part, "triage")),
        "dispatched_at": part.at(_ever(part, "dispatch")),
        "signed_at": part.at(np.where(signed > dispatched, signed, -1)),
        "mediation_at": part.at(part.done(("mediate",), last=False)),
        "concluded_at": part.at(concluded),
        "performed_at": part.at(part.done(("perform",))),
        "closed_at": part.at(part.done(("close", "decline", "merge"))),
        "reopened_at": part.at(part.done(("reopen",))),
        "updated_at": part.at(last),
        "next_due_at": next_due[0],
    }
    complexity = [list(COMPLEXITIES)[k] for k in part.complexity.tolist()]
    said = _said(part)
    pathways = part.pathways
    return {
        "id": _numbers(part.ids),
        "version": _numbers(part.reached),
        "number": _case_numbers(part),
        "submission": [f"synth-{plan.seed}-{number}" for number in part.ids.tolist()],
        "state": list(table("states")[part.ways, last]),
        "title": [f"{p.short_name}{said['name'][k]}纠纷" for k, p in enumerate(part.townships)],
        "summary": said["summary"],
        "type": part.types,
        "source": [list(SOURCES)[k] for k in plan.source[part.rows].tolist()],
        "place": said["place"],
        "area_code": [place.code for place in part.townships],
        "area_path": [place.path for place in part.townships],
        "county_code": [place.code for place in part.counties],
        "occurred_on": day_texts(plan.occurred[part.rows]),
        "involved": _numbers(part.involved),
        "amount": [str(a) if a else NULL for a in part.amount.tolist()],
        "flags": flag_lists(part.flags),
        "risk": [RISKS[k] for k in risk.tolist()],
        "pathway": [p if t else NULL for p, t in zip(pathways, triaged, strict=True)],
        "complexity": [c if t else NULL for c, t in zip(complexity, triaged, strict=True)],
        "restricted": _truth(part.restricted),
        "pressing": _truth(risk == 0),
        "refused": _truth(part.done(("note_refusal",)) >= 0),
        "returns": _numbers(part.done(("return",)) >= 0),
        "demo": ["t"] * count,
        "reporting_agency_id": _numbers(agencies[:, 0]),
        "reporter_id": _numbers(accounts[:, 0]),
        "handler_agency_id": _numbers(agencies[rows, holder]),
        "mediator_id": [
            str(m) if k >= 0 else NULL
            for m, k in zip(mediators.tolist(), mediator.tolist(), strict=True)
        ],
        "master_id": part.masters,
        "court_case": _court_cases(part, concluded),
        "outcome": _outcomes(part),
        "next_due_rule": next_due[1],
        **{name: texts(column) for name, column in moments.items()},
    }  # fmt: skip


def _ever(part: Part, action: str) -> Ints:
    """The last of an act, whether before or after a reopening."""
    recent = part.done((action,))
    return np.where(recent >= 0, recent, part.done((action,), last=False))


def event_rows(part: Part) -> Columns:
    """Everything that happened."""
    row, place = part.acts()
    ways = part.ways[row]
    agency, account = part.who(row, symbols("actors")[ways, place])
    actions = table("actions")[ways, place]
    states = table("states")
    before = np.where(place > 0, states[ways, np.maximum(place - 1, 0)], NULL)
    return {
        "dispute_id": _numbers(part.ids[row]),
        "at": texts(part.moments[row, place]),
        "event": list(table("events")[ways, place]),
        "from_state": list(before),
        "to_state": list(states[ways, place]),
        "actor_id": _numbers(account),
        "agency_id": _numbers(agency),
        "note": [words.REASONS.get(action, "") for action in actions],
        "facts": facts_of(part, row, place, actions),
    }


def participation_rows(part: Part) -> Columns:
    """Who took part: the reporting agency, and each that had the matter after it."""
    row, place = part.acts()
    holders = symbols("holders")[part.ways]
    before = holders[row, np.maximum(place - 1, 0)]
    taken = (place > 0) & (holders[row, place] != before)
    row, place = row[taken], place[taken]
    handler, _ = part.who(row, holders[row, place])
    since = part.moments[row, place]
    until = np.full(len(row), -1, dtype=np.int64)
    if len(row) > 1:
        until[:-1] = np.where(row[1:] == row[:-1], since[1:], -1)
    every = np.arange(part.count)
    return {
        "dispute_id": _numbers(np.concatenate((part.ids, part.ids[row]))),
        "agency_id": _numbers(np.concatenate((part.actors[0][:, 0], handler))),
        "part": ["reporting"] * part.count + ["handling"] * len(row),
        "since": texts(np.concatenate((part.moments[every, 0], since))),
        "until": texts(np.concatenate((np.full(part.count, -1), until))),
    }


def named_rows(part: Part) -> Columns:
    """Who alone may see a restricted dispute: reporter, county coordinator, whoever works on it."""
    lines: list[tuple[str, str, str, str]] = []
    accounts = part.actors[1]
    reported = texts(part.moments[:, 0])
    last = part.reached - 1
    mediators = symbols("mediators")[part.ways, last]
    for k in np.flatnonzero(part.restricted).tolist():
        people = [accounts[k, 0], accounts[k, SYMBOLS.index("C")]]
        if mediators[k] >= 0:
            people.append(accounts[k, mediators[k]])
        for person in dict.fromkeys(int(each) for each in people):
            lines.append((str(part.ids[k]), str(person), str(accounts[k, 0]), reported[k]))
    names = ("dispute_id", "account_id", "named_by", "named_at")
    return {name: [line[k] for line in lines] for k, name in enumerate(names)}


def deadline_rows(part: Part) -> tuple[Columns, Open]:
    """Every limit that began to run, and of each dispute the next that is still open."""
    slots = _slots(part)
    rules = part.province.rules
    started, ended = part.moments[slots["row"], slots["start"]], _ends(part, slots)
    codes, due_at, promised = _due(part, slots, started)
    row = slots["row"]
    agency, _ = part.who(row, symbols("holders")[part.ways[row], slots["start"]])
    met = np.where(slots["met"] > 0, ended, -1)
    lapsed = np.where(slots["met"] > 0, -1, ended)
    pauses, standing = _pauses(part, slots)
    windows = np.array([code in rules and rules[code][0].window for code in codes])
    counted = (ended < 0) & ~windows & ~standing
    return {
        "dispute_id": _numbers(part.ids[row]),
        "county_code": [part.counties[k].code for k in row.tolist()],
        "area_path": [part.townships[k].path for k in row.tolist()],
        "agency_id": _numbers(agency),
        "rule": codes,
        "rule_version": [str(rules[code][1]) if code in rules else "1" for code in codes],
        "started_at": texts(started),
        "due_at": texts(due_at),
        "promised_on": day_texts(promised),
        "met_at": texts(met),
        "lapsed_at": texts(lapsed),
        "pauses": pauses,
        "extensions": ["[]"] * len(row),
    }, _next(part, row[counted], due_at[counted], np.array(codes, dtype=object)[counted])


def _slots(part: Part) -> dict[str, Any]:
    """Row, start, end and the like of every limit that has begun."""
    bases = base_rules(part.province.rules)
    found: dict[str, list[Ints]] = {
        name: [] for name in ("row", "start", "end", "met", "graded", "pause", "resume", "base")
    }
    names: list[str] = []
    for way in np.unique(part.ways).tolist():
        rows = np.flatnonzero(part.ways == way)
        for term in terms_of(way, bases):
            begun = rows[part.reached[rows] > term.start]
            if not len(begun):
                continue
            if term.rule not in names:
                names.append(term.rule)
            graded = part.reached[begun] > term.graded
            values = (begun, term.start, term.end, term.met, graded, term.pause, term.resume,
                      names.index(term.rule))  # fmt: skip
            for name, value in zip(found, values, strict=True):
                found[name].append(np.broadcast_to(np.asarray(value, np.int64), begun.shape))
    columns: dict[str, Any] = {name: np.concatenate(each) for name, each in found.items()}
    order = np.lexsort((columns["base"], columns["start"], columns["row"]))
    return {name: column[order] for name, column in columns.items()} | {"names": names}


def _ends(part: Part, slots: dict[str, Any]) -> Ints:
    """The moment that ended each limit, -1 while it runs."""
    over = (slots["end"] >= 0) & (part.reached[slots["row"]] > slots["end"])
    return np.where(over, part.moments[slots["row"], np.maximum(slots["end"], 0)], -1)


def _due(part: Part, slots: dict[str, Any], started: Ints) -> tuple[list[str], Ints, Ints]:
    """The rule that applies to each limit, when it runs out, pauses counted, and the day that
    people set themselves (-1: none)."""
    rules, row = part.province.rules, slots["row"]
    first, later = part.graded
    risk = np.where(slots["graded"] > 0, later[row], first[row])
    level = np.where(slots["graded"] > 0, part.complexity[row], len(LEVELS) - 1)
    codes = np.empty(len(row), dtype=object)
    moments, promised = np.full((2, len(row)), -1, dtype=np.int64)
    for number, name in enumerate(slots["names"]):
        of_base = np.flatnonzero(slots["base"] == number)
        if name in PROMISE_RULES:
            codes[of_base] = name
            promised[of_base] = promised_day(part, name, row[of_base], slots["start"][of_base])
            moments[of_base] = promised[of_base] * DAY + DAY_END
            _carry(part, slots, moments, of_base, PROMISE_RULES[name])
            continue
        chosen = choices(rules, name)[risk[of_base], level[of_base], part.type[row[of_base]]]
        codes[of_base] = chosen
        for code in set(chosen.tolist()):
            hit = of_base[chosen == code]
            moments[hit] = due(rules[code][0], started[hit], part.plan.almanac)
            _carry(part, slots, moments, hit, rules[code][0])
    return codes.tolist(), moments, promised


def _carry(part: Part, slots: dict[str, Any], moments: Ints, hit: Ints, rule: LimitRule) -> None:
    """Move the ends of those limits that were paused and run again."""
    moved = hit[_resumed(part, slots, hit)]
    row = slots["row"][moved]
    stop = part.moments[row, slots["pause"][moved]]
    again = part.moments[row, slots["resume"][moved]]
    moments[moved] = carried(rule, moments[moved], stop, again, part.plan.almanac)


def _resumed(part: Part, slots: dict[str, Any], chosen: Ints) -> Any:
    done = part.reached[slots["row"][chosen]]
    return (slots["resume"][chosen] >= 0) & (done > slots["resume"][chosen])


def _pauses(part: Part, slots: dict[str, Any]) -> tuple[list[str], Any]:
    """The pauses of each limit as JSON, and whether it stands still now."""
    row, reached = slots["row"], part.reached[slots["row"]]
    paused = (slots["pause"] >= 0) & (reached > slots["pause"])
    made = ["[]"] * len(row)
    standing = paused & ~((slots["resume"] >= 0) & (reached > slots["resume"]))
    for k in np.flatnonzero(paused).tolist():
        ends = [slots["pause"][k]] if standing[k] else [slots["pause"][k], slots["resume"][k]]
        moments = texts(part.moments[row[k], ends])
        pause = {
            "start": f"{moments[0]}+08:00",
            "end": None if standing[k] else f"{moments[1]}+08:00",
            "reason": words.REASONS["suspend"],
        }
        made[k] = json.dumps([pause], ensure_ascii=False)
    return made, standing


def _next(part: Part, row: Ints, due_at: Ints, codes: Any) -> Open:
    """The earliest open duty of each dispute."""
    moments = np.full(part.count, -1, dtype=np.int64)
    rules = [NULL] * part.count
    order = np.lexsort((due_at, row))
    _, first = np.unique(row[order], return_index=True)
    for k in order[first].tolist():
        moments[row[k]], rules[row[k]] = due_at[k], codes[k]
    return moments, rules


def _said(part: Part) -> dict[str, list[str]]:
    from_codes = {code: kind.short_zh for code, kind in read().types.items()}
    choice = part.rng.integers(0, 1 << 30, part.count).tolist()
    months = part.rng.integers(2, 11, part.count).tolist()
    said: dict[str, list[str]] = {"name": [], "summary": [], "place": []}
    for k, code in enumerate(part.types):
        options, drawn = words.SUMMARIES[code], choice[k]
        text = options[drawn % len(options)]
        said["name"].append(from_codes[code])
        said["summary"].append(text.format(n=int(part.involved[k]), month=months[k]))
        village = words.VILLAGES[(drawn >> 8) % len(words.VILLAGES)]
        street = words.STREETS[(drawn >> 16) % len(words.STREETS)]
        said["place"].append(f"{part.townships[k].short_name}{village}{street}")
    return said


def _case_numbers(part: Part) -> list[str]:
    numbers = part.plan.number[part.rows].tolist()
    years = part.plan.accepted[part.rows].astype("datetime64[s]").astype("datetime64[Y]")
    series = part.province.land.series
    return [
        f"{series[county.code]}〔{year}〕第{number:06d}号" if number else NULL
        for county, year, number in zip(part.counties, years.astype(str), numbers, strict=True)
    ]


def _court_cases(part: Part, concluded: Ints) -> list[str]:
    """A suit that followed where mediation failed, for some."""
    actions = table("actions")[part.ways, np.maximum(concluded, 0)]
    sued = np.isin(actions, ("fail", "terminate")) & (concluded >= 0)
    sued &= (part.rng.random(part.count) < 0.5) & ~part.restricted
    years = (1970 + part.moments[:, 0] // (365.2425 * DAY)).astype(int).tolist()
    serial = part.rng.integers(1, 6000, part.count).tolist()
    return [
        f"({year})辽{county.code[2:]}民初{number}号" if hit else NULL
        for year, county, number, hit in zip(years, part.counties, serial, sued, strict=True)
    ]


def _outcomes(part: Part) -> list[str]:
    place = part.done(CONCLUDING)
    actions = table("actions")[part.ways, np.maximum(place, 0)]
    forms = np.where(part.written, "agreed_written", "agreed_oral")
    return [
        NULL if k < 0 else OUTCOMES.get(action, form)
        for k, action, form in zip(place.tolist(), actions, forms.tolist(), strict=True)
    ]


def _numbers(column: Any) -> list[str]:
    return list(map(str, np.asarray(column, dtype=np.int64).tolist()))


def _truth(column: Any) -> list[str]:
    return ["t" if value else "f" for value in column.tolist()]
