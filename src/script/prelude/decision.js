/** What a Scripted Decision finds, and what is told of what it left behind (PingAM: scripted decision node API). */
import { policy } from './absent.js'
import { builder, fresh, toldBy } from './action.js'
import { cacheManager } from './cache.js'
import { answeredObjects, answersByKind, callbacksBuilder } from './callbacks.js'
import { giveAll, logger, openidm, requiring, secrets, systemEnv, utils } from './common.js'
import { httpClient, httpClientOld } from './http.js'
import { idRepository, idRepositoryOld } from './identity.js'
import { jwtAssertion, jwtValidator } from './jwt-assertion.js'
import { map } from './lists.js'
import { ask, plain } from './outside.js'
import { packages } from './packages.js'
import { jsonValue, nodeState, shownPlainly } from './state.js'

/** Names of headers are found however they are written. */
function headersOf(headers) {
  const found = map(headers)
  const get = (name) => {
    const lower = String(name).toLowerCase()
    return Object.hasOwn(headers, lower) ? headers[lower] : null
  }
  return new Proxy(found, { get: (target, name) => (name === 'get' ? get : target[name]) })
}

function common(given) {
  const { session, realm, scriptName, locales, cookieName } = given
  return {
    ...{ logger: logger(), secrets, systemEnv, realm, scriptName, locales, cookieName },
    requestHeaders: headersOf(given.headers),
    requestParameters: map(given.parameters),
    requestCookies: map(given.cookies),
    existingSession: session === null ? undefined : map(session),
    resumedFromSuspend: given.resumed,
    auditEntryDetail: null,
  }
}

function older(given, state) {
  if (/\bfor\s+each\b/.test(given.source)) goOverValues()
  return {
    ...common(given),
    ...packages,
    nodeState: nodeState(state, jsonValue),
    sharedState: map(given.legacy.shared),
    transientState: map(given.legacy.transient),
    callbacks: answeredObjects(given.callbacks),
    idRepository: idRepositoryOld,
    httpClient: httpClientOld,
    // Since PingAM 7.2 older scripts have what comes without Java as well.
    openidm,
  }
}

/** Rhino's `for each` goes over the values of any object. */
function goOverValues() {
  Object.defineProperty(Object.prototype, Symbol.iterator, {
    *value() {
      yield* Object.values(this)
    },
    configurable: true,
  })
}

function newer(given, state, told, sent) {
  return {
    ...common(given),
    nodeState: nodeState(state, shownPlainly),
    action: builder(told),
    callbacks: answersByKind(given.callbacks),
    callbacksBuilder: callbacksBuilder(sent),
    ...{ idRepository, httpClient, openidm, utils, require: requiring() },
    ...{ jwtAssertion, jwtValidator, policy, cacheManager },
    journey: map(given.journey),
  }
}

export function decision(given) {
  const { state } = given
  const told = fresh()
  const sent = []
  const isOld = given.version === '1.0'
  giveAll(isOld ? older(given, state) : newer(given, state, told, sent))
  return ([outcome, action, auditEntryDetail]) => {
    const end = isOld ? (toldBy(action) ?? fresh()) : told
    if (sent.length > 0) end.callbacks = sent
    const { onSuspend, ...rest } = end
    if (end.suspend !== undefined && onSuspend !== undefined) {
      const message = onSuspend(ask('resumeUri'))
      if (isOld && message !== undefined) rest.suspend = suspendedBy(message)
    }
    return JSON.stringify(
      plain({ ...rest, left: outcome, auditEntryDetail, state, legacy: given.legacy }),
    )
  }
}

/** What a script finds that makes settings of a node (PingAM: Configuration Provider node): it asks nobody, and decides nothing. */
export function configuration(given) {
  const isOld = given.version === '1.0'
  const { action, callbacks, callbacksBuilder, ...rest } = isOld
    ? older(given, given.state)
    : newer(given, given.state, fresh(), [])
  giveAll(rest)
  return ([, , , config]) => JSON.stringify(plain({ config }))
}

/** Older scripts give back the callback that is shown. */
function suspendedBy(callback) {
  return { message: callback?.__callback?.output?.message ?? '' }
}
