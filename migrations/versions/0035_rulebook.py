"""Rules of warning that two people change."""

import json

from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

W11_SAYS = (
    "数据核问里单位已经说明或者逾期没有说明的，同一签名图、同一电话反复出现的，一"
    "个村的事项占了全乡镇大半的，日期、金额不可能或者同一件登记两次的，提请查看。"
    "不公开，不就人下结论。"
)
W11_NUMBERS = {
    "days": 90,
    "signatures": 3,
    "phones": 5,
    "share": 50,
    "least": 20,
    "amount": 50000,
    "years": 50,
}
# What W11 has come to judge: an older row without numbers would not be read any more.
W11 = json.dumps({"says_zh": W11_SAYS, "numbers": W11_NUMBERS}, ensure_ascii=False)
W11_GROWS = (
    f"UPDATE warning_rule_version SET body = body || CAST('{W11}' AS jsonb) "
    "WHERE code = 'W11' AND body -> 'numbers' = '{}'"
)
COLUMNS = """ALTER TABLE warning_rule_version
  ADD COLUMN reason text NOT NULL DEFAULT '', ADD COLUMN proposed_by bigint,
  ADD COLUMN approved_by bigint, ADD COLUMN approved_at timestamptz,
  ADD COLUMN rejected_at timestamptz, ADD COLUMN preview jsonb,
  ADD COLUMN previewed_at timestamptz,
  ADD COLUMN proposed_at timestamptz NOT NULL DEFAULT now()"""
COMPARED = "d.reported_at < until AND NOT d.restricted AND d.state NOT IN ('draft', 'merged')"
PHONE_GOES = """
CREATE FUNCTION phone_index_goes() RETURNS trigger LANGUAGE plpgsql SET search_path = public AS $$
BEGIN
  IF NEW.phone_enc IS NULL THEN NEW.phone_index := NULL; END IF;
  RETURN NEW;
END $$"""
PHONES = f"""
CREATE FUNCTION shared_phones(since timestamptz, until timestamptz, fewest int)
RETURNS TABLE (mark text, matters bigint[], people int)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
  SELECT substr(encode(sha256(p.phone_index), 'hex'), 1, 16),
         array_agg(DISTINCT d.id ORDER BY d.id), count(DISTINCT p.contact_index)::int
  FROM dispute d JOIN party p ON p.dispute_id = d.id
  WHERE d.reported_at >= since AND {COMPARED}
    AND p.kind = 'person' AND p.phone_index IS NOT NULL
  GROUP BY p.phone_index, d.county_code
  HAVING count(DISTINCT p.contact_index) >= fewest
$$"""
SIGNATURES = f"""
CREATE FUNCTION shared_signatures(since timestamptz, until timestamptz, fewest int)
RETURNS TABLE (mark text, county text, matters bigint[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
  SELECT substr(encode(sha256(a.digest), 'hex'), 1, 16), d.county_code,
         array_agg(DISTINCT d.id ORDER BY d.id)
  FROM paper_signature s JOIN attachment a ON a.id = s.attachment_id
  JOIN dispute d ON d.id = s.dispute_id
  WHERE s.struck_at IS NULL AND a.withdrawn_at IS NULL AND s.noted_at >= since AND {COMPARED}
  GROUP BY a.digest, d.county_code HAVING count(DISTINCT d.id) >= fewest
$$"""
DOORS = tuple(
    step
    for name in ("shared_phones", "shared_signatures")
    for step in (
        f"REVOKE ALL ON FUNCTION {name}(timestamptz, timestamptz, int) FROM PUBLIC",
        f"GRANT EXECUTE ON FUNCTION {name}(timestamptz, timestamptz, int) TO yuantou_worker",
    )
)
STEPS = (
    COLUMNS,
    "UPDATE warning_rule_version SET approved_at = entered_at, proposed_at = entered_at",
    W11_GROWS,
    "ALTER TABLE warning_rule_version ALTER reason DROP DEFAULT, ALTER proposed_at DROP DEFAULT, "
    "ADD CONSTRAINT ck_warning_rule_version_second_person "
    "CHECK (approved_by IS NULL OR approved_by <> proposed_by)",
    "GRANT INSERT, UPDATE (valid_from, reason, proposed_by, proposed_at, approved_by, approved_at, "
    "rejected_at) ON warning_rule_version TO yuantou_app",
    "GRANT UPDATE (preview, previewed_at) ON warning_rule_version TO yuantou_worker",
    "ALTER TABLE party ADD COLUMN phone_index bytea",
    "CREATE INDEX ix_party_phone_index ON party (phone_index) WHERE phone_index IS NOT NULL",
    PHONE_GOES,
    "REVOKE ALL ON FUNCTION phone_index_goes() FROM PUBLIC",
    "CREATE TRIGGER phone_index_goes BEFORE UPDATE ON party FOR EACH ROW "
    "EXECUTE FUNCTION phone_index_goes()",
    PHONES,
    SIGNATURES,
    *DOORS,
    "GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO yuantou_app, yuantou_worker",
)


def upgrade() -> None:
    """Who proposed and approved a version, and its trial; what repeats over matters, by hash."""
    for step in STEPS:
        op.execute(step)


def downgrade() -> None:
    """Restore a back-up instead."""
    raise NotImplementedError("Restore a back-up instead.")
