"""One blueprint for all pages of this package."""

from flask import Blueprint

blueprint = Blueprint("notices", __name__)
