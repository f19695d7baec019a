"""The least that the interface needs to run by itself: no database, no room but ui."""

SECRET_KEY = "only for the tests of the interface"
DEBUG = False
ALLOWED_HOSTS = ["*"]
USE_TZ = True
TIME_ZONE = "America/Chicago"
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("es", "Español")]
LOCALE_PATHS = ["accord/locale"]
INSTALLED_APPS = ["django.contrib.staticfiles", "accord.ui"]
STATIC_URL = "/static/"
ROOT_URLCONF = "tests.ui.urls"
MIDDLEWARE = [
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": ["django.template.context_processors.request", "accord.ui.frame.frame"],
        },
    }
]
DATABASES = {}
