/** `jwtAssertion` and `jwtValidator` (PingAM: next-generation scripts): JWTs that scripts make and hold against what they want. */
import { hmac, randomUUID, sameBytes } from './common.js'
import { bytesOf, fromBase64, map, textOf, toBase64, toBase64Url } from './lists.js'
import { machine, plain } from './outside.js'

const kinds = ['SIGNED', 'SIGNED_THEN_ENCRYPTED', 'ENCRYPTED_THEN_SIGNED']

/** What a claim is called in what scripts say and are told. */
const names = {
  ...{ issuer: 'iss', subject: 'sub', audience: 'aud', type: 'typ', jwtId: 'jti' },
  ...{ expirationTime: 'exp', issuedAt: 'iat', notBefore: 'nbf' },
}

/** A JWT that is longer is none of a login. */
const longest = 65536

function given(data, ...required) {
  if (data === null || typeof data !== 'object') throw new TypeError('jwtData is required')
  const fields = plain(data)
  if (!kinds.includes(fields.jwtType))
    throw new TypeError(`jwtType must be one of ${kinds.join(', ')}`)
  for (const name of required)
    if (typeof fields[name] !== 'string') throw new TypeError(`${name} is required`)
  const { accountId, issuer = accountId, subject = accountId, stableId = accountId } = fields
  if ((issuer ?? stableId ?? null) === null) throw new TypeError('issuer or stableId is required')
  return { ...fields, issuer, subject, stableId }
}

function keyIn(fields, name) {
  if ((fields[name] ?? null) === null) throw new TypeError(`${name} is required`)
  return fields[name]
}

