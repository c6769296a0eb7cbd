import { decisionParameters } from '../../authorization/decision-parameter.ts'
import { assembledForm } from '../../authorization/object-processing.ts'
import type { RedirectionEndpoint } from '../../authorization/redirection.ts'
import { proveRedirection } from '../../authorization/redirection.ts'
import { validateAuthorizationRequest } from '../../authorization/request.ts'
import type { OpenedObject } from '../../authorization/request-object.ts'
import { openUnprovenObject } from '../../authorization/unproven-object.ts'
import type { Form } from '../../base/form.ts'
import type { HttpResponse } from '../../base/http.ts'
import type { Client } from '../../client/client.ts'
import { referencedObject } from '../../client/request-uri.ts'
import { spentBefore } from '../../client/single-use.ts'
import { termsOf } from '../../client/terms.ts'
import { pushOnce } from '../../grant/transition.ts'
import { parseJws } from '../../jose/compact.ts'
import { authorizationRequest } from '../../protocol/authorization-request.ts'
import { OAuthError } from '../../protocol/error.ts'
import { readParameters } from '../../protocol/parameter.ts'
import type { Realm } from '../../realm/realm.ts'
import { pushedVisit } from './pushed.ts'
import { sendRefusal, withRedirection } from './send.ts'
import { speaking } from './speaking.ts'
import { redirectionParameters, requireUnpushedAllowed } from './unpushed.ts'
import type { Visit } from './visit.ts'

/** A visit whose request object stands in its URL (RFC 9101 §5.1). */
export function objectVisit(visit: Visit, token: string): Promise<HttpResponse> {
  return visitObject(visit, 'request_not_supported', async () => token)
}

/** A visit whose request object lies at the client's (RFC 9101 §5.2). */
export function referenceVisit(visit: Visit, request_uri: string): Promise<HttpResponse> {
  const { realm, client } = visit
  const find = () => referencedObject(realm, client, request_uri)
  return visitObject(visit, 'request_uri_not_supported', find)
}

/**
 * A signed object becomes a record at its first visit (C-35); from there on the visit is one to a
 * pushed request, and the way back from login names the record.
 */
async function visitObject(
  visit: Visit,
  unsupported: 'request_not_supported' | 'request_uri_not_supported',
  find: () => Promise<string | undefined>,
): Promise<HttpResponse> {
  const { realm, client, http } = visit
  let object: OpenedObject
  try {
    requireUnpushedAllowed(realm, client)
    const token = await find()
    if (token === undefined) return unfetched(visit)
    if (isUnsigned(token)) throw unsigned(realm, client, unsupported)
    object = await openUnprovenObject(realm, client, token, http)
  } catch (error) {
    return toAddressBeside(visit, error)
  }
  return visitOpened(visit, object)
}

/** OIDC Core §3.1.2.6: unlike a dead reference of ours, this is the client's own matter. */
async function unfetched(visit: Visit): Promise<HttpResponse> {
  const error = new OAuthError(
    'invalid_request_uri',
    'The request_uri leads to no request object.',
    { why: 'request-uri-unfetched', parameter: 'request_uri' },
  )
  const beside = addressBeside(visit)
  if (beside === undefined) throw error
  return sendRefusal(visit.realm, visit.http, beside, error)
}

/**
 * What is wrong with the object itself goes to the address beside it, if that is the client's; else to
 * the user. As long as nothing is wrong that address does not count.
 */
async function toAddressBeside(visit: Visit, error: unknown): Promise<HttpResponse> {
  const beside = error instanceof OAuthError ? addressBeside(visit) : undefined
  if (beside === undefined) throw error
  const response = await withRedirection(visit.realm, visit.http, beside, () => {
    throw error
  })
  if (response === undefined) throw error
  return response
}

function addressBeside({ realm, client, form }: Visit): RedirectionEndpoint | undefined {
  if (!form.has('redirect_uri')) return undefined
  return proveRedirection(realm, client, redirectionParameters(form))
}

async function visitOpened(visit: Visit, object: OpenedObject): Promise<HttpResponse> {
  const { realm, client } = visit
  const form = assembledForm(realm, client, object, visit.form)
  const asked = redirectionParameters(form)
  return speaking(asked, () =>
    visitAsked(visit, object, form, proveRedirection(realm, client, asked)),
  )
}

async function visitAsked(
  visit: Visit,
  object: OpenedObject,
  form: Form,
  redirection: RedirectionEndpoint,
): Promise<HttpResponse> {
  const { realm, client, http } = visit
  let request_uri = ''
  const refusal = await withRedirection(realm, http, redirection, async () => {
    const { signed_by, singleUse, sweepAfter } = object
    const validate = () => {
      const parameters = readParameters(authorizationRequest, form)
      return validateAuthorizationRequest(realm, client, parameters, redirection, signed_by)
    }
    const seed = { sweepAfter, what: JSON.stringify([object.digest, ...[...form].sort()]) }
    const kept = await pushOnce(realm, client, seed, validate, singleUse)
    if (kept === 'spent') throw spentBefore(singleUse)
    request_uri = kept.request_uri
    return undefined
  })
  return refusal ?? pushedVisit(slimVisit(visit, request_uri), request_uri)
}

/**
 * OIDC Core §3.1.2.6, §6.1: an unsigned object may be sent and need not be taken. Where only signed ones
 * may come, or the client said what it signs with, it is an invalid one (FAPI 1.0 Advanced §5.2.2, OIDC
 * Registration §2).
 */
function unsigned(
  realm: Realm,
  client: Client,
  unsupported: 'request_not_supported' | 'request_uri_not_supported',
): OAuthError {
  const signs = termsOf(realm, client).require_signed || client.request_object_signing_alg !== ''
  const says = 'The request object must be signed.'
  return signs
    ? new OAuthError('invalid_request_object', says, { why: 'request-object-unsigned' })
    : new OAuthError(unsupported, says, { why: 'request-object-unsigned-unserved' })
}

/** What its sender calls unsigned, and nothing that only looks like it. */
function isUnsigned(token: string): boolean {
  const jws = parseJws(token)
  return jws.ok && jws.alg === 'none' && jws.signature.length === 0
}

/** Of what came along with the object only the user's answer stays, if this is one. */
function slimVisit(visit: Visit, request_uri: string): Visit {
  const form: Form = new Map([
    ...[...visit.form].filter(([name]) => kept.has(name)),
    ['request_uri', request_uri],
  ])
  return { ...visit, form }
}

const kept = new Set(['client_id', ...decisionParameters])
