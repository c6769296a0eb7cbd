"""The other side of jose-interop.test.ts: JOSE by python3-jwcrypto, which shares no code with ours.

Reads a list of jobs as JSON, answers a list of results: a token made, a text read, or an error.
"""
import json
import sys

from jwcrypto import jwe, jwk, jws


def key_of(job):
    return jwk.JWK(**job["key"])


def encrypt(job):
    token = jwe.JWE(job["text"].encode(), json.dumps(job["header"]))
    token.add_recipient(key_of(job))
    return token.serialize(compact=True)


def decrypt(job):
    token = jwe.JWE()
    token.allowed_algs = [job["header"]["alg"], job["header"]["enc"]]
    token.deserialize(job["token"], key=key_of(job))
    return token.payload.decode()


def sign(job):
    token = jws.JWS(job["text"].encode())
    token.add_signature(key_of(job), None, json.dumps(job["header"]))
    return token.serialize(compact=True)


def verify(job):
    token = jws.JWS()
    token.allowed_algs = [job["header"]["alg"]]
    token.deserialize(job["token"], key=key_of(job))
    return token.payload.decode()


actions = {"encrypt": encrypt, "decrypt": decrypt, "sign": sign, "verify": verify}


def result(job):
    try:
        return {"value": actions[job["action"]](job)}
    except Exception as error:  # every failure is the test's to judge
        return {"error": repr(error)}


json.dump([result(job) for job in json.load(sys.stdin)], sys.stdout)
