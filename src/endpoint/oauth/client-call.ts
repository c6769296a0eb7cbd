import type { Form } from '../../base/form.ts'
import type { HttpRequest, HttpResponse } from '../../base/http.ts'
import { header, withHeaders } from '../../base/http.ts'
import type { Ready } from '../../base/ready.ts'
import type { Binding } from '../../binding/binding.ts'
import { unbound } from '../../binding/binding.ts'
import type { Proof, Proven } from '../../binding/proof.ts'
import { proofs } from '../../binding/proof.ts'
import type { ClientAuthentication } from '../../client/authenticate.ts'
import { authenticateClient } from '../../client/authenticate.ts'
import type { Client } from '../../client/client.ts'
import type { SingleUse } from '../../client/single-use.ts'
import { termsOf } from '../../client/terms.ts'
import { readForm } from '../../protocol/parameter.ts'
import type { Realm } from '../../realm/realm.ts'
import type { Endpoint } from '../serve/endpoint.ts'
import { givenBack, interactionId, refusedWithId } from './interaction-id.ts'

/** One call of a client, read and proven. */
export interface ClientCall {
  readonly http: HttpRequest
  readonly form: Form
  readonly client: Client
  readonly authentication: ClientAuthentication
  /** What the call proves to possess, and tokens that come of it are bound to. */
  readonly binding: Binding
  /**
   * The `jti` of the assertion, or where there is none of the proof, for the endpoint's own write to spend; undefined where
   * there is neither.
   */
  readonly singleUse: SingleUse | undefined
}

/** What an endpoint of clients adds to what they share. */
export interface ClientEndpoint {
  /**
   * Whether the endpoint's own write spends the assertion, so that a call is one commit. Elsewhere it is
   * spent before the endpoint acts: an assertion that was used before must have no effect.
   */
  readonly spends: boolean
  /** Looked at before anybody is authenticated. */
  readonly before?: (realm: Realm, http: HttpRequest) => Ready<void> | undefined
  /** Answers a call that no client makes, since what it carries says who asks; undefined: a client makes it. */
  readonly instead?: (
    realm: Realm,
    http: HttpRequest,
    form: Form,
  ) => Ready<HttpResponse> | undefined
  /** What a failed authentication is answered with, where that differs. */
  readonly refused?: (realm: Realm, error: unknown) => unknown
  /** Only the endpoint's own rules. */
  readonly answer: (realm: Realm, call: ClientCall) => Ready<HttpResponse>
}

/**
 * What every call of a client shares, once, so that no endpoint can forget a step: the form, client
 * authentication (RFC 6749 §2.3, RFC 9126 §2.1), proof of possession, and ids that may be used once,
 * which are spent in the end whatever became of the call.
 */
export function clientCall({
  spends,
  before,
  instead,
  refused,
  answer,
}: ClientEndpoint): Endpoint['handle'] {
  return async (realm, http) => {
    const form = readForm(http)
    const looked = before?.(realm, http)
    if (looked instanceof Promise) await looked
    const other = instead?.(realm, http, form)
    if (other !== undefined) return other
    const authentication =
      refused === undefined
        ? await authenticateClient(realm, http, form)
        : await authenticateClient(realm, http, form).catch((error: unknown) => {
            throw refused(realm, error)
          })
    const { client } = authentication
    let { singleUse } = authentication
    try {
      const proof = proofIn(http)
      const proven = proof && (await proof.prove(realm, http, { terms: termsOf(realm, client) }))
      if (proven !== undefined) singleUse = await unspent(authentication, proven)
      if (!spends) await singleUse?.spend()
      const binding = proven?.binding ?? unbound
      const call = { http, form, client, authentication, binding, singleUse }
      const answered = answer(realm, call)
      const response = answered instanceof Promise ? await answered : answered
      if (singleUse !== undefined) await singleUse.spend()
      return told(response, proven, realm, call)
    } catch (error) {
      // What proves the client was good and has been used, whatever became of the call.
      await singleUse?.spend()
      const named = http.headers[interactionId] !== undefined
      throw named ? refusedWithId(error, realm, client, http) : error
    }
  }
}

/** What the answer tells beside what the endpoint says: most have nothing. */
function told(
  response: HttpResponse,
  proven: Proven | undefined,
  realm: Realm,
  { http, client }: ClientCall,
): HttpResponse {
  const asked = http.headers[interactionId] !== undefined
  if (!asked && proven?.headers === undefined) return response
  return withHeaders(response, { ...proven?.headers, ...givenBack(realm, client, http) })
}

/** The proof of possession that a request carries: it is verified or refused, never ignored (C-26). */
export function proofIn(http: HttpRequest): Proof | undefined {
  for (const proof of proofs) if (header(http, proof.header) !== undefined) return proof
  return undefined
}

/** A call's own write spends one id. Where two are good once, the proof's is spent here. */
async function unspent(
  { singleUse: assertion }: ClientAuthentication,
  { singleUse: proof }: Proven,
): Promise<SingleUse | undefined> {
  if (assertion === undefined) {
    await proof?.beside?.spend()
    return proof
  }
  await proof?.spend()
  return assertion
}
