"""The one settings file. What differs between machines is read from the environment, typed and loudly."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from celery.schedules import schedule
from django.utils.translation import gettext_lazy as _

from casemgmt import enum_names, env

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = env.var_dir()
STACK = env.stack()

DEBUG = False
DEMO = env.boolean("DEMO", default=False)
SECRET_KEY = env.secret_key()
SECRET_KEY_FALLBACKS = env.words("SECRET_KEY_FALLBACKS")
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
PUBLIC_URL = env.text("PUBLIC_URL", "http://127.0.0.1:8000")
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
TLS = PUBLIC_URL.startswith("https://")
# Where open pages hear of news; empty where no live process runs.
LIVE_URL = env.text("LIVE_URL", STACK.get("live_url", ""))

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_cotton",
    "django_htmx",
    "pgtrigger",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "casemgmt",
    "casemgmt.accounts",
    "casemgmt.timeline",
    "casemgmt.notifications",
    "casemgmt.rest",
    "sla",
    "evidence",
    "disputes",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "casemgmt.web.csp.ContentSecurityPolicy",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "casemgmt.rest.requests.RefuseNul",
    "casemgmt.web.redirects.KeepMethod",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "casemgmt.web.sessions.EndSessions",
    "casemgmt.web.second_factor.AskSecondFactor",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "casemgmt.urls"
WSGI_APPLICATION = "casemgmt.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "accounts.User"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "casemgmt" / "web" / "templates", BASE_DIR / "disputes" / "web" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "casemgmt.web.shell.context",
            ]
        },
    }
]

# PostgreSQL is the only truth; the timeouts keep one stuck request from holding a case.
DATABASE_URL = env.text("DATABASE_URL", STACK.get("database_url", "postgresql://postgres@127.0.0.1:5432/casemgmt"))
DATABASES = {"default": env.database(DATABASE_URL)}
STATEMENT_TIMEOUT_MS = env.integer("STATEMENT_TIMEOUT_MS", 0)
DATABASES["default"]["OPTIONS"]["options"] = (
    f"-c statement_timeout={STATEMENT_TIMEOUT_MS} -c lock_timeout=3000 -c idle_in_transaction_session_timeout=30000"
)

# Redis is an alarm clock and a cache of throttles: everything must go on without it.
REDIS_URL = env.text("REDIS_URL", STACK.get("redis_url", "redis://127.0.0.1:6379/0"))
BROKER_URL = env.text("BROKER_URL", REDIS_URL)
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "OPTIONS": {"socket_timeout": 1, "socket_connect_timeout": 1},
    }
}

CELERY_BROKER_URL = BROKER_URL
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SOFT_TIME_LIMIT = 60
CELERY_TASK_TIME_LIMIT = 90  # below the visibility timeout, or a slow task would be handed out twice
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 5
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 300,
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
    "socket_timeout": 10,
    "socket_keepalive": True,
    "health_check_interval": 10,
}
SWEEP_SECONDS = env.integer("SWEEP_SECONDS", 5, least=1)
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "celerybeat-schedule")
CELERY_BEAT_SCHEDULE = {
    "sweep": {
        "task": "sla.tasks.sweep",
        "schedule": schedule(timedelta(seconds=SWEEP_SECONDS)),
        "options": {"expires": 5},
    },
    "count": {
        "task": "sla.tasks.count",
        "schedule": schedule(timedelta(seconds=SWEEP_SECONDS)),
        "options": {"expires": 5},
    },
    "deliver": {
        "task": "casemgmt.notifications.tasks.deliver",
        "schedule": schedule(timedelta(seconds=SWEEP_SECONDS)),
        "options": {"expires": 5},
    },
    "forget": {
        "task": "disputes.tasks.forget",
        "schedule": schedule(timedelta(hours=1)),
        "options": {"expires": 600},
    },
    "purge": {
        "task": "casemgmt.rest.tasks.purge",
        "schedule": schedule(timedelta(hours=1)),
        "options": {"expires": 600},
    },
    "evidence-janitor": {"task": "evidence.tasks.sweep_up", "schedule": schedule(timedelta(hours=1))},
}

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = env.text("TIME_ZONE", "Asia/Shanghai")
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
# Of what npm installs, only what the pages load. `make` fetches it; without it the pages are plain, but work.
BOOTSTRAP = BASE_DIR / "node_modules" / "bootstrap" / "dist" / "css"
STATICFILES_DIRS: list[Any] = [
    BASE_DIR / "casemgmt" / "web" / "static",
    *([("bootstrap", BOOTSTRAP)] if BOOTSTRAP.exists() else []),
]
EVIDENCE_ROOT = VAR_DIR / "evidence"
EVIDENCE_S3_BUCKET = env.text("EVIDENCE_S3_BUCKET", "")
STORAGES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": EVIDENCE_ROOT}},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
    "evidence": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": EVIDENCE_ROOT}},
}
if EVIDENCE_S3_BUCKET:
    STORAGES["evidence"] = {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": EVIDENCE_S3_BUCKET,
            "endpoint_url": env.text("EVIDENCE_S3_ENDPOINT", "") or None,
            "file_overwrite": False,
            "default_acl": None,
            "max_memory_size": 1 << 20,  # 0, the default, would read a whole video into memory
        },
    }
# Each part of a multipart body above this goes to a temporary file, so that memory stays flat.
FILE_UPLOAD_MAX_MEMORY_SIZE = 1 << 20
FILE_UPLOAD_TEMP_DIR = None
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 << 20

EMAIL_BACKEND = env.text("EMAIL_BACKEND", "django.core.mail.backends.filebased.EmailBackend")
EMAIL_FILE_PATH = VAR_DIR / "mail"
EMAIL_HOST = env.text("EMAIL_HOST", "localhost")
EMAIL_PORT = env.integer("EMAIL_PORT", 25)
EMAIL_TIMEOUT = 10  # seconds; well under the lease of the outbox
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "service@marketplace.example")
NOTICE_TRANSPORTS = {"email": "casemgmt.notifications.transports.Email"}

# Ports to outside systems. Each has an embedded form and an HTTP one.
ORDERS_PORT = env.text("ORDERS_PORT", "disputes.ports.orders.EmbeddedOrders")
ORDERS_URL = env.text("ORDERS_URL", "")
ORDERS_TOKEN = env.text("ORDERS_TOKEN", "")
CARRIERS_PORT = env.text("CARRIERS_PORT", "disputes.ports.carriers.EmbeddedCarriers")
PAYMENTS_PORT = env.text("PAYMENTS_PORT", "disputes.ports.payments.EmbeddedPayments")

AUTHENTICATION_BACKENDS = ["casemgmt.accounts.backends.PatientBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "casemgmt.accounts.backends.LongEnough", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
# Staff show a second factor; nobody has to in a demo. allauth has no sign-up, no e-mail and no limits of its own here:
# attempts are counted in PostgreSQL.
STAFF_MFA = env.boolean("STAFF_MFA", default=True) and not DEMO
ACCOUNT_ADAPTER = "casemgmt.web.second_factor.Account"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_RATE_LIMITS = False
MFA_ADAPTER = "casemgmt.accounts.second_factor.Adapter"
MFA_FORMS = {"authenticate": "casemgmt.accounts.forms.CodeForm", "activate_totp": "casemgmt.accounts.forms.SetUpForm"}
MFA_ALLOW_UNVERIFIED_EMAIL = True  # allauth's addresses are not used
MFA_TOTP_TOLERANCE = 1  # clocks differ, and typing takes time: a code is good for half a minute before and after

LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"

SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_SECURE = TLS
CSRF_COOKIE_SECURE = TLS
CSRF_COOKIE_HTTPONLY = False
SECURE_SSL_REDIRECT = TLS
SECURE_HSTS_SECONDS = 31_536_000 if TLS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = TLS
SECURE_HSTS_PRELOAD = TLS
# Only then is X-Forwarded-* believed; the proxy must set it itself.
BEHIND_PROXY = env.boolean("BEHIND_PROXY", default=False)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
X_FRAME_OPTIONS = "DENY"

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "casemgmt.rest.authentication.ApiKeyAuthentication",
        "casemgmt.rest.authentication.BrowserSession",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["casemgmt.rest.authentication.SignedInWithScope"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["casemgmt.rest.parsers.StrictJSONParser"],
    "DEFAULT_FILTER_BACKENDS": ["casemgmt.rest.filters.AllowListed"],
    "DEFAULT_PAGINATION_CLASS": "casemgmt.rest.pagination.Cursor",
    "DEFAULT_THROTTLE_CLASSES": ["casemgmt.rest.throttles.PerPerson", "casemgmt.rest.throttles.PerAddress"],
    "DEFAULT_THROTTLE_RATES": {
        "person": env.text("THROTTLE_PERSON", "600/min"),
        "address": env.text("THROTTLE_ADDRESS", "120/min"),
    },
    "DEFAULT_SCHEMA_CLASS": "casemgmt.rest.schema.AutoSchema",
    "EXCEPTION_HANDLER": "casemgmt.rest.problems.handle",
    "URL_FORMAT_OVERRIDE": None,
    "COERCE_DECIMAL_TO_STRING": True,
    "UNICODE_JSON": True,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Case management API",
    "DESCRIPTION": _("Complaints and disputes on marketplaces: file, negotiate, return, escalate, rule, close."),
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "ENUM_NAME_OVERRIDES": enum_names.NAMES,
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": env.text("LOG_LEVEL", "INFO")},
    "loggers": {"django.request": {"level": "ERROR"}},  # a refusal is an answer, not an event of the log
}
