"""The product's settings, with the thresholds of a large installation lowered for a short run."""

from bitgoeul.web.settings import *  # noqa: F403 -- everything that the product sets
from bitgoeul.web.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.faults.lowered.Lowered"]
# Nobody signs in with a password here, and a slow hash of twenty would only delay the start.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# tests/web/sign_in is about the second step of signing in and about asking again.
BITGOEUL_SECOND_FACTOR = False
BITGOEUL_CONFIRM_SENSITIVE = False
