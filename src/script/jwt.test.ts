import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { test } from 'node:test'
import { people } from '../../test/people.ts'
import { endingIn, scripting } from '../../test/scripts.ts'

const { alpha } = await people()
const ends = endingIn(scripting(alpha, { computing: 1000 }))
const pair = (bits: number) => generateKeyPairSync('rsa', { modulusLength: bits })
const { privateKey, publicKey } = pair(2048)
const jwk = (key: typeof privateKey) => JSON.stringify(key.export({ format: 'jwk' }))
const base64 = (text: string) => JSON.stringify(Buffer.from(text).toString('base64'))

const keys = `
  var signing = ${base64('password')}, sealing = ${base64('0123456789abcdef0123456789abcdef')}
  var rsa = ${jwk(privateKey)}, rsaPublic = ${base64(jwk(publicKey))}
  function data(jwtType, more) {
    return Object.assign({ jwtType: jwtType, jwsAlgorithm: "HS256", issuer: "me", subject: "ann", audience: "you", type: "JWT",
      validityMinutes: 10, claims: { key1: "value1" }, signingKey: signing, encryptionKey: sealing }, more || {})
  }
  function told(jwtType, jwt, more) {
    return jwtValidator.validateJwtClaims(Object.assign({ jwtType: jwtType, jwt: jwt, issuer: "me", audience: "you",
      signingKey: signing, encryptionKey: sealing }, more || {}))
  }
  function why(work) { try { work(); return "" } catch (e) { return String(e.message) } }
`

/** Each ends well where it goes to `true`. */
const right: [title: string, source: string][] = [
  [
    'signed, and with encryption around and inside',
    `var wrong = ["SIGNED", "SIGNED_THEN_ENCRYPTED", "ENCRYPTED_THEN_SIGNED"].filter(function (kind) {
      var jwt = jwtAssertion.generateJwt(data(kind)), claims = told(kind, jwt)
      return !(claims.get("key1") === "value1" && claims.get("subject") === "ann" && claims.get("audience") === "you" &&
        claims.get("expirationTime") - claims.get("issuedAt") === 600 && claims.get("jwtId").length > 20)
    }); action.goTo(String(wrong.length === 0))`,
  ],
  [
    'signed by RSA',
    `var jwt = jwtAssertion.generateJwt({jwtType: "SIGNED", jwsAlgorithm: "RS256", accountId: "acc", audience: "you", validityMinutes: 1, privateKey: rsa})
    var claims = jwtValidator.validateJwtClaims({jwtType: "SIGNED", jwt: jwt, accountId: "acc", audience: "you", signingKey: rsaPublic})
    action.goTo(String(claims.get("issuer") === "acc" && claims.get("subject") === "acc"))`,
  ],
  [
    'null for whatever is not as wanted',
    `var jwt = jwtAssertion.generateJwt(data("SIGNED")), other = ["issuer", "audience", "subject", "type"].filter(function (name) {
      var more = {}; more[name] = "other"; return told("SIGNED", jwt, more) !== null })
    var parts = jwt.split("."), none = utils.base64url.encode('{"alg":"none"}') + "." + parts[1] + "." + parts[2]
    action.goTo(String(other.length === 0 && told("SIGNED", jwt, {claims: {key1: "x"}}) === null && told("SIGNED", none) === null &&
      told("SIGNED", jwt, {signingKey: "b3RoZXI="}) === null && told("SIGNED", parts[0] + "." + parts[1] + ".AAAA") === null &&
      told("SIGNED", jwt, {signingKey: rsaPublic}) === null))`,
  ],
  [
    'null for one that nobody’s time bounds, or that is over, but for a skew',
    `function at(ms, work) { var now = Date.now; Date.now = function () { return now() + ms }; try { return work() } finally { Date.now = now } }
    var jwt = at(-660000, function () { return jwtAssertion.generateJwt(data("SIGNED")) })
    var early = at(120000, function () { return jwtAssertion.generateJwt(data("SIGNED")) })
    var endless = jwtAssertion.generateJwt(data("SIGNED", {validityMinutes: null}))
    action.goTo(String(told("SIGNED", jwt) === null && told("SIGNED", jwt, {clockSkew: 120}) !== null &&
      told("SIGNED", early) === null && told("SIGNED", endless) === null))`,
  ],
  [
    'a secret of HMAC is never the public key of RSA',
    `var said = why(function () { jwtAssertion.generateJwt(data("SIGNED", {signingKey: rsaPublic})) })
    action.goTo(String(said === "signingKey must be a secret for HS256"))`,
  ],
  [
    'a sealed one that was changed is none',
    `var jwt = jwtAssertion.generateJwt(data("SIGNED_THEN_ENCRYPTED")).split(".")
    jwt[3] = jwt[3].slice(0, -8) + "AAAAAAAA"
    action.goTo(String(told("SIGNED_THEN_ENCRYPTED", jwt.join(".")) === null))`,
  ],
  [
    'what is missing or too large is named',
    `var small = ${jwk(pair(1024).privateKey)}
    var said = [
      why(function () { jwtAssertion.generateJwt(null) }), why(function () { jwtAssertion.generateJwt({}) }),
      why(function () { jwtAssertion.generateJwt(data("SIGNED", {issuer: null})) }),
      why(function () { jwtAssertion.generateJwt(data("SIGNED", {signingKey: null})) }),
      why(function () { jwtAssertion.generateJwt(data("SIGNED_THEN_ENCRYPTED", {jwsAlgorithm: "RS256"})) }),
      why(function () { jwtAssertion.generateJwt(data("SIGNED", {jwsAlgorithm: "RS256", privateKey: small})) }),
      why(function () { jwtAssertion.generateJwt(data("SIGNED", {jwsAlgorithm: "RS256", privateKey: {kty: "RSA", n: "x".repeat(20000)}})) }),
      why(function () { jwtAssertion.generateJwt(data("ENCRYPTED_THEN_SIGNED", {encryptionKey: "AAAA"})) }),
      why(function () { told("SIGNED", "x".repeat(100000)) }), why(function () { told("SIGNED", "x") }),
      why(function () { told("SIGNED", null) })]
    var expected = ["jwtData is required", "jwtType must be", "issuer or stableId", "signingKey is required", "jwsAlgorithm must be",
      "from 2048 to 4096 bits", "no RSA key", "32 bytes", "too long", "no signed JWT", "jwt is required"]
    logger.info(JSON.stringify(said))
    action.goTo(String(expected.every(function (text, i) { return said[i].indexOf(text) >= 0 })))`,
  ],
  [
    'bindings that are not there say which they are',
    `action.goTo(String(why(function () { policy.evaluate({}, "app", [], {}) }) === "policy.evaluate is not there: this server has no policies" &&
      why(function () { policy.evaluateTree({}, "app", "/", {}) }).indexOf("policy.evaluateTree") === 0))`,
  ],
]

for (const [title, source] of right)
  test(`PingAM: JWTs of scripts: ${title}`, async () => {
    const { kind, reason, events } = await ends(`${keys}${source}`)
    assert.equal(kind, 'success', `${reason} ${JSON.stringify(events.map(({ fields }) => fields))}`)
  })

test('S-1 scripts that sign without end are ended', async () => {
  const { kind, reason } = await ends(
    `${keys} for (;;) jwtAssertion.generateJwt(data("SIGNED", {jwsAlgorithm: "RS256", privateKey: rsa}))`,
  )
  assert.deepEqual([kind, reason], ['failure', 'it took too long'])
})
