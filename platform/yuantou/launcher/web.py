"""The application as each worker of the web server loads it."""

from wsgi import app
from yuantou.launcher.locks import end_with_launcher

end_with_launcher()

__all__ = ["app"]
