"""The papers answer when somebody wants to close a file."""

from yuantou.disputes.filing import ask
from yuantou.mediation.papers.closing import missing

ask(missing)
