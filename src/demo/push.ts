import type { KeyObject } from 'node:crypto'
import { hash } from 'node:crypto'
import { base64url } from '../base/bytes.ts'
import { encodeForm } from '../base/form.ts'
import type { HttpRequest, HttpResponse } from '../base/http.ts'
import { member } from '../base/json.ts'
import type { Realm } from '../realm/realm.ts'
import type { Answer } from './exchange.ts'
import { exchange } from './exchange.ts'
import { flowCookie, flowLifetime, sealFlow } from './flow.ts'
import type { History } from './history/ask.ts'
import { askHistory } from './history/ask.ts'
import { failedPage, pageAnswer, pushedPage } from './pages.ts'
import type { Chosen } from './request.ts'
import { proofOf } from './request.ts'
import type { DemoCredentials } from './seed.ts'
import { readServerMetadata } from './server-metadata.ts'
import type { Step } from './step.ts'

/** What the relying party knows of itself. */
export interface Party {
  /** Of this server and of the relying party at once: `http://localhost:8080`. */
  readonly baseUrl: string
  /** Seals the flow's cookie. */
  readonly key: KeyObject
  /** What its clients prove themselves by. */
  readonly credentials: DemoCredentials
}

/** Pushes the request (RFC 9126 §2.1) and offers the way on to the authorization endpoint (§4). */
export async function push(
  party: Party,
  realm: Realm,
  http: HttpRequest,
  chosen: Chosen,
): Promise<HttpResponse> {
  const found = await readServerMetadata(realm.fetch, party.baseUrl, chosen.realm)
  const discovery: Step = { title: 'Discovery', exchange: found.exchange, folded: true }
  const { metadata } = found
  if (metadata === undefined)
    return pageAnswer(failedPage([discovery], 'The server was not found.'))
  const made = makeRequest(realm, party, chosen)
  const { form, ...proof } = proofOf(chosen.client_id, party.credentials)
  const body = encodeForm([...form, ...made.parameters])
  const url = metadata.pushed_authorization_request_endpoint
  const pushed = await exchange(realm.fetch, { url, ...proof, form: body })
  const steps: Step[] = [discovery, { title: 'Pushed authorization request', exchange: pushed }]
  const request_uri = pushed.answer?.json && member(pushed.answer.json, 'request_uri')
  if (pushed.answer?.status !== 201 || typeof request_uri !== 'string') {
    const history = await historyOfRefused(party, realm, chosen, pushed.answer)
    return pageAnswer(failedPage(steps, 'The server refused the request.', history))
  }
  const flow = {
    ...{ realm: chosen.realm, client_id: chosen.client_id, issuer: metadata.issuer },
    ...made.kept,
    ...{ pushed: body, answer: pushed.answer.body, until: realm.now() + flowLifetime },
  }
  const sealed = sealFlow(party.key, realm.random(12), flow)
  const query = encodeForm([
    ['client_id', chosen.client_id],
    ['request_uri', request_uri],
  ])
  return pageAnswer(pushedPage(steps, `${metadata.authorization_endpoint}?${query}`), {
    'set-cookie': [flowCookie(http, sealed)],
  })
}

/** A refused push has no `request_uri`: it is found by the name under which it was answered. */
async function historyOfRefused(
  party: Party,
  realm: Realm,
  { realm: path, client_id }: Chosen,
  answer: Answer | undefined,
): Promise<History | undefined> {
  if (answer?.request === undefined) return undefined
  const asked = { realm: path, client_id, by: 'request', value: answer.request } as const
  return await askHistory(realm.fetch, party, asked)
}

/** The parameters to push, and what must be remembered of them. */
function makeRequest(realm: Realm, party: Party, chosen: Chosen) {
  const fresh = (): string => base64url(realm.random(16))
  const response_type = chosen.parameters.get('response_type') ?? 'code'
  const [state, nonce] = [fresh(), fresh()]
  const redirect_uri = `${party.baseUrl}/demo/callback`
  const code_verifier = chosen.pkce ? base64url(realm.random(32)) : undefined
  const parameters: (readonly [string, string])[] = [
    ...chosen.parameters,
    ['redirect_uri', redirect_uri],
    ['state', state],
    ['nonce', nonce],
  ]
  if (code_verifier !== undefined) {
    // RFC 7636 §4.2
    parameters.push(['code_challenge', hash('sha256', code_verifier, 'base64url')])
    parameters.push(['code_challenge_method', 'S256'])
  }
  return { parameters, kept: { redirect_uri, response_type, state, nonce, code_verifier } }
}
