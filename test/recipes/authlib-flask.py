import os
from urllib.parse import urlencode

from authlib.integrations.flask_client import OAuth
from flask import Flask, redirect, session

ISSUER, BASE_URL = os.environ["ISSUER"], os.environ["BASE_URL"]
app = Flask(__name__)
app.secret_key = "a long text of your own that signs the session cookie"
parapet = OAuth(app).register(
    "parapet",
    client_id=os.environ["CLIENT_ID"],
    client_secret=os.environ["CLIENT_SECRET"],
    server_metadata_url=f"{ISSUER}/.well-known/openid-configuration",
    client_kwargs={"scope": "openid profile email", "code_challenge_method": "S256"},
)


@app.get("/login")
def login():
    return parapet.authorize_redirect(f"{BASE_URL}/callback")


@app.get("/callback")
def callback():
    session["token"] = parapet.authorize_access_token()
    return redirect("/")


@app.get("/")
def user():
    # token["userinfo"] is what the ID token says, which is only who it is
    return dict(parapet.userinfo(token=session["token"]))


@app.get("/logout")
def logout():
    end = parapet.load_server_metadata()["end_session_endpoint"]
    hint = session.pop("token")["id_token"]
    back = f"{BASE_URL}/bye"
    return redirect(f"{end}?{urlencode({'id_token_hint': hint, 'post_logout_redirect_uri': back})}")


@app.get("/bye")
def bye():
    return {"bye": True}


app.run(port=int(BASE_URL.rsplit(":", 1)[1]))
