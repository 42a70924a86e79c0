"""Settings: one file, from the environment only, and loud where a value makes no sense.

LIANQIAO_DIR           where the instance lives: database, evidence, keys, heads
LIANQIAO_DATABASE_URL  postgresql://user:password@host:port/name (default: SQLite in LIANQIAO_DIR)
LIANQIAO_HOSTS         names the server answers to, separated by commas (default: 127.0.0.1,localhost)
LIANQIAO_DEBUG         True or False
LIANQIAO_OPEN          True: whoever reaches the site may read it without signing in (the demo only)
LIANQIAO_TODAY         the day the site takes for today, for the demo (default: the clock's)
LIANQIAO_HTTPS         True: cookies travel over HTTPS only
LIANQIAO_PROXIES       how many proxies stand before the server; their X-Forwarded-For and -Proto are believed (default: 0)
LIANQIAO_SESSION_HOURS after so many hours one signs in anew (default: 12)
LIANQIAO_OIDC_URL      an OpenID Connect provider by which users may sign in; with LIANQIAO_OIDC_CLIENT,
                       LIANQIAO_OIDC_SECRET and LIANQIAO_OIDC_NAME (what the sign-in page calls it)
"""

import os
import secrets
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from lianqiao.config.keys import KeyMissing, read_key


def env_bool(name: str, default: str = "False") -> bool:
    value = os.environ.get(name, default)
    if value not in ("True", "False"):
        raise ImproperlyConfigured(f"{name} must be True or False, not {value!r}")
    return value == "True"


def env_date(name: str) -> date | None:
    value = os.environ.get(name, "")
    try:
        return date.fromisoformat(value) if value else None
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} must be a date like 2021-12-31, not {value!r}") from error


def env_count(name: str, default: str = "0") -> int:
    value = os.environ.get(name, default)
    if not (value.isascii() and value.isdigit()):
        raise ImproperlyConfigured(f"{name} must be a whole number, not {value!r}")
    return int(value)


def env_needed(name: str, by: str) -> str:
    if not os.environ.get(name):
        raise ImproperlyConfigured(f"{name} must be set where {by} is")
    return os.environ[name]


DIR = Path(os.environ.get("LIANQIAO_DIR") or "demo-data").resolve()


def database(url: str) -> dict[str, Any]:
    if not url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": DIR / "lianqiao.sqlite3",
            # A connection outlives its request, and with it what it has read of the file.
            "CONN_MAX_AGE": 600,
            "OPTIONS": {
                # Writers queue at BEGIN instead of failing half-way (SQLite knows no row locks).
                "transaction_mode": "IMMEDIATE",
                "timeout": 30,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-64000;",
            },
        }
    parts = urlsplit(url)
    if parts.scheme not in ("postgresql", "postgres"):
        raise ImproperlyConfigured(f"LIANQIAO_DATABASE_URL must begin with postgresql://, not {parts.scheme!r}")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
    }


def secret_key() -> str:
    """Without an instance (claims, import --dry-run) nothing is signed, and a key for this process will do."""
    try:
        return read_key(DIR, "secret_key")
    except KeyMissing:
        return secrets.token_hex(32)


DEBUG = env_bool("LIANQIAO_DEBUG")
OPEN = env_bool("LIANQIAO_OPEN")
TODAY = env_date("LIANQIAO_TODAY")
SECRET_KEY = secret_key()
ALLOWED_HOSTS = os.environ.get("LIANQIAO_HOSTS", "127.0.0.1,localhost").split(",")
DATABASES = {"default": database(os.environ.get("LIANQIAO_DATABASE_URL", ""))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "people.User"

EVIDENCE_DIR = DIR / "evidence"
HEADS_FILE = DIR / "heads.txt"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "lianqiao.places",
    "lianqiao.people",
    "lianqiao.journal",
    "lianqiao.ledger",
    "lianqiao.agreements",
    "lianqiao.fields.exchange",
    "lianqiao.fields.talent",
    "lianqiao.fields.projects",
    "lianqiao.fields.funds",
    "lianqiao.fields.villages",
    "lianqiao.fields.industry",
    "lianqiao.fields.employment",
    "lianqiao.fields.consumption",
    "lianqiao.fields.households",
    "lianqiao.workbooks",
    "lianqiao.claims",
    "lianqiao.briefings",
    "lianqiao.desk",
    "lianqiao.portal",
    "lianqiao.portal.publishing",
    "wagtail.contrib.redirects",
    "wagtail.contrib.simple_translation",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_filters",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "lianqiao.desk.middleware.speak",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
    "lianqiao.portal.middleware.editors_policy",
    "lianqiao.portal.publishing.middleware.Refusing",
]

