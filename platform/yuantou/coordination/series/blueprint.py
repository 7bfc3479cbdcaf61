"""The one blueprint of series and comparisons."""

from flask import Blueprint

blueprint = Blueprint("series", __name__)
