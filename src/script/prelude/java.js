/** Classes of Java that scripts of real tenants use. What is not here is named when a script comes to use it. */
import { Action, callbackClass } from './action.js'
import { claim, userInfoClaims } from './claim.js'
import { digest, hmac, randomUUID } from './common.js'
import { Request } from './http.js'
import {
  claimsSet,
  hmacHandler,
  JwsAlgorithm,
  jwtBuilder,
  keyOf,
  SignedJwt,
  secretBuilder,
} from './jwt.js'
import { anyBytes, fromBase64, map, textOf, toBase64, toBase64Url } from './lists.js'
import { plain } from './outside.js'
import { jsonValue } from './state.js'

/** Functions that Java has as constructors too: `new java.lang.String(x)` is a plain text. */
function text(value, ...rest) {
  return Array.isArray(value) ? fromSigns(value) : String(value ?? '', ...rest)
}

function fromSigns(values) {
  return typeof values[0] === 'number' ? textOf(values) : values.join('')
}

function listOf(values) {
  return values === undefined || typeof values === 'number' ? [] : [...values]
}

/** A list in which nothing is twice. */
function setOf(values) {
  const set = Object.defineProperty([], '__once', { value: true })
  for (const each of listOf(values)) set.add(each)
  return set
}

function mapOf(members) {
  return map(members === undefined || typeof members === 'number' ? {} : { ...members })
}

/** `Class(x)` and `new Class(x)` alike; Rhino tells them apart only where there is something to tell. */
function javaClass(make, statics = {}) {
  function Class(...args) {
    const made = make(...args)
    return Object(made) === made ? made : new.target ? Object(made) : made
  }
  return Object.assign(Class, statics)
}

function builderOf(begin = '') {
  let all = String(begin)
  const builder = {
    append: (more) => {
      all += String(more)
      return builder
    },
    reverse: () => {
      all = [...all].reverse().join('')
      return builder
    },
    length: () => all.length,
    toString: () => all,
  }
  return builder
}

const whole = (value, base = 10) => {
  const number = Number.parseInt(String(value), base)
  if (Number.isNaN(number)) throw new TypeError(`For input string: "${value}"`)
  return number
}
const numbers = { parseInt: whole, parseLong: whole, valueOf: whole, toString: String }

function digester(algorithm) {
  let bytes = []
  const digesting = {
    update: (more) => {
      bytes = [...bytes, ...anyBytes(more)]
    },
    digest: (more = []) => digest(algorithm, [...bytes, ...anyBytes(more)]),
  }
  return digesting
}

function mac(algorithm) {
  const hash = algorithm.replace(/^Hmac/i, '').replace(/^SHA-?/i, 'SHA-')
  let key = []
  return {
    init: (given) => {
      key = given.getEncoded()
    },
    doFinal: (data) => hmac(hash, key, data),
  }
}

const coder = (encode) => ({
  getEncoder: () => ({
    encodeToString: encode,
    encode,
    withoutPadding: () => coder(encode).getEncoder(),
  }),
  getDecoder: () => ({ decode: fromBase64 }),
})

const random = javaClass(() => ({
  nextInt: (most = 2 ** 31) => Math.floor(Math.random() * most),
  nextDouble: () => Math.random(),
  nextBytes: (array) => {
    for (let i = 0; i < array.length; i++) array[i] = Math.floor(Math.random() * 256) - 128
  },
}))

const list = javaClass(listOf)
const set = javaClass(setOf)
const hash = javaClass(mapOf)
const error = javaClass((message) => new Error(message))
/** Scripts look for its whole name in its text. */
const invalidRequest = (message) =>
  Object.assign(new Error(message), {
    name: 'org.forgerock.oauth2.core.exceptions.InvalidRequestException',
  })

const ownCallbacks = 'org.forgerock.openam.authentication.callbacks'
const javaCallbacks = 'javax.security.auth.callback'
const olderCallbacks = 'com.sun.identity.authentication.callbacks'
const spiCallbacks = 'com.sun.identity.authentication.spi'

