/** What scripts of OAuth 2.0 find: of access tokens and of claims (PingAM: access token modification, OIDC claims). */

import { policy } from './absent.js'
import { cacheManager } from './cache.js'
import { claim, claimNamed, toldOf } from './claim.js'
import { giveAll, logger, openidm, requiring, secrets, systemEnv, utils } from './common.js'
import { httpClient, httpClientOld } from './http.js'
import { identity, idRepositoryOld } from './identity.js'
import { jwtAssertion, jwtValidator } from './jwt-assertion.js'
import { map } from './lists.js'
import { member, put } from './member.js'
import { plain } from './outside.js'
import { packages } from './packages.js'

/** What both kinds of OAuth 2.0 scripts find. */
function oauthBindings(given) {
  const isOld = given.version === '1.0'
  const { realm, scriptName, scopes, cookieName } = given
  return {
    ...{ logger: logger(), secrets, systemEnv, realm, scriptName, scopes, cookieName },
    ...(isOld ? { ...packages, idRepository: idRepositoryOld } : newBindings()),
    openidm,
    httpClient: isOld ? httpClientOld : httpClient,
    // There is a name for each in any case, which scripts compare with null.
    identity: given.identity === null ? null : identity(given.identity),
    session: given.session === null ? null : sessionOf(given.session),
    clientProperties: map(given.clientProperties),
    requestProperties: map(given.requestProperties),
  }
}

function newBindings() {
  return { utils, require: requiring(), jwtAssertion, jwtValidator, policy, cacheManager }
}

function sessionOf(properties) {
  return {
    getProperty: (name) => member(properties, name) ?? null,
    getProperties: () => map(properties),
    getName: () => properties.UserToken ?? null,
  }
}

const own = ['scope', 'client_id', 'realm', 'token_type', 'grant_type', 'auth_time']

/** `accessToken`: what is set are members of the token, and of what is told of it. */
function tokenOf(token, changes) {
  const get = (name) =>
    Object.hasOwn(changes.set, name) ? changes.set[name] : (member(token, name) ?? null)
  const set = (name, value) => {
    put(changes.set, name, plain(value))
  }
  const made = {
    setField: set,
    setFields: (fields) => {
      for (const [name, value] of Object.entries(plain(fields) ?? {})) set(name, value)
    },
    addExtraData: set,
    addExtraJsonData: set,
    removeField: (name) => {
      delete changes.set[String(name)]
      changes.removed.push(String(name))
    },
    removeTokenName: () => changes.removed.push('tokenName'),
    getField: get,
    getFields: () => map({ ...token, ...changes.set }),
    setScope: (scopes) => set('scope', [...scopes]),
    getScope: () => plain(get('scope')) ?? [],
    getClientId: () => token.client_id,
    getRealm: () => token.realm,
    getGrantType: () => token.grant_type,
    getExpiryTime: () => (token.exp ?? 0) * 1000,
    setExpiryTime: (time) => set('exp', Math.floor(Number(time) / 1000)),
    getResourceOwnerId: () => token.sub,
    getTokenType: () => token.token_type,
    getTokenId: () => null,
    toString: () => JSON.stringify({ ...token, ...changes.set }),
  }
  for (const name of own) {
    const words = name.split('_').map((word) => word[0].toUpperCase() + word.slice(1))
    made[`get${words.join('')}`] ??= () => get(name)
    made[`set${words.join('')}`] ??= (value) => set(name, value)
  }
  return made
}

export function accessToken(given) {
  const changes = { set: {}, removed: [] }
  giveAll({ ...oauthBindings(given), accessToken: tokenOf(given.token, changes) })
  return () => JSON.stringify(plain(changes))
}

/**
 * What a script finds that says what is told of a user. What a request asks for it has by name alone: a request sets no
 * claim, and which values it wants is looked at outside.
 */
export function claims(given) {
  const typed = given.requested.map(({ name, essential }) => claimNamed(name, essential))
  giveAll({
    ...oauthBindings(given),
    claims: map(given.claims),
    claimObjects: Object.entries(given.claims).map(([name, value]) => claim(name, [value])),
    requestedClaims: map(Object.fromEntries(given.requested.map(({ name }) => [name, []]))),
    requestedTypedClaims: typed,
    claimsLocales: given.claimsLocales,
  })
  return (_, value) => JSON.stringify(plain({ told: toldOf(value) }))
}
