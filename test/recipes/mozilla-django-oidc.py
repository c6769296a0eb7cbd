import os
from wsgiref.simple_server import make_server

import django
import requests
from django.conf import settings
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.http import JsonResponse
from django.urls import include, path

ISSUER, BASE_URL = os.environ["ISSUER"], os.environ["BASE_URL"]
server = requests.get(f"{ISSUER}/.well-known/openid-configuration", timeout=10).json()
settings.configure(
    SECRET_KEY="a long text of your own",
    DEBUG=True,
    ROOT_URLCONF=__name__,
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "django.sqlite"}},
    INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes",
                    "django.contrib.sessions", "mozilla_django_oidc"],
    MIDDLEWARE=["django.contrib.sessions.middleware.SessionMiddleware",
                "django.contrib.auth.middleware.AuthenticationMiddleware"],
    AUTHENTICATION_BACKENDS=["mozilla_django_oidc.auth.OIDCAuthenticationBackend"],
    OIDC_RP_CLIENT_ID=os.environ["CLIENT_ID"],
    OIDC_RP_CLIENT_SECRET=os.environ["CLIENT_SECRET"],
    OIDC_OP_AUTHORIZATION_ENDPOINT=server["authorization_endpoint"],
    OIDC_OP_TOKEN_ENDPOINT=server["token_endpoint"],
    OIDC_OP_USER_ENDPOINT=server["userinfo_endpoint"],
    OIDC_OP_JWKS_ENDPOINT=server["jwks_uri"],
    OIDC_RP_SIGN_ALGO="RS256",  # the client's idTokenSignedResponseAlg
    OIDC_RP_SCOPES="openid profile email",
    OIDC_USE_PKCE=True,
    OIDC_TOKEN_USE_BASIC_AUTH=True,
    LOGIN_REDIRECT_URL="/",
    LOGOUT_REDIRECT_URL="/",
)
django.setup()


def user(request):
    return JsonResponse({"email": getattr(request.user, "email", None)})


urlpatterns = [path("oidc/", include("mozilla_django_oidc.urls")), path("", user)]
call_command("migrate", verbosity=0)
make_server("localhost", int(BASE_URL.rsplit(":", 1)[1]), get_wsgi_application()).serve_forever()