/** What a base64 key holds: a JWK of RSA, or the bytes of a secret. */
function keyOf(fields) {
  const key = keyIn(fields, 'signingKey')
  if (typeof key === 'object') return { jwk: JSON.stringify(key) }
  const bytes = fromBase64(String(key))
  if (bytes.length === 0) throw new TypeError('signingKey is required')
  const text = textOf(bytes)
  return /^\s*\{/.test(text) && /"RSA"/.test(text) ? { jwk: text } : { bytes }
}

function secretOf(fields) {
  const { bytes } = keyOf(fields)
  if (bytes === undefined) throw new TypeError('signingKey must be a secret for HS256')
  return bytes
}

const coded = (value) =>
  toBase64Url(bytesOf(typeof value === 'string' ? value : JSON.stringify(value)))
const read = (part) => JSON.parse(textOf(fromBase64(part)))
const standard = (text) => toBase64(fromBase64(text))

function signed(fields, header, payload) {
  const text = `${coded({ typ: 'JWT', ...header, alg: fields.jwsAlgorithm })}.${coded(payload)}`
  const signature =
    fields.jwsAlgorithm === 'RS256'
      ? fromBase64(machine('rs256', JSON.stringify(keyIn(fields, 'privateKey')), text))
      : hmac('SHA-256', secretOf(fields), text)
  return `${text}.${toBase64Url(signature)}`
}

function sealed(fields, header, text) {
  const start = coded({ ...header, alg: 'dir', enc: 'A128CBC-HS256' })
  const parts = machine('seal', String(keyIn(fields, 'encryptionKey')), start, text).split(',')
  return [start, '', ...parts.map((part) => toBase64Url(fromBase64(part)))].join('.')
}

function opened(fields, text) {
  const [header = '', encrypted, ...parts] = text.split('.')
  const { alg, enc, zip } = read(header)
  if (alg !== 'dir' || enc !== 'A128CBC-HS256' || zip !== undefined || encrypted !== '')
    throw new TypeError('this JWT is not encrypted by A128CBC-HS256')
  const key = String(keyIn(fields, 'encryptionKey'))
  return machine('open', key, header, ...parts.map(standard))
}

export const jwtAssertion = {
  generateJwt(data) {
    const fields = given(data, 'jwsAlgorithm')
    const { jwtType, jwsAlgorithm, validityMinutes } = fields
    if (jwsAlgorithm !== 'HS256' && (jwsAlgorithm !== 'RS256' || jwtType !== 'SIGNED'))
      throw new TypeError('jwsAlgorithm must be HS256, or RS256 where the JWT is signed only')
    const now = Math.floor(Date.now() / 1000)
    const minutes = Number(validityMinutes)
    const own = Object.entries(names).map(([name, claim]) => [claim, fields[name]])
    const claims = {
      ...fields.claims,
      ...Object.fromEntries(own.filter(([, value]) => (value ?? null) !== null)),
      jti: fields.jwtId ?? randomUUID(),
      iat: now,
      ...(minutes > 0 ? { exp: now + Math.floor(minutes * 60) } : {}),
    }
    const named = data.stableId ?? fields.privateKey?.kid ?? null
    const kid = named === null ? {} : { kid: String(named) }
    if (jwtType === 'SIGNED') return signed(fields, kid, claims)
    if (jwtType === 'SIGNED_THEN_ENCRYPTED')
      return sealed(fields, { ...kid, typ: 'JWT', cty: 'JWT' }, signed(fields, {}, claims))
    const inside = sealed(fields, { typ: 'JWT' }, JSON.stringify(claims))
    return signed(fields, { ...kid, cty: 'JWT' }, inside)
  },
}

/** The payload of a signed JWT, whose algorithm is that of the key; undefined: the signature is another. */
function verified(fields, text) {
  const [header = '', payload = '', signature = '', ...more] = text.split('.')
  if (more.length > 0 || signature === '') throw new TypeError('this is no signed JWT')
  const { alg } = read(header)
  const { jwk, bytes } = keyOf(fields)
  const what = `${header}.${payload}`
  const isRight =
    jwk === undefined
      ? alg === 'HS256' && sameBytes(hmac('SHA-256', bytes, what), fromBase64(signature))
      : alg === 'RS256' && machine('rs256Verified', jwk, what, standard(signature)) === 'true'
  return isRight ? textOf(fromBase64(payload)) : undefined
}

function payloadOf(fields) {
  const { jwt, jwtType } = fields
  if (jwt.length > longest) throw new TypeError('the JWT is too long')
  if (jwtType === 'SIGNED') return verified(fields, jwt)
  if (jwtType === 'SIGNED_THEN_ENCRYPTED') {
    const inside = opened(fields, jwt)
    return inside === '' ? undefined : verified(fields, inside)
  }
  const inside = verified(fields, jwt)
  return inside === undefined ? undefined : opened(fields, inside)
}

function suits(fields, claims) {
  const skew = fields.clockSkew ?? 0
  if (!Number.isInteger(skew) || skew < 0) throw new TypeError('clockSkew is a positive integer')
  const now = Date.now() / 1000
  const { exp, iat, nbf, aud } = claims
  if (typeof exp !== 'number' || exp + skew <= now) return false
  if (iat !== undefined && !(iat - skew <= now)) return false
  if (nbf !== undefined && !(nbf - skew <= now)) return false
  const { audience, claims: more = {} } = fields
  if ((audience ?? null) !== null && ![aud].flat().includes(audience)) return false
  const same = (one, other) => JSON.stringify(one) === JSON.stringify(other)
  const wanted = ['issuer', 'subject', 'type'].map((name) => [names[name], fields[name]])
  return [...wanted, ...Object.entries(more ?? {})].every(
    ([name, value]) => (value ?? null) === null || same(claims[name], value),
  )
}

export const jwtValidator = {
  validateJwtClaims(data) {
    const fields = given(data, 'jwt')
    const payload = payloadOf(fields)
    if (payload === undefined || payload === '') return null
    const claims = JSON.parse(payload)
    if (claims === null || typeof claims !== 'object' || !suits(fields, claims)) return null
    const called = Object.fromEntries(Object.entries(names).map(([name, claim]) => [claim, name]))
    return map(
      Object.fromEntries(
        Object.entries(claims).map(([name, value]) => [
          Object.hasOwn(called, name) ? called[name] : name,
          value,
        ]),
      ),
    )
  },
}
