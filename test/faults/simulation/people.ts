/** Simulated clients and a user: what they ask of any machine, noted in the history. */
import type { HttpResponse } from '../../../src/base/http.ts'
import { proof } from '../../assertion.ts'
import { signed } from '../../request-object.ts'
import { base, callback, challenge, requestOf, verifier } from '../../world.ts'
import type { Ended, History, Kind, Thing } from '../history.ts'
import { type InitialState, interactionLifetime, isPublic, signs } from './initial-state.ts'
import type { Machine } from './machine.ts'
import type { Scheduler } from './scheduler.ts'

export interface Simulated {
  readonly initial: InitialState
  readonly scheduler: Scheduler
  readonly machines: readonly Machine[]
  readonly history: History
  readonly wrong: string[]
  /** Seconds. */
  readonly now: () => number
}

/** An authorization as its client knows it. */
export interface Flow {
  readonly client_id: string
  readonly request_uri: string
  code?: string
  refresh_token?: string | undefined
}

export interface Id {
  readonly jti: string
  readonly exp: number
  readonly object: boolean
}

type Form = Readonly<Record<string, string>>

const requested: Form = {
  response_type: 'code',
  redirect_uri: callback,
  scope: 'write',
  code_challenge: challenge,
  code_challenge_method: 'S256',
}

/** Lifetimes that the realm has if nobody says otherwise. */
const lifetimes = { assertion: 60, code: 60 } as const

const thing = (kind: Kind, name: string): Thing => ({ kind, realm: '/alpha', name })

const unknown: Ended = { phase: 'unknown' }

let calls = 0

const unlike = (): Ended => {
  calls += 1
  return { phase: 'ok', result: `use ${calls}` }
}

/** Sends a request to some machine, from an address of its own, so that no wrong try slows down another. */
async function sent(
  { scheduler, machines }: Simulated,
  request: Parameters<typeof requestOf>,
): Promise<{ readonly who: string; readonly response: HttpResponse | undefined }> {
  await scheduler.turn('client', 'asks')
  const machine = scheduler.one(machines)
  calls += 1
  const peer = `10.${(calls >> 16) & 255}.${(calls >> 8) & 255}.${calls & 255}`
  return { who: machine.name, response: await machine.call({ ...requestOf(...request), peer }) }
}

const refusals: Readonly<Record<string, readonly Kind[]>> = {
  invalid_grant: ['code', 'refresh_token'],
  invalid_client: ['assertion'],
  invalid_request_object: ['object'],
}

function endOf({ kind }: Thing, status: number, body: Record<string, unknown>): Ended {
  if (status < 300 && kind === 'refresh_token')
    return { phase: 'ok', result: String(body.refresh_token) }
  if (status < 300) return unlike()
  const error = String(body.error)
  if (refusals[error]?.includes(kind) === true) return { phase: 'fail' }
  return kind === 'assertion' && refusals[error] !== undefined ? unlike() : unknown
}

/** A client's call, which uses these. Undefined unless it was granted. */
async function ask(
  sim: Simulated,
  path: string,
  form: Form,
  things: readonly Thing[],
): Promise<Record<string, unknown> | undefined> {
  const ended = sim.history.use('client', ...things)
  const { response } = await sent(sim, ['POST', base + path, { form }])
  if (response === undefined || response.status === 503) {
    ended(...things.map(() => unknown))
    return undefined
  }
  const body = JSON.parse(String(response.body)) as Record<string, unknown>
  ended(...things.map((each) => endOf(each, response.status, body)))
  if (response.status < 300) return body
  if (refusals[String(body.error)] === undefined)
    sim.wrong.push(`${path} ${response.status} ${String(response.body)}`)
  return undefined
}

export function newId({ scheduler, now, history }: Simulated, object: boolean): Id {
  const id = { jti: scheduler.bytes(8).toString('hex'), exp: now() + lifetimes.assertion, object }
  history.give('client', thing('assertion', id.jti), id.exp)
  if (object) history.give('client', thing('object', id.jti), id.exp)
  return id
}

function signedForm({ initial: { signer } }: Simulated, { jti, exp }: Id): Form {
  const iat = exp - lifetimes.assertion
  return proof(signed(signer, { iss: signs, sub: signs, aud: base, jti, exp, iat }))
}

