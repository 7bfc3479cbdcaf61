"""`flask --app wsgi casefeed hash`: the offline tool, where the platform itself is installed."""

from flask.cli import AppGroup

from yuantou.judiciary.casefeed.hashing import hash_command

casefeed = AppGroup("casefeed", help="法院案件级数据：离线换成密文。")
casefeed.add_command(hash_command)
COMMANDS = (casefeed,)
