"""The office as a WSGI application, for `socle office serve` and for any server of the institution's choice."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "opensocle.office.settings")
application = get_wsgi_application()
