"""A seal that holds, one made by other code, and what tampering looks like."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, text, update
from sqlalchemy.orm import Session

from yuantou.assessments import service
from yuantou.assessments.models import AssessmentReport, AssessmentRun
from yuantou.assessments.sealing import Comparison, Seal, canonical, written
from yuantou.assessments.service import verify
from yuantou.audit.models import AuditEvent

Look = Callable[[], Comparison]


@pytest.fixture
def look(worker: Session, lingyuan: AssessmentReport) -> Look:
    """Verify Lingyuan's report as it now stands in the database."""

    def judge() -> Comparison:
        worker.rollback()
        worker.expire_all()
        return verify(worker, worker.get_one(AssessmentReport, lingyuan.id))

    return judge


def _tamper(owner: Session, report: AssessmentReport, **values: object) -> None:
    owner.execute(update(AssessmentReport).where(AssessmentReport.id == report.id).values(values))
    owner.commit()


def _forged(report: AssessmentReport, content: bytes) -> str:
    return Seal(
        run_id=report.run_id,
        area_code=report.area_code,
        period_end=report.period_end.isoformat(),
        inputs=bytes(report.inputs),
        content=content,
        code_version=report.code_version,
        audit_head=report.audit_head,
        sealed_at=written(report.sealed_at),
        algorithm=report.algorithm,
    ).value()


def test_an_untouched_report_is_the_same(look: Look) -> None:
    assert look() is Comparison.SAME


def test_signing_for_it_leaves_it_the_same(
    look: Look, client_of: Callable[[str], FlaskClient], lingyuan: AssessmentReport
) -> None:
    client_of("zhou").post(f"/assessments/reports/{lingyuan.id}/receive")
    assert look() is Comparison.SAME


@pytest.mark.parametrize("part", ["content", "inputs"])
def test_one_changed_digit_is_found(
    owner: Session, look: Look, lingyuan: AssessmentReport, part: str
) -> None:
    _tamper(owner, lingyuan, **{part: bytes(getattr(lingyuan, part)).replace(b"503000", b"504000")})
    assert look() is Comparison.ALTERED


def test_a_backdated_seal_is_found(owner: Session, look: Look, lingyuan: AssessmentReport) -> None:
    _tamper(owner, lingyuan, sealed_at=lingyuan.sealed_at.replace(day=1))
    assert look() is Comparison.ALTERED


def test_a_seal_computed_anew_is_betrayed_by_the_chain(
    owner: Session, look: Look, lingyuan: AssessmentReport
) -> None:
    content = bytes(lingyuan.content).replace(b"503000", b"504000")
    _tamper(owner, lingyuan, content=content, seal=_forged(lingyuan, content))
    assert look() is Comparison.ALTERED


def test_a_forged_row_of_the_chain_does_not_help(
    owner: Session, look: Look, lingyuan: AssessmentReport
) -> None:
    content = bytes(lingyuan.content).replace(b"503000", b"504000")
    seal = _forged(lingyuan, content)
    row = owner.query(AuditEvent).filter_by(action="assessment:seal").one()
    seals: Any = row.facts["seals"]
    row.facts = {"seals": {**seals, lingyuan.area_code: seal}}
    _tamper(owner, lingyuan, content=content, seal=seal)
    assert look() is Comparison.ALTERED


def test_other_code_with_another_result_is_told_from_tampering(
    look: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "report", lambda inputs: {"about": inputs["about"]})
    monkeypatch.setattr(service, "code_version", lambda: "9.9+new")
    assert look() is Comparison.CODE_DIFFERS


def test_other_code_with_the_same_result_is_the_same(
    look: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "code_version", lambda: "9.9+new")
    assert look() is Comparison.SAME


def test_the_command_names_what_was_altered(
    app: Flask, owner: Session, lingyuan: AssessmentReport
) -> None:
    runner = app.test_cli_runner()
    good = runner.invoke(args=["assessments", "verify"])
    assert "同 same 3" in good.output
    assert good.exit_code == 0
    _tamper(owner, lingyuan, content=bytes(lingyuan.content) + b" ")
    bad = runner.invoke(args=["assessments", "verify", "--report", str(lingyuan.id)])
    assert "被改动 altered" in bad.output
    assert bad.exit_code == 1


