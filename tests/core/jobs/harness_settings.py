"""Settings of the smallest installation that has a queue, for tests with real processes."""

import os
from pathlib import Path
from types import SimpleNamespace
from typing import Any

SECRET_KEY = "only for tests"
BITGOEUL = SimpleNamespace(data_dir=Path(os.environ["HARNESS_DIR"]))
INSTALLED_APPS = ["bitgoeul.core.jobs"]
DATABASES: dict[str, Any] = {
    "default": {
        "ENGINE": "bitgoeul.core.db.sqlite",
        "NAME": str(BITGOEUL.data_dir / "queue.sqlite3"),
    }
}
if "HARNESS_POSTGRES" in os.environ:
    HOST, PORT, USER, PASSWORD, NAME = os.environ["HARNESS_POSTGRES"].split("\n")
    DATABASES["default"] = {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": NAME,
        "HOST": HOST,
        "PORT": PORT,
        "USER": USER,
        "PASSWORD": PASSWORD,
    }
TASKS = {"default": {"BACKEND": "bitgoeul.core.jobs.backend.LeaseBackend"}}
BITGOEUL_JOBS_LEASE_SECONDS = float(os.environ.get("HARNESS_LEASE", "30"))
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
LANGUAGE_CODE = "en"
USE_TZ = True
