import json
import os
import sys
import time
import uuid
from hashlib import sha256
from urllib.parse import parse_qsl, urlsplit

import requests
from authlib.common.security import generate_token
from authlib.integrations.requests_client import OAuth2Session
from joserfc import jwe, jwk, jwt
from joserfc.util import urlsafe_b64encode

ISSUER, REDIRECT_URI = os.environ["ISSUER"], os.environ["REDIRECT_URI"]
TRUSTED = os.environ["SERVER_CERT"]
server = requests.get(f"{ISSUER}/.well-known/openid-configuration", verify=TRUSTED, timeout=10).json()
keys = jwk.KeySet.import_key_set(requests.get(server["jwks_uri"], verify=TRUSTED, timeout=10).json())


def say(line):
    print(json.dumps(line), flush=True)


def hear():
    return json.loads(sys.stdin.readline())


def session(client_id, **more):
    """Authlib's own session, in which requests and its redirects are those of `requests`."""
    oauth = OAuth2Session(
        client_id,
        redirect_uri=REDIRECT_URI,
        scope="openid email",
        code_challenge_method="S256",
        **more,
    )
    oauth.verify = TRUSTED
    return oauth


def parameters(arrived):
    """What came to the redirect URI; a fragment is what a page handed on."""
    url = urlsplit(arrived["url"])
    return dict(parse_qsl(arrived.get("body") or url.fragment or url.query))


def sign_in(oauth, take=lambda given: given, **more):
    """What the trials have in common: a request that is pushed, an arrival that is taken, and who it is.

    Authlib knows no pushing: its request is taken out of the URL that it makes, and pushed by its session."""
    verifier = generate_token(48)
    url, state = oauth.create_authorization_url("", code_verifier=verifier, **more)
    request = dict(parse_qsl(urlsplit(url).query))
    if oauth.token_endpoint_auth_method == "none":
        del request["client_id"]  # which it adds where there is no secret
    answer = oauth.post(
        server["pushed_authorization_request_endpoint"],
        data=request,
        auth=oauth.client_auth(oauth.token_endpoint_auth_method),
        withhold_token=True,
    )
    pushed = answer.json()
    assert answer.status_code == 201, pushed
    pushed_url = f"{server['authorization_endpoint']}?client_id={oauth.client_id}"
    say({"open": f"{pushed_url}&request_uri={pushed['request_uri']}"})
    while True:
        try:
            taken = take(parameters(hear()))
            assert taken["state"] == state and taken["iss"] == ISSUER, "another answer"
            break
        except Exception as error:
            say({"refused": repr(error)})
    if "error" in taken:
        return {"error": taken["error"]}
    token = oauth.fetch_token(server["token_endpoint"], code=taken["code"], code_verifier=verifier)
    answer = oauth.get(server["userinfo_endpoint"])
    assert answer.status_code == 200, answer.text
    return {"email": answer.json()["email"], "access_token": token["access_token"]}


class Proving(requests.adapters.HTTPAdapter):
    """Proves a key in each request, and again with the nonce that is asked for (RFC 9449 §8)."""

    def __init__(self, **more):
        super().__init__(**more)
        self.key, self.demanded = jwk.ECKey.generate_key("P-256"), []

    def proof(self, request, nonce):
        claims = {"jti": str(uuid.uuid4()), "htm": request.method, "iat": int(time.time())}
        claims["htu"] = request.url.split("?")[0]
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme == "DPoP":
            claims["ath"] = urlsafe_b64encode(sha256(token.encode()).digest()).decode()
        if nonce:
            claims["nonce"] = nonce
        header = {"typ": "dpop+jwt", "alg": "ES256", "jwk": self.key.as_dict(private=False)}
        return jwt.encode(header, claims, self.key)

    def send(self, request, **more):
        request.headers["dpop"] = self.proof(request, None)
        answer = super().send(request, **more)
        if answer.ok or "dpop-nonce" not in answer.headers:
            return answer
        self.demanded.append(request.url)
        request.headers["dpop"] = self.proof(request, answer.headers["dpop-nonce"])
        return super().send(request, **more)


def add_dpop_token(token, uri, headers, body, _placement):
    headers["Authorization"] = f"DPoP {token}"
    return uri, headers, body


def dpop(client_id, **_):
    oauth = session(client_id, client_secret=os.environ["CLIENT_SECRET"])
    oauth.token_auth.SIGN_METHODS = {"dpop": add_dpop_token}  # it knows "bearer" alone
    proving = Proving()
    oauth.mount("https://", proving)
    facts = sign_in(oauth)
    return {**facts, "jkt": proving.key.thumbprint(), "demanded": proving.demanded}


def jarm(client_id, encrypted, more):
    def take(given):
        answer = given["response"]
        if encrypted:
            key = jwk.import_key(json.loads(os.environ["DECRYPTION_KEY"]))
            answer = jwe.decrypt_compact(answer, key).plaintext
        claims = jwt.decode(answer, keys, algorithms=["ES256"]).claims
        rules = jwt.JWTClaimsRegistry(
            iss={"essential": True, "value": ISSUER},
            aud={"essential": True, "value": client_id},
            exp={"essential": True},
        )
        rules.validate(claims)
        return claims

    oauth = session(client_id, client_secret=os.environ["CLIENT_SECRET"])
    return sign_in(oauth, take, **more)


def mtls(client_id, **_):
    oauth = session(client_id, token_endpoint_auth_method="none")
    oauth.cert = (os.environ["CLIENT_CERT"], os.environ["CLIENT_KEY"])
    return sign_in(oauth)


trials = {"dpop": dpop, "jarm": jarm, "mtls": mtls}
while True:
    order = hear()
    try:
        say({"done": trials[order.pop("trial")](**order)})
    except Exception as error:
        say({"failed": repr(error)})