@pytest.mark.parametrize("only_this", [False, True])
def test_the_command_names_what_was_deleted(
    app: Flask, owner: Session, lingyuan: AssessmentReport, only_this: bool
) -> None:
    run, area, number = lingyuan.run_id, lingyuan.area_code, lingyuan.id
    owner.execute(delete(AssessmentReport).where(AssessmentReport.id == number))
    owner.commit()
    words = ["--report", str(number)] if only_this else []
    found = app.test_cli_runner().invoke(args=["assessments", "verify", *words])
    assert f"run {run}\t{area}\t缺失 missing\n" in found.output
    assert "缺失 missing 1。" in found.output
    assert found.exit_code == 1


def test_the_page_says_so_too(
    owner: Session, client_of: Callable[[str], FlaskClient], lingyuan: AssessmentReport
) -> None:
    address = f"/assessments/reports/{lingyuan.id}/verify"
    assert "核验结果：同" in client_of("zhou").get(address).text
    _tamper(owner, lingyuan, seal="0" * 64)
    assert "核验结果：被改动" in client_of("zhou").get(address).text


def test_no_role_of_the_application_can_change_a_sealed_report(
    viewer_session: Callable[[str], tuple[Session, object]], lingyuan: AssessmentReport
) -> None:
    session, _ = viewer_session("zhou")
    with pytest.raises(Exception, match="permission denied"):
        session.execute(
            update(AssessmentReport)
            .where(AssessmentReport.id == lingyuan.id)
            .values(content=canonical({}))
        )


@pytest.mark.parametrize(
    "values",
    [
        {"algorithm": "crc"},
        {"audit_head": "gone"},
        {"audit_head": "1:zz"},
        {"audit_head": ""},
        {"inputs": b"no json"},
        {"content": b""},
        {"period_end": date(2026, 9, 30)},
        {"area_code": "999999"},
    ],
)
def test_whatever_was_written_over_is_judged_and_breaks_nothing(
    app: Flask, owner: Session, look: Look, lingyuan: AssessmentReport, values: dict[str, object]
) -> None:
    _tamper(owner, lingyuan, **values)
    assert look() is Comparison.ALTERED
    done = app.test_cli_runner().invoke(args=["assessments", "verify"])
    assert done.exit_code == 1
    assert f"{lingyuan.id}\t" in done.output
    assert "核验 3 份" in done.output


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE assessment_summary SET algorithm = 'crc'",
        "UPDATE assessment_summary SET content = 'x'",
        "DELETE FROM assessment_report",
        "UPDATE scheme_version SET body = '{}'",
        "UPDATE scheme_version SET body = jsonb_set(body, '{algorithm}', '\"crc\"')",
        "UPDATE assessment_run SET scheme_version = 77",
        "UPDATE assessment_run SET edition = 9",
        "UPDATE assessment_report SET area_path = 'x'",
    ],
)
def test_verifying_goes_through_to_its_end_whatever_was_changed(
    app: Flask, owner: Session, run: AssessmentRun, statement: str
) -> None:
    owner.execute(text(statement))
    owner.commit()
    done = app.test_cli_runner().invoke(args=["assessments", "verify"])
    assert done.exit_code == 1
    assert done.exception is None or isinstance(done.exception, SystemExit)
    assert "核验 " in done.output


@pytest.mark.parametrize(
    "values",
    [
        "received_at = received_at - interval '2 days'",
        "received_at = NULL, received_by = NULL",
        "received_by = 1",
    ],
)
def test_a_receipt_is_what_the_chain_says_it_was(
    app: Flask, owner: Session, client_of: Callable[[str], FlaskClient], values: str,
    lingyuan: AssessmentReport,
) -> None:  # fmt: skip
    client_of("zhou").post(f"/assessments/reports/{lingyuan.id}/receive")
    assert app.test_cli_runner().invoke(args=["assessments", "verify"]).exit_code == 0
    owner.execute(text(f"UPDATE assessment_report SET {values} WHERE id = {lingyuan.id}"))
    owner.commit()
    done = app.test_cli_runner().invoke(args=["assessments", "verify"])
    assert (done.exit_code, f"{lingyuan.id}\t{lingyuan.area_code}\t签收" in done.output) == (
        1,
        True,
    )


def test_a_receipt_that_nobody_gave_is_found(
    app: Flask, owner: Session, lingyuan: AssessmentReport
) -> None:
    _tamper(owner, lingyuan, received_at=lingyuan.sealed_at, received_by=1)
    done = app.test_cli_runner().invoke(args=["assessments", "verify"])
    assert (done.exit_code, "签收 receipt" in done.output) == (1, True)
