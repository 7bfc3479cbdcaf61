"""What figure pages conceal together.

Which cells of a table are hidden depends on its sums, so that it is concealed over all counties,
whoever asks. The counts have no person and no matter, and only what may be shown of them is.
"""

from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

FUNCTIONS = {
    "county_lines(text[])": """
CREATE FUNCTION county_lines(of_indicators text[])
RETURNS TABLE (indicator varchar, area_code varchar, months date[], numerators integer[],
               denominators integer[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
AS $$ SELECT l.indicator, l.area_code, l.months, l.numerators, l.denominators
      FROM figure_line l WHERE l.indicator = ANY(of_indicators) AND l.level = 'county' $$""",
    "county_types(text[])": """
CREATE FUNCTION county_types(of_indicators text[])
RETURNS TABLE (indicator varchar, area_code varchar, months date[], "values" varchar[],
               numerators integer[], denominators integer[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
AS $$ SELECT p.indicator, p.area_code, p.months, p."values", p.numerators, p.denominators
      FROM figure_pack p
      WHERE p.indicator = ANY(of_indicators) AND p.dimension = 'type' $$""",
}


def upgrade() -> None:
    """The two doors, for the roles that show and seal figures."""
    for name, body in FUNCTIONS.items():
        op.execute(body)
        op.execute(f"REVOKE ALL ON FUNCTION {name} FROM PUBLIC")
        op.execute(f"GRANT EXECUTE ON FUNCTION {name} TO yuantou_app, yuantou_worker")


def downgrade() -> None:
    """Back to views that are concealed each for itself."""
    for name in FUNCTIONS:
        op.execute(f"DROP FUNCTION {name}")
