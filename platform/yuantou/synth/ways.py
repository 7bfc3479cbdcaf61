"""The ways that a synthetic dispute can go, walked through the workflow's own table.

A way is a list of acts with the one who acts. It is walked with `workflow.step` when this module
is first used, so a way that the state machine would refuse can not be generated.
"""

from dataclasses import dataclass
from functools import cache

from yuantou.disputes.workflow import BY_ACTION, DisputeState, step

# Who acts: D the desk that took the report, H the one it was sent to, C the county's centre,
# W an agency that gave it back, X who took it over after it was escalated.
OWN = "accept:D triage:D"
SENT = "accept:D triage:D dispatch:D sign:H"
BACK = "accept:D triage:D dispatch:D return:W triage:D dispatch:D sign:H"
UP = "accept:D triage:D mediate:D escalate:D dispatch:C sign:X"
AFTER = "plan_follow_up close"

TAILS = {
    "agree_now": f"agree perform {AFTER}",
    "agree_later": f"agree begin_performance perform {AFTER}",
    "agree_late": f"agree begin_performance default urge perform {AFTER}",
    "agree_broken": f"agree begin_performance default advise_path {AFTER}",
    "paused": f"suspend resume agree begin_performance perform {AFTER}",
    "failed": f"fail advise_path {AFTER}",
    "quit": f"note_refusal terminate advise_path {AFTER}",
    "relapsed": f"agree perform {AFTER} reopen triage mediate agree perform {AFTER}",
}
ROUTES = {
    "own": ("D", OWN),
    "sent": ("H", SENT),
    "county": ("H", SENT),
    "up": ("X", UP),
}
OTHERS = {
    "handled": f"{SENT} handle:H reply:H plan_follow_up:H close:H",
    "handled_back": f"{BACK} handle:H reply:H plan_follow_up:H close:H",
    "refused": "accept:D note_refusal:D terminate:D advise_path:D plan_follow_up:D close:D",
    "violence": "accept:D triage:D terminate:D advise_path:D plan_follow_up:D close:D",
    "declined": "decline:D",
    "merged": "merge:D",
}
CALLED = "+police"


@dataclass(frozen=True)
class Way:
    """One way. Place 0 of every tuple is the report itself.

    `holders[k]` is who has the matter after act k; `mediators[k]` who works on it, '' nobody.
    """

    name: str
    actions: tuple[str, ...]
    actors: tuple[str, ...]
    events: tuple[str, ...]
    states: tuple[str, ...]
    holders: tuple[str, ...]
    mediators: tuple[str, ...]

    @property
    def length(self) -> int:
        """Acts with the report."""
        return len(self.actions)


@cache
def all_ways() -> tuple[Way, ...]:
    """Every way there is, each with its twin in which the police is told."""
    texts = dict(OTHERS)
    for route, (who, head) in ROUTES.items():
        for tail, acts in TAILS.items():
            solve = " ".join(f"{act}:{who}" for act in f"mediate {acts}".split())
            texts[f"{route}_{tail}"] = f"{head} {solve}"
    plain = [walk(name, text) for name, text in texts.items()]
    called = [
        walk(name + CALLED, text.replace("accept:D", "accept:D report_to_police:D"))
        for name, text in texts.items()
        if "accept:D" in text
    ]
    return (*plain, *called)


@cache
def numbered() -> dict[str, int]:
    """The place of each way in `all_ways`."""
    return {way.name: place for place, way in enumerate(all_ways())}


def walk(name: str, text: str) -> Way:
    """Walk a way through the workflow; ValueError where its table has no such act."""
    state = DisputeState.REPORTED
    actions, actors, events, states = ["report"], ["R"], ["reported"], [str(state)]
    holders, mediators = ["D"], [""]
    for word in text.split():
        action, actor = word.split(":")
        state = step(state, action)
        actions.append(action)
        actors.append(actor)
        events.append(BY_ACTION[action].event)
        states.append(str(state))
        holders.append(_holder(action, text, len(actions) - 2, holders[-1]))
        mediators.append(_mediator(action, actor, mediators[-1]))
    return Way(
        name, *(tuple(column) for column in (actions, actors, events, states, holders, mediators))
    )


def _holder(action: str, text: str, place: int, before: str) -> str:
    """Who has the matter after the act: it goes to whoever signs or returns next."""
    if action == "dispatch":
        return text.split()[place + 1].split(":")[1]
    return {"return": "D", "escalate": "C"}.get(action, before)


def _mediator(action: str, actor: str, before: str) -> str:
    if action in ("mediate", "handle"):
        return actor
    return "" if action == "dispatch" else before