/** Pushes, by an assertion with this id if there is one. */
export async function push(sim: Simulated, id?: Id): Promise<Flow | undefined> {
  const things: Thing[] = []
  let form: Form = { client_id: isPublic, ...requested }
  if (id !== undefined) {
    const { jti, exp, object } = id
    const about = { client_id: signs, iss: signs, aud: base, nbf: exp - lifetimes.assertion }
    const request = signed(sim.initial.signer, { ...requested, ...about, jti, exp })
    form = { ...signedForm(sim, id), ...(object ? { request } : requested) }
    things.push(thing('assertion', jti), ...(object ? [thing('object', jti)] : []))
  }
  const asked = sim.now()
  const answer = await ask(sim, '/par', form, things)
  if (answer === undefined) return undefined
  const flow = {
    client_id: id === undefined ? isPublic : signs,
    request_uri: String(answer.request_uri),
  }
  const life = Number(answer.expires_in)
  const pushed = thing('request_uri', flow.request_uri)
  sim.history.give('server', pushed, asked + life, sim.now() + life)
  return flow
}

/** Opens it as the user who is logged in: by a visit, or by a decision where consent is asked. */
export async function open(sim: Simulated, flow: Flow): Promise<boolean> {
  const { client_id, request_uri } = flow
  const { token } = sim.initial
  const asked = sim.now()
  const cookie = `iPlanetDirectoryPro=${token}`
  const ended = sim.history.use('client', thing('request_uri', request_uri))
  const query = new URLSearchParams({ client_id, request_uri })
  const decision = { client_id, request_uri, csrf: token, decision: 'allow', save_consent: 'on' }
  const { response } = await sent(
    sim,
    client_id === isPublic || sim.scheduler.chance(0.2)
      ? ['GET', `${base}/authorize?${query}`, { cookie, headers: { accept: 'application/json' } }]
      : ['POST', `${base}/authorize`, { cookie, form: decision }],
  )
  const location = String(response?.headers.location ?? '')
  const code = /[?&]code=([^&]+)/.exec(location)?.[1]
  if (code === undefined) {
    const isRefused = response?.status === 400
    ended(isRefused ? { phase: 'fail' } : unknown)
    // From the first page on an interaction has a lifetime of its own, whatever that of the push.
    if (!isRefused)
      sim.history.give('server', thing('request_uri', request_uri), sim.now() + interactionLifetime)
    if (response !== undefined && ![200, 302, 303, 400, 503].includes(response.status))
      sim.wrong.push(`/authorize ${response.status} ${String(response.body)}`)
    return false
  }
  ended(unlike())
  flow.code = code
  sim.history.give(
    'server',
    thing('code', code),
    asked + lifetimes.code,
    sim.now() + lifetimes.code,
  )
  return true
}

/** A call at the token endpoint, by a proof that was never used. */
async function tokens(sim: Simulated, flow: Flow, used: Thing, form: Form): Promise<boolean> {
  const id = flow.client_id === signs ? newId(sim, false) : undefined
  const proven = id === undefined ? { client_id: isPublic } : signedForm(sim, id)
  const things = id === undefined ? [used] : [used, thing('assertion', id.jti)]
  const answer = await ask(sim, '/access_token', { ...proven, ...form }, things)
  if (answer === undefined) return false
  flow.refresh_token = String(answer.refresh_token)
  sim.history.give('server', thing('refresh_token', flow.refresh_token))
  return true
}

export function redeem(sim: Simulated, flow: Flow): Promise<boolean> {
  const code = String(flow.code)
  return tokens(sim, flow, thing('code', code), {
    ...{ grant_type: 'authorization_code', redirect_uri: callback },
    ...{ code_verifier: verifier, code },
  })
}

export function refresh(sim: Simulated, flow: Flow, refresh_token: string): Promise<boolean> {
  const used = thing('refresh_token', refresh_token)
  return tokens(sim, flow, used, { grant_type: 'refresh_token', refresh_token })
}

/** What is brought twice, a refresh token after a while, ends what came of it (C-3, C-14). */
export function mayEnd({ history }: Simulated, flow: Flow): void {
  if (flow.refresh_token !== undefined)
    history.end('client', thing('refresh_token', flow.refresh_token), 'unknown')
  flow.refresh_token = undefined
}
