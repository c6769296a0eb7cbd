import os
from wsgiref.simple_server import make_server

import django
from django.conf import settings
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.http import JsonResponse
from django.urls import include, path

ISSUER, BASE_URL = os.environ["ISSUER"], os.environ["BASE_URL"]
settings.configure(
    SECRET_KEY="a long text of your own",
    DEBUG=True,
    ROOT_URLCONF=__name__,
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "social.sqlite"}},
    INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes",
                    "django.contrib.sessions", "social_django"],
    MIDDLEWARE=["django.contrib.sessions.middleware.SessionMiddleware",
                "django.contrib.auth.middleware.AuthenticationMiddleware"],
    AUTHENTICATION_BACKENDS=["social_core.backends.open_id_connect.OpenIdConnectAuth"],
    SOCIAL_AUTH_OIDC_OIDC_ENDPOINT=ISSUER,
    SOCIAL_AUTH_OIDC_KEY=os.environ["CLIENT_ID"],
    SOCIAL_AUTH_OIDC_SECRET=os.environ["CLIENT_SECRET"],
    SOCIAL_AUTH_OIDC_SCOPE=["openid", "profile", "email"],
    SOCIAL_AUTH_OIDC_USE_PKCE=True,
    LOGIN_REDIRECT_URL="/",
)
django.setup()


def user(request):
    return JsonResponse({"email": getattr(request.user, "email", None)})


urlpatterns = [path("social/", include("social_django.urls")), path("", user)]
call_command("migrate", verbosity=0)
make_server("localhost", int(BASE_URL.rsplit(":", 1)[1]), get_wsgi_application()).serve_forever()
