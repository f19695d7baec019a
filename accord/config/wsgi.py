"""The application that the server runs. It refuses to start as a role that the floor does not bind."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "accord.config.settings")
application = get_wsgi_application()

from accord.config import guard  # noqa: E402 - Django has to be set up first
from accord.ui import charts  # noqa: E402 - Django has to be set up first

guard.check()
charts.warm_up()
