import type { Form } from '../base/form.ts'
import { encodeForm } from '../base/form.ts'
import { member, parseJsonObject } from '../base/json.ts'
import type { VerifyingKey } from '../jose/jwk.ts'
import { readKeySet } from '../jose/jwks.ts'
import type { Realm } from '../realm/realm.ts'
import { exchange } from './exchange.ts'
import type { Flow } from './flow.ts'
import { checkIdToken, decoded, subjectOf } from './jwt/id-token.ts'
import { openResponse } from './jwt/response.ts'
import type { Party } from './push.ts'
import { proofOf } from './request.ts'
import type { DemoCredentials } from './seed.ts'
import type { ServerMetadata } from './server-metadata.ts'
import { readServerMetadata } from './server-metadata.ts'
import type { Check, Step } from './step.ts'
import { allGood } from './step.ts'

/** How a flow ended. */
export interface Finished {
  readonly steps: readonly Step[]
  readonly id_token: string | undefined
  readonly end_session_endpoint: string | undefined
}

/** What the relying party holds on the way to its end. */
interface Holding {
  readonly realm: Realm
  readonly credentials: DemoCredentials
  readonly flow: Flow
  readonly metadata: ServerMetadata
  readonly keys: readonly VerifyingKey[]
  readonly steps: Step[]
}

/**
 * Takes an authorization response to its end: checks it, exchanges the code, verifies the tokens,
 * asks for the user's claims. The first wrong thing ends it.
 */
export async function finish(
  realm: Realm,
  { baseUrl, credentials }: Pick<Party, 'baseUrl' | 'credentials'>,
  flow: Flow,
  arrived: Form,
): Promise<Finished> {
  const steps: Step[] = recap(flow)
  const { metadata } = await readServerMetadata(realm.fetch, baseUrl, flow.realm)
  const keys = metadata === undefined ? undefined : await keysOf(realm, metadata)
  const jwt = arrived.get('response')
  let response = arrived
  if (jwt !== undefined && metadata !== undefined && keys !== undefined) {
    const expected = { now: realm.timeOfDay(), metadata, keys: keys.known }
    const opened = await openResponse(jwt, { ...expected, client_id: flow.client_id })
    steps.push(opened.step)
    response = opened.response
  }
  steps.push(arrival(flow, metadata, response))
  const ended = { steps, id_token: undefined, end_session_endpoint: undefined }
  if (metadata === undefined || keys === undefined || !allGood(steps)) return ended
  steps.push(keys.step)
  const holding: Holding = { realm, credentials, flow, metadata, keys: keys.known, steps }
  const id_token = await redeem(holding, response)
  return { steps, id_token, end_session_endpoint: metadata.end_session_endpoint }
}

async function keysOf(
  realm: Realm,
  { jwks_uri }: ServerMetadata,
): Promise<{ readonly known: readonly VerifyingKey[]; readonly step: Step }> {
  const set = await exchange(realm.fetch, { url: jwks_uri })
  const read = readKeySet(set.answer?.json)
  const step = { title: 'Keys of the server', exchange: set, folded: true }
  return { known: read.ok ? read.keys : [], step }
}

/** Front-channel tokens, then the code, then userinfo. Gives the ID token there was last. */
async function redeem(holding: Holding, response: Form): Promise<string | undefined> {
  const { steps } = holding
  let id_token = response.get('id_token')
  let access_token = response.get('access_token')
  const code = response.get('code')
  if (access_token !== undefined)
    steps.push(opaqueOrJwt('Access token from the browser', access_token))
  if (id_token !== undefined) await verify(holding, id_token, { front: true, code, access_token })
  if (code !== undefined && allGood(steps)) {
    const tokens = await exchangeCode(holding, code)
    id_token = tokens.id_token ?? id_token
    access_token = tokens.access_token ?? access_token
  }
  if (access_token !== undefined && allGood(steps)) await userinfo(holding, access_token, id_token)
  return id_token
}

