"""What may be a person is no organisation until the county looked."""

from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

WORDS = (
    "公司|工厂|商店|饭店|酒店|药店|书店|中心|医院|学校|集团|银行|超市|商行|商场|市场|物业|小学|"
    "中学|大学|幼儿园|法院|政府|协会|工会|村委|居委|电厂|水厂|药房|餐厅|宾馆|网吧|平台|项目部|"
    "合作社|信用社|供销社|派出所|卫生院|养老院"
)
# A number cannot be read here: every short name is looked at once, and masked until then.
UNSURE = f"""
UPDATE party SET kind = 'unsure', name_mask = left(name_mask, 1) || '∗∗'
WHERE kind = 'organisation' AND length(name_enc) > 0
  AND regexp_replace(name_mask, '\\s', '', 'g')
      ~ '^([\u4e00-\u9fff]{{2,4}}|[\u4e00-\u9fff]+([·•][\u4e00-\u9fff]+)+)$'
  AND name_mask !~ '{WORDS}'"""


def upgrade() -> None:
    """Names that may be a person's are masked, and wait for the county."""
    op.execute(UNSURE)
    op.execute("CREATE INDEX ix_party_unsure ON party (dispute_id) WHERE kind = 'unsure'")


def downgrade() -> None:
    """The mask stays; the kind goes back to what was typed."""
    op.execute("DROP INDEX ix_party_unsure")
    op.execute("UPDATE party SET kind = 'organisation' WHERE kind = 'unsure'")