const callbacks = {
  [`${javaCallbacks}.NameCallback`]: 'nameCallback',
  [`${javaCallbacks}.PasswordCallback`]: 'passwordCallback',
  [`${javaCallbacks}.TextInputCallback`]: 'textInputCallback',
  [`${javaCallbacks}.TextOutputCallback`]: 'textOutputCallback',
  [`${javaCallbacks}.ChoiceCallback`]: 'choiceCallback',
  [`${javaCallbacks}.ConfirmationCallback`]: 'confirmationCallback',
  [`${olderCallbacks}.HiddenValueCallback`]: 'hiddenValueCallback',
  [`${olderCallbacks}.ScriptTextOutputCallback`]: 'scriptTextOutputCallback',
  [`${spiCallbacks}.MetadataCallback`]: 'metadataCallback',
  [`${spiCallbacks}.RedirectCallback`]: 'redirectCallback',
  'org.forgerock.openam.auth.node.api.SuspendedTextOutputCallback': 'suspendedTextOutputCallback',
  [`${ownCallbacks}.PollingWaitCallback`]: 'pollingWaitCallback',
  [`${ownCallbacks}.StringAttributeInputCallback`]: 'stringAttributeInputCallback',
  [`${ownCallbacks}.NumberAttributeInputCallback`]: 'numberAttributeInputCallback',
  [`${ownCallbacks}.BooleanAttributeInputCallback`]: 'booleanAttributeInputCallback',
  [`${ownCallbacks}.ValidatedUsernameCallback`]: 'validatedUsernameCallback',
  [`${ownCallbacks}.ValidatedPasswordCallback`]: 'validatedPasswordCallback',
  [`${ownCallbacks}.KbaCreateCallback`]: 'kbaCreateCallback',
  [`${ownCallbacks}.TermsAndConditionsCallback`]: 'termsAndConditionsCallback',
  [`${ownCallbacks}.SelectIdPCallback`]: 'selectIdPCallback',
  [`${ownCallbacks}.DeviceProfileCallback`]: 'deviceProfileCallback',
  [`${ownCallbacks}.ConsentMappingCallback`]: 'consentMappingCallback',
}

