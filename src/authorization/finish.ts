import type { Form } from '../base/form.ts'
import { event } from '../base/log.ts'
import type { Client } from '../client/client.ts'
import { requireSector } from '../client/sector.ts'
import { termsOf } from '../client/terms.ts'
import { noteApplication } from '../grant/application.ts'
import type { Answer, CodeState, Grant, Unanswered } from '../grant/record.ts'
import { issue, issuing } from '../grant/transition.ts'
import type { AuthorizationRequest } from '../protocol/authorization-request.ts'
import { keptAsSent } from '../protocol/authorization-request.ts'
import type { ResponseType } from '../protocol/response-type.ts'
import { responseTypeOf } from '../protocol/response-type.ts'
import type { Realm } from '../realm/realm.ts'
import type { Session } from '../session/session.ts'
import { addToken } from '../token/access-token.ts'
import { audienceOf } from '../token/audience.ts'
import { modified } from '../token/script/modify.ts'
import { sectorNow } from '../token/told/subject.ts'
import { issuedParameters, keptAnswer, stateHash } from './answer.ts'
import { epochOf } from './consent.ts'
import type { RedirectionEndpoint } from './redirection.ts'
import type { RemoteAnswer } from './remote-consent/response.ts'
import { carried } from './respond.ts'
import type { Carried } from './response-mode/response-mode.ts'

/** What is to be finished: the request, who allowed it, and its record if it was pushed. */
export interface Finish {
  readonly request: AuthorizationRequest
  readonly redirection: RedirectionEndpoint
  readonly session: Session
  readonly acr: string | undefined
  readonly found: Unanswered | undefined
  /** Where the request was sent to by which it is finished. */
  readonly requestUri: string
  /** What a remote consent service answered; undefined: none was asked. */
  readonly remote: Pick<RemoteAnswer, 'singleUse' | 'digest'> | undefined
}

/**
 * Issues what the response type promises. All of it is made before anything is written, so that no
 * failure leaves a request spent and nothing sent; then spending the request and creating the code
 * are one write. Undefined when another write was first, and nothing was issued.
 */
export async function finish(
  realm: Realm,
  client: Client,
  asked: Finish,
): Promise<Carried | undefined> {
  const type = responseTypeOf.get(asked.request.response_type) as ResponseType
  await requireSector(realm, client, asked.redirection.redirect_uri)
  const { request, session, requestUri } = asked
  const wanted = { scope: request.scope, resource: undefined }
  const audience = await audienceOf(realm, client, request, wanted)
  const before = grantOf(realm, client, asked, type, await epochOf(realm, client, session))
  const grant = type.issues.includes('token')
    ? await modified(realm, client, addToken(realm, before, audience), {
        form: formOf(client, request),
        requestUri,
      })
    : before
  const { redirection, found, remote } = asked
  const { issuer, redirect_uri } = redirection
  const answer = keptAnswer(found, redirection, remote?.digest, tokensOf(realm, client, type))
  const made = issuing(realm, client, { found, issuer, redirect_uri, answer, grant })
  const [response] = await Promise.all([
    carriedWith(realm, client, { redirection, requestUri }, type, made),
    grant.tokens.length > 0 && noteApplication(realm, client, grant),
  ])
  // Whoever loses a record to the same answer reads there that it is the same: to have been used before is no error then.
  const singleUse = found === undefined ? remote?.singleUse : undefined
  if (type.issues.length === 0) await remote?.singleUse.spend()
  else if (!(await issue(realm, made, singleUse))) return undefined
  event('authorization.issued', {
    realm: realm.path,
    client_id: client.client_id,
    response_type: type.name,
  })
  return response
}

/** What was asked for, as far as a request that was validated still has it as it was sent. */
function formOf({ client_id }: Client, request: AuthorizationRequest): Form {
  const { response_type, scope, resource } = request
  const decided = { client_id, response_type, scope: scope.join(' ') }
  const repeated = resource === undefined ? [] : [['resource', resource.join(' ')] as const]
  const sent = keptAsSent.flatMap((name): [string, string][] => {
    const value = request[name]
    return typeof value === 'string' ? [[name, value]] : []
  })
  return new Map([...Object.entries(decided), ...repeated, ...sent])
}

async function carriedWith(
  realm: Realm,
  client: Client,
  answered: Pick<Finish, 'redirection' | 'requestUri'>,
  type: ResponseType,
  made: Parameters<typeof issuedParameters>[4],
): Promise<Carried> {
  const { redirection } = answered
  return carried(realm, redirection, await issuedParameters(realm, client, answered, type, made))
}

/** Tokens are sent once more for as long as a code is. */
function tokensOf(realm: Realm, client: Client, { name }: ResponseType): Answer['tokens'] {
  if (name === 'code') return undefined
  return { response_type: name, by: realm.now() + termsOf(realm, client).code_lifetime }
}

function grantOf(
  realm: Realm,
  client: Client,
  { request, session, acr }: Finish,
  type: ResponseType,
  epoch: number,
): Grant {
  const code = type.issues.includes('code')
  return {
    sub: session.sub,
    username: session.username,
    epoch,
    grant_type: code ? 'authorization_code' : 'implicit',
    sid: session.sid,
    auth_time: session.auth_time,
    scope: request.scope,
    tokens: [],
    last: 0,
    ...(acr === undefined ? {} : { acr }),
    ...(session.methods.length === 0 ? {} : { methods: session.methods }),
    ...(request.scope.includes('openid') ? { sector: sectorNow(client) } : {}),
    ...(request.nonce === undefined ? {} : { nonce: request.nonce }),
    ...(request.claims === undefined ? {} : { claims: request.claims }),
    ...(request.resource === undefined ? {} : { resource: request.resource }),
    ...(request.authorization_details === undefined
      ? {}
      : { authorization_details: request.authorization_details }),
    ...(code ? { code: codeState(realm, client, request) } : {}),
    ...(code && request.state !== undefined && request.scope.includes('openid')
      ? { s_hash: stateHash(realm, client, request.state) }
      : {}),
  }
}

function codeState(realm: Realm, client: Client, request: AuthorizationRequest): CodeState {
  const { code_challenge, code_challenge_method, redirect_uri_sent, response_type } = request
  const by = realm.now() + termsOf(realm, client).code_lifetime
  const signed = request.signed_by !== undefined
  const { dpop_jkt: jkt } = request
  const tied = jkt === undefined ? {} : { cnf: { jkt } }
  const state = { by, tries: 0, redirect_uri_sent, response_type, signed, ...tied }
  return code_challenge === undefined || code_challenge_method === undefined
    ? state
    : { ...state, challenge: code_challenge, method: code_challenge_method }
}
