"""The ASGI application that granian serves: live news only. Pages and API are WSGI's."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "casemgmt.settings")
django.setup(set_prefix=False)

from casemgmt.live.door import application  # noqa: E402  its models need the settings

__all__ = ["application"]
