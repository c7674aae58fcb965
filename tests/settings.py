"""The product's own settings, in a data folder made for this run, with what only tests need."""

import os
import tempfile

# Before the settings are read: a test sees no demo's clock and no person's data.  The folder is
# removed by conftest.py when the session ends.
for _name in [name for name in os.environ if name.startswith("BITGOEUL_")]:
    if _name not in {"BITGOEUL_LONG", "BITGOEUL_CHROMIUM"}:
        del os.environ[_name]
os.environ["BITGOEUL_DATA_DIR"] = tempfile.mkdtemp(prefix="bitgoeul-tests-")

from bitgoeul.web.settings import *  # noqa: E402, F403 -- everything that the product sets
from bitgoeul.web.settings import (  # noqa: E402 -- what is changed below
    BITGOEUL,
    DATABASES,
    INSTALLED_APPS,
    MIDDLEWARE,
)

# A file, not SQLite's shared memory: locks, forked workers and live servers behave as in service.
if DATABASES["default"]["ENGINE"] == "bitgoeul.core.db.sqlite":
    DATABASES["default"]["TEST"] = {"NAME": str(BITGOEUL.data_dir / "test.sqlite3")}

# WhiteNoise looks for it at the start of every client.
BITGOEUL.data_dir.joinpath("static").mkdir()

# Any page that asks the database once per row fails the test that opened it. What a page asks
# does not depend on the database, and watching costs a third of the time: once is enough.
if DATABASES["default"]["ENGINE"] == "bitgoeul.core.db.sqlite":
    INSTALLED_APPS = [*INSTALLED_APPS, "zeal"]
    MIDDLEWARE = ["zeal.middleware.zeal_middleware", *MIDDLEWARE]
ZEAL_RAISE = True
# Signing out reads the session to open it and once more to delete it: two reads, not one per row.
# allauth reads a person's address once per step of its flows (confirming, signing in): not per row.
# It also loads every session of a person to see whether it still holds: a handful.
ZEAL_ALLOWLIST = [
    {"model": "alliance.User", "field": "get()"},
    {"model": "sessions.Session", "field": "get()"},
    {"model": "account.EmailAddress", "field": "get()"},
]

# A slow hash protects people; here it would only slow every sign-in of every test.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# Every test client builds the middleware anew, and WhiteNoise would list the 300 static files each
# time: here it looks for a file when somebody asks for it, with the same answers.
WHITENOISE_AUTOREFRESH = True

# tests/web/sign_in is about them; everywhere else a page is opened by whoever is signed in.
BITGOEUL_SECOND_FACTOR = False
BITGOEUL_CONFIRM_SENSITIVE = False

# No test asks a service on the network; tests/web/sign_in/test_passwords.py brings its own.
BITGOEUL_BREACHED_PASSWORDS = False
