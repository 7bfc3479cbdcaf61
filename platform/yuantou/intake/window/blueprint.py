"""The one blueprint of the window; the roster's pages hang on it too."""

from flask import Blueprint

blueprint = Blueprint("window", __name__, url_prefix="/window")
