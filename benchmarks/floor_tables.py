"""Creates the floor's tables in the scratch database, by the floor's own Django."""

import os
import subprocess
import sys

_CREATE = """
import django; django.setup()
from django.apps import apps
from django.db import connection
with connection.schema_editor() as editor:
    for model in apps.get_app_config("floor").get_models():
        editor.create_model(model)
"""


def create(url: str) -> None:
    environment = {**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "benchmarks.floor.settings"}
    subprocess.run([sys.executable, "-c", _CREATE], env=environment, check=True)