/** By their whole names. */
export const classes = {
  'java.lang.String': javaClass(text, { valueOf: text, join: (by, all) => [...all].join(by) }),
  'java.lang.Integer': javaClass(whole, { ...numbers, MAX_VALUE: 2 ** 31 - 1 }),
  'java.lang.Long': javaClass(whole, numbers),
  'java.lang.Double': javaClass(Number, { parseDouble: Number, valueOf: Number }),
  'java.lang.Boolean': javaClass((value) => String(value) === 'true', {
    ...{ TRUE: true, FALSE: false },
    parseBoolean: (value) => String(value).toLowerCase() === 'true',
    valueOf: (value) => String(value).toLowerCase() === 'true',
  }),
  'java.lang.Math': Math,
  'java.lang.System': { currentTimeMillis: () => Date.now(), lineSeparator: () => '\n' },
  'java.lang.StringBuilder': javaClass(builderOf),
  'java.lang.StringBuffer': javaClass(builderOf),
  'java.lang.Exception': error,
  'java.lang.RuntimeException': error,
  'java.util.ArrayList': list,
  'java.util.LinkedList': list,
  'java.util.Vector': list,
  'java.util.HashSet': set,
  'java.util.LinkedHashSet': set,
  'java.util.TreeSet': set,
  'java.util.HashMap': hash,
  'java.util.LinkedHashMap': hash,
  'java.util.TreeMap': hash,
  'java.util.Arrays': {
    asList: (...all) => (Array.isArray(all[0]) ? all[0] : all),
    toString: String,
  },
  'java.util.Collections': {
    emptyList: () => [],
    emptyMap: () => map({}),
    emptySet: () => setOf(),
    singletonList: (each) => [each],
    singleton: (each) => setOf([each]),
  },
  'java.util.UUID': { randomUUID: () => new String(randomUUID()) },
  'java.util.Date': javaClass((time) => (time === undefined ? new Date() : new Date(time))),
  'java.util.Random': random,
  'java.security.SecureRandom': random,
  'java.util.Base64': {
    ...coder((bytes) => toBase64(anyBytes(bytes))),
    getUrlEncoder: () => coder((bytes) => toBase64Url(anyBytes(bytes))).getEncoder(),
    getUrlDecoder: () => ({ decode: fromBase64 }),
  },
  'java.util.Optional': {
    of: (value) => ({ get: () => value }),
    empty: () => ({ get: () => null }),
  },
  'java.net.URLEncoder': { encode: (value) => encodeURIComponent(value).replace(/%20/g, '+') },
  'java.net.URLDecoder': {
    decode: (value) => decodeURIComponent(String(value).replace(/\+/g, ' ')),
  },
  'java.net.URI': javaClass((value) => new String(value), { create: String }),
  'java.nio.charset.StandardCharsets': { UTF_8: 'UTF-8', US_ASCII: 'US-ASCII' },
  'java.security.MessageDigest': { getInstance: digester },
  'javax.crypto.Mac': { getInstance: mac },
  'javax.crypto.spec.SecretKeySpec': javaClass((bytes) => ({ getEncoded: () => anyBytes(bytes) })),
  'java.time.Clock': { systemUTC: () => ({ millis: () => Date.now() }) },
  'java.time.temporal.ChronoUnit': Object.fromEntries(
    ['SECONDS', 'MINUTES', 'HOURS', 'DAYS'].map((unit) => [unit, unit]),
  ),
  'org.forgerock.json.jose.builders.JwtBuilderFactory': javaClass(jwtBuilder),
  'org.forgerock.json.jose.jwt.JwtClaimsSet': javaClass(claimsSet),
  'org.forgerock.json.jose.jws.JwsAlgorithm': JwsAlgorithm,
  'org.forgerock.json.jose.jws.SignedJwt': SignedJwt,
  'org.forgerock.json.jose.jws.handlers.SecretHmacSigningHandler': javaClass(hmacHandler),
  'org.forgerock.json.jose.jws.handlers.HmacSigningHandler': javaClass(hmacHandler),
  'org.forgerock.json.jose.jws.SigningManager': javaClass(() => ({
    newHmacSigningHandler: hmacHandler,
  })),
  'org.forgerock.secrets.SecretBuilder': javaClass(secretBuilder),
  'org.forgerock.secrets.keys.SigningKey': javaClass(keyOf),
  'org.forgerock.secrets.keys.VerificationKey': javaClass(keyOf),
  'org.forgerock.oauth2.core.UserInfoClaims': javaClass(userInfoClaims),
  'org.forgerock.oauth2.core.exceptions.InvalidRequestException': javaClass(invalidRequest),
  'org.forgerock.openidconnect.Claim': javaClass(claim),
  'org.forgerock.openam.auth.node.api.Action': Action,
  'org.forgerock.http.protocol.Request': javaClass(Request),
  'org.forgerock.json.JsonValue': javaClass((value) => jsonValue(plain(value)), {
    json: (value) => jsonValue(plain(value)),
    object: (...fields) =>
      map(Object.fromEntries(fields.map((each) => [each.getKey(), each.getValue()]))),
    field: (name, value) => ({ getKey: () => name, getValue: () => value }),
    array: (...all) => all,
  }),
  'org.forgerock.util.encode.Base64': {
    encode: (bytes) => toBase64(anyBytes(bytes)),
    decode: fromBase64,
  },
  'org.forgerock.util.encode.Base64url': {
    encode: (bytes) => toBase64Url(anyBytes(bytes)),
    decode: fromBase64,
  },
  ...Object.fromEntries(
    Object.entries(callbacks).map(([name, kind]) => [name, callbackClass(kind)]),
  ),
}