/** RFC 6749 §4.1.3, RFC 7636 §4.5. */
async function exchangeCode(
  holding: Holding,
  code: string,
): Promise<{ access_token: string | undefined; id_token: string | undefined }> {
  const { realm, credentials, flow, metadata, steps } = holding
  const { form, ...proof } = proofOf(flow.client_id, credentials)
  const body = encodeForm([
    ['grant_type', 'authorization_code'],
    ['code', code],
    ['redirect_uri', flow.redirect_uri],
    ['code_verifier', flow.code_verifier],
    ...form,
  ])
  const made = await exchange(realm.fetch, { url: metadata.token_endpoint, ...proof, form: body })
  const text = (name: string): string | undefined => {
    const value = made.answer?.json && member(made.answer.json, name)
    return typeof value === 'string' ? value : undefined
  }
  const [access_token, id_token] = [text('access_token'), text('id_token')]
  const good = made.answer?.status === 200 && access_token !== undefined
  steps.push({
    title: 'Code for tokens',
    exchange: made,
    tokens: access_token === undefined ? [] : decoded('access_token', access_token),
    checks: [{ good, text: good ? 'the server gave tokens' : 'the server gave no tokens' }],
  })
  if (id_token !== undefined) await verify(holding, id_token, { front: false, access_token })
  return { access_token, id_token }
}

async function verify(
  { realm, flow, metadata, keys, steps }: Holding,
  id_token: string,
  came: { front: boolean; code?: string | undefined; access_token: string | undefined },
): Promise<void> {
  const { client_id, nonce } = flow
  const expected = { now: realm.timeOfDay(), metadata, keys, client_id, nonce, ...came }
  steps.push(await checkIdToken(id_token, expected))
}

/** OIDC Core §5.3: its `sub` must be the ID token's, or the claims are somebody else's. */
async function userinfo(
  { realm, metadata, steps }: Holding,
  access_token: string,
  id_token: string | undefined,
): Promise<void> {
  if (id_token === undefined) return
  const headers = { authorization: `Bearer ${access_token}` }
  const made = await exchange(realm.fetch, { url: metadata.userinfo_endpoint, headers })
  const sub = made.answer?.json && member(made.answer.json, 'sub')
  const good = made.answer?.status === 200 && sub === subjectOf(id_token)
  const text = good ? 'sub is the one of the ID token' : 'sub is not the one of the ID token'
  steps.push({ title: 'Claims about the user', exchange: made, checks: [{ good, text }] })
}

/** What was pushed and what the server made of it: the page that showed it is gone. */
function recap({ client_id, issuer, pushed, answer }: Flow): Step[] {
  const text = `As ${client_id} at ${issuer}.`
  const answered = Object.entries(parseJsonObject(answer) ?? {})
  return [
    { title: 'Pushed authorization request', text, values: new URLSearchParams(pushed) },
    {
      title: 'Answer to the push',
      values: answered.map(([name, value]) => [name, JSON.stringify(value)] as const),
    },
  ]
}

/** RFC 6749 §4.1.2, RFC 9207 §2.4: ours, from whom we asked, and no error. */
function arrival(flow: Flow, metadata: ServerMetadata | undefined, response: Form): Step {
  const checks: Check[] = []
  const add = (good: boolean, right: string, wrong: string): void => {
    checks.push({ good, text: good ? right : wrong })
  }
  add(response.get('state') === flow.state, 'state is the one that was sent', 'state is another')
  const iss = response.get('iss')
  if (metadata === undefined) add(false, '', 'the server was not found')
  else if (iss !== undefined || (metadata.sendsIssuer && !response.has('id_token'))) {
    add(
      iss === flow.issuer,
      'iss is the server that was asked',
      'iss is not the server that was asked',
    )
  }
  const error = response.get('error')
  if (error !== undefined) add(false, '', `the server answered ${error}`)
  for (const name of flow.response_type.split(' ')) {
    const parameter = name === 'token' ? 'access_token' : name
    if (error === undefined && name !== 'none') {
      add(response.has(parameter), `${parameter} is there`, `${parameter} is missing`)
    }
  }
  return { title: 'Authorization response', values: response, checks }
}

function opaqueOrJwt(title: string, token: string): Step {
  const tokens = decoded('access_token', token)
  return tokens.length > 0 ? { title, tokens } : { title, text: 'It is opaque to the client.' }
}
