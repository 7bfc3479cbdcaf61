"""What a scheme must not do to the figures that it is made of."""

from collections.abc import Iterator, Mapping

from yuantou.assessments.rows import Row
from yuantou.assessments.scheme import Scheme, SchemeFault
from yuantou.indicators.catalogue import Definition
from yuantou.indicators.standing.placing import JUDGED_KINDS


def refuse_unfit(made: Scheme, known: Mapping[str, Definition]) -> None:
    """SchemeFault where a row weighs what may not be weighed, or is not known at this level."""
    faults = [
        f"{row.code}: {fault}"
        for row in made.score
        if row.of_figure and row.code in known
        for fault in _faults(made, row, known[row.code])
    ]
    faults += [f"{code}：没有这个指标" for code in made.indicators if code not in known]
    faults += [
        f"{code}：件数和比值没有这里用的区间和检验，不能列进方案，附表里照样有"
        for code in made.indicators
        if code in known and known[code].kind not in JUDGED_KINDS
    ]
    if known and faults:
        raise SchemeFault(f"{made.code}: {'; '.join(faults)}")


def _faults(made: Scheme, row: Row, definition: Definition) -> Iterator[str]:
    if definition.context and not row.decision:
        yield "法院质量数据只供参考，计分须写明依据的决定（decision = 文件名和文号）"
    if definition.context and made.ranking:
        yield "法院的数据不排名（ranking）"
    if made.level not in definition.levels and not row.indicative:
        yield f"这一级（{made.level}）没有这项指标，只能作参考（indicative = true）"
    if definition.direction not in ("none", row.direction) and row.direction != "none":
        yield f"方向与指标口径相反（direction = {definition.direction}）"
