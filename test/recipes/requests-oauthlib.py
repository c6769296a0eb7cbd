import os

import requests
from flask import Flask, redirect, request, session
from requests_oauthlib import OAuth2Session

ISSUER, BASE_URL = os.environ["ISSUER"], os.environ["BASE_URL"]
CLIENT_ID, CLIENT_SECRET = os.environ["CLIENT_ID"], os.environ["CLIENT_SECRET"]
os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"  # only where http is spoken, on this machine
server = requests.get(f"{ISSUER}/.well-known/openid-configuration", timeout=10).json()
app = Flask(__name__)
app.secret_key = "a long text of your own that signs the session cookie"


def client(**more):
    back = f"{BASE_URL}/callback"
    return OAuth2Session(CLIENT_ID, redirect_uri=back, scope="openid profile email", **more)


@app.get("/login")
def login():
    oauth = client(pkce="S256")
    url, session["state"] = oauth.authorization_url(server["authorization_endpoint"])
    session["verifier"] = oauth._code_verifier
    return redirect(url)


@app.get("/callback")
def callback():
    oauth = client(state=session["state"])
    session["token"] = oauth.fetch_token(
        server["token_endpoint"],
        authorization_response=request.url,
        auth=(CLIENT_ID, CLIENT_SECRET),
        code_verifier=session["verifier"],
    )
    return redirect("/")


@app.get("/")
def user():
    return client(token=session["token"]).get(server["userinfo_endpoint"]).json()


@app.get("/refresh")
def refresh():
    oauth = client(token=session["token"])
    session["token"] = oauth.refresh_token(server["token_endpoint"], auth=(CLIENT_ID, CLIENT_SECRET))
    return redirect("/")


app.run(port=int(BASE_URL.rsplit(":", 1)[1]))
