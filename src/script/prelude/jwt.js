/** JWTs signed by HMAC, as scripts make and read them with `org.forgerock.json.jose`. */

import { hmac, sameBytes } from './common.js'
import { anyBytes, bytesOf, fromBase64, map, textOf, toBase64Url } from './lists.js'
import { member, put, putAll } from './member.js'
import { plain } from './outside.js'

const seconds = (time) => Math.floor(Number(time?.getTime?.() ?? time) / 1000)
const hashes = { HS256: 'SHA-256', HS384: 'SHA-384', HS512: 'SHA-512' }

export const JwsAlgorithm = Object.fromEntries(Object.keys(hashes).map((alg) => [alg, alg]))

/** `JwtClaimsSet` */
export function claimsSet(members = {}) {
  const claims = { ...plain(members) }
  const date = (name) => (claims[name] === undefined ? null : new Date(claims[name] * 1000))
  const set = (name, value) => {
    put(claims, name, plain(value))
  }
  return {
    __plain: () => claims,
    setIssuer: (value) => set('iss', String(value)),
    setSubject: (value) => set('sub', String(value)),
    setJwtId: (value) => set('jti', String(value)),
    setType: (value) => set('typ', String(value)),
    addAudience: (value) => set('aud', [...(claims.aud ?? []), String(value)]),
    setAudience: (values) => set('aud', [...values].map(String)),
    setIssuedAtTime: (time) => set('iat', seconds(time)),
    setExpirationTime: (time) => set('exp', seconds(time)),
    setNotBeforeTime: (time) => set('nbf', seconds(time)),
    setClaim: (name, value) => set(String(name), value),
    setClaims: (values) => putAll(claims, plain(values)),
    put: (name, value) => set(String(name), value),
    getIssuer: () => claims.iss ?? null,
    getSubject: () => claims.sub ?? null,
    getJwtId: () => claims.jti ?? null,
    getAudience: () => (claims.aud === undefined ? null : [claims.aud].flat()),
    getIssuedAtTime: () => date('iat'),
    getExpirationTime: () => date('exp'),
    getNotBeforeTime: () => date('nbf'),
    getClaim: (name) => member(claims, name) ?? null,
    get: (name) => member(claims, name) ?? null,
    isDefined: (name) => Object.hasOwn(claims, String(name)),
    keys: () => Object.keys(claims),
    getAllClaims: () => map({ ...claims }),
    build: () => JSON.stringify(claims),
    toString: () => JSON.stringify(claims),
  }
}

/** `SecretBuilder`, and what is made of it: a key that knows its bytes. */
export function secretBuilder() {
  let bytes = []
  const builder = {
    secretKey: (key) => {
      bytes = key.getEncoded()
      return builder
    },
    stableId: () => builder,
    expiresIn: () => builder,
    expiresAt: () => builder,
    getEncoded: () => bytes,
  }
  return builder
}

export function keyOf(builder) {
  return { getEncoded: () => builder.getEncoded() }
}

export function hmacHandler(key) {
  const bytes = typeof key?.getEncoded === 'function' ? key.getEncoded() : anyBytes(key)
  return { __sign: (alg, text) => hmac(hashes[alg], bytes, text) }
}

function encoded(value) {
  return toBase64Url(bytesOf(JSON.stringify(plain(value))))
}

function signer(handler) {
  const header = { typ: 'JWT' }
  let claims = claimsSet()
  const headers = {
    alg: (alg) => headers.header('alg', String(alg)),
    kid: (kid) => headers.header('kid', String(kid)),
    header: (name, value) => {
      put(header, name, value)
      return headers
    },
    done: () => builder,
  }
  const builder = {
    headers: () => headers,
    claims: (given) => {
      claims = given
      return builder
    },
    encrypt: () => {
      throw new TypeError('encrypted JWTs are not there')
    },
    build: () => {
      if (!Object.hasOwn(hashes, header.alg)) throw new TypeError(`${header.alg} is not there`)
      const text = `${encoded(header)}.${encoded(claims)}`
      return `${text}.${toBase64Url(handler.__sign(header.alg, text))}`
    },
  }
  return builder
}

/** `SignedJwt`; what it says counts once `verify` was true. */
function signedJwt(text) {
  const [header = '', claims = '', signature = '', ...more] = String(text).split('.')
  if (more.length > 0 || signature === '') throw new TypeError('this is no signed JWT')
  const read = (part) => JSON.parse(textOf(fromBase64(part)))
  const { alg, kid = null } = read(header)
  const set = claimsSet(read(claims))
  return {
    getClaimsSet: () => set,
    getHeader: () => ({ getAlgorithm: () => alg, getKeyId: () => kid }),
    verify: (handler) =>
      Object.hasOwn(hashes, alg) &&
      sameBytes(handler.__sign(alg, `${header}.${claims}`), fromBase64(signature)),
    build: () => String(text),
  }
}

export const SignedJwt = { __jwt: true }

/** `JwtBuilderFactory` */
export function jwtBuilder() {
  return {
    jws: signer,
    jwe: () => {
      throw new TypeError('encrypted JWTs are not there')
    },
    claims: () => claimsSet(),
    reconstruct: (text, kind) => {
      if (kind !== SignedJwt) throw new TypeError('only signed JWTs are there')
      return signedJwt(text)
    },
  }
}
