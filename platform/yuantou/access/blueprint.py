"""The one blueprint of access; the pages of each story hang on it (routes.py lists them)."""

from flask import Blueprint

blueprint = Blueprint("access", __name__)
