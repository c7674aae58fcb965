"""Django's settings, over one typed `config.py`; there is no base/dev/prod split."""

import os
from pathlib import Path

from csp.constants import NONE, SELF

from bitgoeul.web.config import databases, email_settings, read_config
from bitgoeul.web.external import library_settings

BITGOEUL = read_config()
BASE_DIR = Path(__file__).resolve().parent
PACKAGE_DIR = BASE_DIR.parent

SECRET_KEY = BITGOEUL.secret_key
DEBUG = BITGOEUL.debug
ALLOWED_HOSTS = list(BITGOEUL.allowed_hosts)

INSTALLED_APPS = [
    "bitgoeul.apps.reports",
    "bitgoeul.apps.careers",
    "bitgoeul.apps.programmes",
    "bitgoeul.apps.contests",
    "bitgoeul.apps.labs",
    "bitgoeul.apps.credentials",
    "bitgoeul.apps.reviews",
    "bitgoeul.apps.alliance",
    "bitgoeul.core.privacy",
    "bitgoeul.core.imports",
    "bitgoeul.core.jobs",
    "bitgoeul.core.journal",
    "bitgoeul.core.notices",
    "bitgoeul.core.saved",
    "bitgoeul.core.api",
    "bitgoeul.core",
    "bitgoeul.web.administration.config.AdministrationConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.sites",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "bitgoeul.web.sign_in",
    "csp",
    "django_htmx",
    "django_tasks",
]

MIDDLEWARE = [
    "bitgoeul.web.middleware.ClientAddressMiddleware",
    "bitgoeul.web.middleware.RequestNumberMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    # Around whatever may say no without knowing of programs; the language must be chosen inside.
    "bitgoeul.web.middleware.ProblemMiddleware",
    # Before anything that reads a form: the check against forgery does.
    "bitgoeul.web.middleware.BodySizeMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "bitgoeul.web.sign_in.second_factor.SecondFactorMiddleware",
    "bitgoeul.web.middleware.NoStoreMiddleware",
    "bitgoeul.core.journal.downloads.ReasonMiddleware",
]

ROOT_URLCONF = "bitgoeul.web.urls"
BITGOEUL_WORKER_URLCONF = "bitgoeul.web.pages"
WSGI_APPLICATION = "bitgoeul.web.wsgi.application"
SITE_ID = 1

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "bitgoeul.web.context.site",
                "bitgoeul.core.notices.context.bell",
            ],
        },
    }
]

DATABASES = databases(BITGOEUL)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Limits must hold across processes, so they live in the database, never in one process's memory.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "django_cache",
        # Django's 300 would let whoever tries 300 addresses push out the counters of the others.
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

AUTH_USER_MODEL = "alliance.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
# Length and lists, no rule about kinds of characters: such rules make passwords worse.
_DJANGOS = "django.contrib.auth.password_validation"
_OURS = "bitgoeul.web.sign_in.passwords"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"{_DJANGOS}.UserAttributeSimilarityValidator"},
    {"NAME": f"{_DJANGOS}.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": f"{_DJANGOS}.CommonPasswordValidator"},
    {"NAME": f"{_OURS}.OwnWordsValidator"},
    {"NAME": f"{_OURS}.BreachedPasswordValidator"},
]
BITGOEUL_BREACHED_PASSWORDS = BITGOEUL.breached_passwords
PWNED_PASSWORDS = {"API_TIMEOUT": 1.0, "ADD_PADDING": True}
ACCOUNT_ADAPTER = "bitgoeul.web.sign_in.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_SIGNUP_FORM_CLASS = "bitgoeul.apps.alliance.forms.SignupForm"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_SUBJECT_PREFIX = "[Bitgoeul] "
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = None
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_LOGOUT_REDIRECT_URL = "home"
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 10 * 60
MFA_ADAPTER = "bitgoeul.web.sign_in.adapters.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Bitgoeul"
# A telephone's clock may be half a minute off.
MFA_TOTP_TOLERANCE = 1
# Browsers offer passkeys over plain HTTP on this very machine only.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not BITGOEUL.behind_tls
MFA_FORMS = {
    "add_webauthn": "bitgoeul.web.sign_in.forms.AddPasskeyForm",
    "edit_webauthn": "bitgoeul.web.sign_in.forms.RenamePasskeyForm",
    "authenticate": "bitgoeul.web.sign_in.forms.CodeForm",
    "reauthenticate": "bitgoeul.web.sign_in.forms.CodeAgainForm",
    "activate_totp": "bitgoeul.web.sign_in.forms.FirstCodeForm",
}
# Accounts of elsewhere: only those that the operator's file names (`bitgoeul.web.external`).
SOCIALACCOUNT_ADAPTER = "bitgoeul.web.sign_in.adapters.ExternalAdapter"
SOCIALACCOUNT_PROVIDERS = library_settings(BITGOEUL.providers)
SOCIALACCOUNT_AUTO_SIGNUP = False
SOCIALACCOUNT_EMAIL_AUTHENTICATION = True  # which addresses count is decided in `provider.py`
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_LOGIN_ON_GET = False
SOCIALACCOUNT_REAUTHENTICATION_REQUIRED = True
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_REQUESTS_TIMEOUT = 5
SOCIALACCOUNT_FORMS = {
    "signup": "bitgoeul.web.sign_in.forms.ExternalSignupForm",
    "disconnect": "bitgoeul.web.sign_in.forms.UnlinkForm",
}
# Demanded of whoever sees other people's data, except in a demo's folder; tests that are about
# something else switch both off.
BITGOEUL_SECOND_FACTOR = True
BITGOEUL_CONFIRM_SENSITIVE = True

SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = BITGOEUL.behind_tls
SESSION_COOKIE_NAME = "__Host-session" if BITGOEUL.behind_tls else "bitgoeul_session"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = BITGOEUL.behind_tls
CSRF_COOKIE_NAME = "__Host-csrf" if BITGOEUL.behind_tls else "bitgoeul_csrf"
CSRF_TRUSTED_ORIGINS = [BITGOEUL.public_url]
CSRF_FAILURE_VIEW = "bitgoeul.web.views.csrf_failure"
SECURE_SSL_REDIRECT = BITGOEUL.behind_tls
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BITGOEUL.behind_tls else None
SECURE_HSTS_SECONDS = 31_536_000 if BITGOEUL.behind_tls else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = BITGOEUL.behind_tls
SECURE_HSTS_PRELOAD = BITGOEUL.behind_tls
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "base-uri": [NONE],
        "connect-src": [SELF],
        "font-src": [SELF],
        # A button that leads to a provider is a form, and browsers follow where it is sent on.
        "form-action": [SELF, *(o for each in BITGOEUL.providers for o in each.origins)],
        "frame-ancestors": [NONE],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
    }
}

LANGUAGE_CODE = "ko"
LANGUAGES = [("ko", "한국어"), ("en", "English")]
LOCALE_PATHS = [PACKAGE_DIR / "locale"]
FORMAT_MODULE_PATH = ["bitgoeul.web.formats"]
LANGUAGE_COOKIE_NAME = "__Host-language" if BITGOEUL.behind_tls else "bitgoeul_language"
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SECURE = BITGOEUL.behind_tls
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Seoul"

STATIC_URL = "static/"
STATIC_ROOT = BITGOEUL.data_dir / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 3600
MEDIA_ROOT = BITGOEUL.media_dir
MEDIA_URL = "/nothing-is-served-here/"  # files are handed out by views that check who asks
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

DEFAULT_FROM_EMAIL = BITGOEUL.default_from_email
globals().update(email_settings(BITGOEUL))

TASKS = {"default": {"BACKEND": "bitgoeul.core.jobs.backend.LeaseBackend"}}
BITGOEUL_JOBS_LEASE_SECONDS = BITGOEUL.lease_seconds
# The core knows no roles: this rule tells it who may see everybody's background work.
BITGOEUL_ADMINISTRATOR_RULE = "bitgoeul.apps.alliance.rules.is_administrator"
# The same for the journal: who sees that it stands, and who sees what happened to one object.
BITGOEUL_JOURNAL_RULE = "bitgoeul.apps.alliance.rules.can_read_journal"
BITGOEUL_READINGS_RULE = "bitgoeul.apps.alliance.rules.can_review_readings"
BITGOEUL_ROLE_HOLDERS = "bitgoeul.apps.alliance.queries.role_holders_between"
BITGOEUL_ERASURE_RULE = "bitgoeul.apps.alliance.rules.can_decide_erasures"
BITGOEUL_KEYRING_FILE = BITGOEUL.data_dir / "keyring.json"
BITGOEUL_LIBRARY_PRIVACY = "bitgoeul.web.library_privacy"
BITGOEUL_READINGS_KEEP_DAYS = BITGOEUL.readings_keep_days
BITGOEUL_HISTORY_RULE = "bitgoeul.apps.alliance.rules.can_read_history"

# Counted by every server process in a file of its own; the library reads this when imported.
METRICS_DIR = BITGOEUL.data_dir / "metrics"
if METRICS_DIR.parent.is_dir():  # a command that only looks makes no data folder
    METRICS_DIR.mkdir(mode=0o700, exist_ok=True)
os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", str(METRICS_DIR))
BITGOEUL_METRICS_TOKEN = BITGOEUL.metrics_token
LOG_DIR = BITGOEUL.data_dir / "log"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {"()": "bitgoeul.core.watch.logs.JsonLine"},
        "plain": {"()": "bitgoeul.core.watch.logs.PlainLine"},
    },
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": BITGOEUL.log_format},
        "file": {
            "class": "bitgoeul.core.watch.logs.DailyFile",
            "folder": str(LOG_DIR),
            "formatter": "json",
        },
    },
    "root": {"handlers": ["stderr", "file"], "level": "WARNING"},
    "loggers": {
        "bitgoeul": {"level": "INFO"},
        # One line a request: kept to be found by its number, too many for a terminal.
        "bitgoeul.requests": {"handlers": ["file"], "propagate": False},
        # What it would say is said by "bitgoeul.web" and "bitgoeul.requests", without addresses.
        "django.request": {"level": "CRITICAL"},
    },
}
