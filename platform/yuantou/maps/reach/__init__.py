"""How far townships are from a tribunal or a mediation point, where positions were loaded."""
