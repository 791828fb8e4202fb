"""Django's settings, from the office's folder (`place.py`)."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote, urlsplit

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from .place import current

PLACE = current()
HERE = Path(__file__).parent

SECRET_KEY = PLACE.secret
DEBUG = False
ALLOWED_HOSTS = list(PLACE.hosts)
ROOT_URLCONF = "opensocle.office.urls"
WSGI_APPLICATION = "opensocle.office.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "access.User"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "django_htmx",
    "django_cotton",
    "csp",
    "axes",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.mfa",
    "opensocle.office.audit",
    "opensocle.office.places",
    "opensocle.office.access",
    "opensocle.office.people",
    "opensocle.office.laws",
    "opensocle.office.cases",
    "opensocle.office.counter",
    "opensocle.office.design",
    "opensocle.office.api",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "opensocle.office.counter.middleware.LanguageMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "opensocle.office.access.middleware.ScopeMiddleware",
    "axes.middleware.AxesMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [HERE / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django_cotton.cotton_loader.Loader",
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "builtins": ["django_cotton.templatetags.cotton"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "opensocle.office.counter.context.office",
            ],
        },
    }
]
COTTON_DIR, COTTON_ISOLATE_BY_DEFAULT = "cotton", True
FORM_RENDERER = "opensocle.office.design.rendering.OfficeRenderer"


def _database() -> dict[str, object]:
    if PLACE.database == "sqlite":
        name = PLACE.path("office.sqlite3")
        start = "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA busy_timeout=20000; PRAGMA cache_size=-64000; PRAGMA mmap_size=268435456;"
        options = {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": start}
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": name or ":memory:", "OPTIONS": options, "ATOMIC_REQUESTS": False}
    parts = urlsplit(PLACE.database)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "OPTIONS": {"options": "-c socle.districts=*"},  # commands work everywhere; the middleware narrows it for each request
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


DATABASES = {"default": _database()}

AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL, LOGIN_REDIRECT_URL, LOGOUT_REDIRECT_URL = "account_login", "counter:home", "account_login"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_ADAPTER = "opensocle.office.access.adapters.NoSignup"
SOCIALACCOUNT_ADAPTER = "opensocle.office.access.adapters.KnownUsersOnly"
MFA_ADAPTER = "opensocle.office.access.adapters.SealedSecrets"
_APP = {"provider_id": "provider", "name": PLACE.provider.get("title"), "client_id": PLACE.provider.get("client"), "secret": PLACE.provider_secret}
_APPS = [_APP | {"settings": {"server_url": PLACE.provider["server"]}}] if PLACE.provider else []
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": _APPS, "OAUTH_PKCE_ENABLED": True}}
SOCIALACCOUNT_STORE_TOKENS, SOCIALACCOUNT_LOGIN_ON_GET, SOCIALACCOUNT_EMAIL_AUTHENTICATION = False, False, False
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_RATE_LIMITS = {"login_failed": "60/m/ip,10/300s/key"}  # passwords are counted by axes below; this one guards the second lock's codes
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
AXES_FAILURE_LIMIT, AXES_COOLOFF_TIME, AXES_LOCKOUT_PARAMETERS = 6, 0.5, [["username", "ip_address"]]
AXES_ENABLE_ADMIN, AXES_LOCKOUT_TEMPLATE, AXES_VERBOSE = False, "account/locked.html", False
LANGUAGE_COOKIE_HTTPONLY, LANGUAGE_COOKIE_SAMESITE, LANGUAGE_COOKIE_AGE = True, "Lax", 365 * 86400
SESSION_COOKIE_AGE, SESSION_SAVE_EVERY_REQUEST, SESSION_EXPIRE_AT_BROWSER_CLOSE = 8 * 3600, False, True
SESSION_COOKIE_HTTPONLY, SESSION_COOKIE_SAMESITE, CSRF_COOKIE_SAMESITE, CSRF_COOKIE_HTTPONLY = True, "Lax", "Lax", True
LANGUAGE_COOKIE_SECURE = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = PLACE.https
SECURE_HSTS_SECONDS = 31_536_000 if PLACE.https else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = PLACE.https
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PLACE.https else None
SECURE_REFERRER_POLICY, SECURE_CONTENT_TYPE_NOSNIFF, X_FRAME_OPTIONS = "same-origin", True, "DENY"


def _origin(address: str) -> str:
    """Where the form for signing in through the provider leads to."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF, *([_origin(PLACE.provider["server"])] if PLACE.provider else [])],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

LANGUAGE_CODE = PLACE.languages[0]
LANGUAGES = [pair for pair in (("en", _("English")), ("fr", _("French"))) if pair[0] in PLACE.languages]
LOCALE_PATHS = [HERE / "locale"]
USE_I18N, USE_TZ, TIME_ZONE, USE_THOUSAND_SEPARATOR = True, True, PLACE.time_zone, False

STATIC_URL = "static/"
STATICFILES_DIRS = [*([theme] if (theme := PLACE.path("theme")) and theme.is_dir() else []), HERE / "static"]
STATIC_ROOT = PLACE.path("static")
WHITENOISE_USE_FINDERS = True
_STATIC = "whitenoise.storage.CompressedManifestStaticFilesStorage" if PLACE.folder else "django.contrib.staticfiles.storage.StaticFilesStorage"
STORAGES = {"default": {"BACKEND": "django.core.files.storage.FileSystemStorage"}, "staticfiles": {"BACKEND": _STATIC}}
MEDIA_ROOT = PLACE.path("documents")
DATA_UPLOAD_MAX_MEMORY_SIZE, FILE_UPLOAD_MAX_MEMORY_SIZE, DATA_UPLOAD_MAX_NUMBER_FIELDS = 12_000_000, 2_000_000, 2_000

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {name: {"level": "INFO"} for name in ("django.template", "django.db.backends")},  # they would write what pages and queries say
}
SILENCED_SYSTEM_CHECKS: list[str] = []