ROOT_URLCONF = "lianqiao.config.urls"
WSGI_APPLICATION = "lianqiao.config.wsgi.application"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "front"
LOGOUT_REDIRECT_URL = "account_login"
CSRF_FAILURE_VIEW = "lianqiao.desk.views.refusal.stale"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "lianqiao.desk.context.shell",
                "lianqiao.portal.context.site",
            ],
        },
    }
]

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LOCALE_PATHS = [Path(__file__).resolve().parent.parent / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

STATIC_URL = "static/"
WHITENOISE_USE_FINDERS = True
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# Nothing from another host, no inline script, no style attribute (looks, section 6).
SECURE_CSP = {
    "default-src": ["'self'"],
    "img-src": ["'self'", "data:"],
    "object-src": ["'none'"],
    "base-uri": ["'none'"],
    "frame-ancestors": ["'none'"],
    "form-action": ["'self'"],
}
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = env_count("LIANQIAO_SESSION_HOURS", "12") * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = env_bool("LIANQIAO_HTTPS")

# The public site: pages and their editors ---------------------------------------------------------------------------

WAGTAIL_SITE_NAME = "连桥"
# Under what the public site's data may be used (docs/open-data.md).
OPEN_LICENCE = "https://creativecommons.org/licenses/by/4.0/"
WAGTAIL_I18N_ENABLED = True
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES
WAGTAILADMIN_PERMITTED_LANGUAGES = LANGUAGES
WAGTAILADMIN_LOGIN_URL = "account_login"
WAGTAILADMIN_BASE_URL = ""
# Whoever edits signs in as everywhere else: names, passwords and second steps are not Wagtail's.
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = WAGTAIL_PASSWORD_RESET_ENABLED = WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAILEMBEDS_FINDERS: list[dict[str, Any]] = []
WAGTAILIMAGES_EXTENSIONS = ["gif", "jpg", "jpeg", "png", "webp", "svg"]
WAGTAILDOCS_EXTENSIONS = ["csv", "docx", "pdf", "xlsx", "mp4", "webm"]
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database", "SEARCH_CONFIG": "simple"}}
# What editors upload is kept as evidence is, by what it contains: a backup has it (portal/keeping.py).
STORAGES = {
    "default": {"BACKEND": "lianqiao.portal.keeping.Kept"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
MEDIA_URL = "media/"
# A long page's form has a field for each of its blocks.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000

# Signing in ------------------------------------------------------------------------------------------------------------

AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
ACCOUNT_ADAPTER = "lianqiao.desk.identity.Accounts"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60
# Beside the library's own: so many enquiries from one address, and to the site (portal/enquiry.py).
ACCOUNT_RATE_LIMITS = {"enquiry": "5/h/ip,20/d/ip,500/d/key"}
MFA_ADAPTER = "lianqiao.desk.identity.SecondStep"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "连桥"
MFA_TOTP_TOLERANCE = 1
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not SESSION_COOKIE_SECURE
SOCIALACCOUNT_ADAPTER = "lianqiao.desk.identity.OpenId"
SOCIALACCOUNT_PROVIDERS: dict[str, Any] = {}
if os.environ.get("LIANQIAO_OIDC_URL"):
    provider = {
        "provider_id": "oidc",
        "name": os.environ.get("LIANQIAO_OIDC_NAME", "OpenID Connect"),
        "client_id": env_needed("LIANQIAO_OIDC_CLIENT", "LIANQIAO_OIDC_URL"),
        "secret": env_needed("LIANQIAO_OIDC_SECRET", "LIANQIAO_OIDC_URL"),
        "settings": {"server_url": os.environ["LIANQIAO_OIDC_URL"]},
    }
    SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [provider]}}
    # The sign-in page's form is sent on to the provider.
    SECURE_CSP["form-action"].append("{0.scheme}://{0.netloc}".format(urlsplit(os.environ["LIANQIAO_OIDC_URL"])))
ALLAUTH_TRUSTED_PROXY_COUNT = env_count("LIANQIAO_PROXIES")
if ALLAUTH_TRUSTED_PROXY_COUNT:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
# Attempts at signing in are counted for all workers together.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": DIR / "cache",
        "OPTIONS": {"MAX_ENTRIES": 10_000},
    }
}

# The address by which somebody sets his first password is good once, for three days.
PASSWORD_RESET_TIMEOUT = 3 * 24 * 3600
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "loggers": {
        "lianqiao": {"handlers": ["console"], "level": "INFO"},
        # Django tells of unhandled errors by mail unless DEBUG; an office server has no mail.
        "django.request": {"handlers": ["console"], "level": "ERROR", "propagate": False},
    },
}
