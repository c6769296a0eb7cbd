/** Clients at work at all servers at once: they push, open, redeem and refresh, now and then twice at once. */
import { setTimeout as delay } from 'node:timers/promises'
import { bringAgain, type Carried, keepProof, newProof } from './carried.ts'
import type { Thing } from './history.ts'
import { goThrough } from './journey/walk.ts'
import type { Node } from './node.ts'
import {
  asserted,
  codeForm,
  type Form,
  type Id,
  isPublic,
  lifetimes,
  newId,
  objectOf,
  type RealmPath,
  refreshForm,
  requested,
  signs,
} from './parties.ts'
import { ask, type Stage, visit } from './stage.ts'
import { giveId, oneOf, secondOf, some, thingOf } from './things.ts'

/** What was handed out to a client, and how far it was used. */
export interface Flow {
  readonly realm: RealmPath
  readonly client_id: Carried['client_id']
  /** Its push had a proof: what comes of it is tied to that key, and each of its calls has one. */
  readonly proves: boolean
  readonly request_uri: string
  code?: string
  /** The one in force; undefined where a lost answer leaves that open. */
  refresh_token?: string | undefined
}

/** An id that was sent, with what it was sent as. */
export interface SentId extends Id {
  readonly realm: RealmPath
  readonly object: boolean
}

/** What a load leaves to be looked at afterwards. */
export interface Load {
  readonly flows: Flow[]
  readonly ids: SentId[]
  /** Settles when every client has stopped. */
  readonly over: Promise<unknown>
  /** No client begins anything more. */
  stop(): void
}

/** Starts so many clients. */
export function load(stage: Stage, clients: number): Load {
  let going = true
  const [flows, ids]: [Flow[], SentId[]] = [[], []]
  const seen = { flows, ids }
  const client = async (): Promise<void> => {
    while (going) {
      const pushed = await (some(0.5) ? pushAlone(stage, seen) : pushSigned(stage, seen))
      const { [Math.floor(Math.random() * stage.carried.length)]: old } = stage.carried
      if (old !== undefined && some(0.2)) await bringAgain(stage, old, oneOf(stage))
      if (some(0.2)) await goThrough(stage)
      if (pushed === undefined) await delay(10)
      else if (some(0.8)) await goOn(stage, pushed)
    }
  }
  const over = Promise.all(Array.from({ length: clients }, client))
  return {
    ...{ flows, ids, over },
    stop() {
      going = false
    },
  }
}

type Seen = Pick<Load, 'flows' | 'ids'>

/** What a call gives, twice at once now and then. */
function maybeTwice<T>(probability: number, call: () => Promise<T>): Promise<readonly T[]> {
  return Promise.all(some(probability) ? [call(), call()] : [call()])
}

/** The first that is there. */
const first = <T>(all: readonly (T | undefined)[]): T | undefined =>
  all.find((each) => each !== undefined)

/** A proof for some of the pushes. */
const maybeProof = (...[stage, made, jti]: Parameters<typeof newProof>): Carried | undefined =>
  some(0.4) ? newProof(stage, made, jti) : undefined

/** A push of the public client, now and then with a proof that comes twice at once. */
async function pushAlone(stage: Stage, seen: Seen): Promise<Flow | undefined> {
  const realm = '/alpha'
  const proof = maybeProof(stage, { realm, path: '/par', client_id: isPublic })
  const twice = proof === undefined ? 0 : 0.3
  return first(await maybeTwice(twice, () => pushPlain(stage, seen, realm, proof)))
}

/** A push of the public client. */
export async function pushPlain(
  stage: Stage,
  seen: Seen,
  realm: RealmPath = '/alpha',
  proof?: Carried,
): Promise<Flow | undefined> {
  const form = { client_id: isPublic, ...requested }
  return push(stage, seen, isPublic, { realm, form, proof }, [])
}

/** By an assertion, some with a request object or a proof that has the same id; now and then both realms are sent it. */
async function pushSigned(stage: Stage, seen: Seen): Promise<Flow | undefined> {
  const id = newId(secondOf(stage))
  const object = some(0.5)
  const realms: readonly RealmPath[] = some(0.2) ? ['/alpha', '/bravo'] : ['/alpha']
  const all = await Promise.all(
    realms.map(async (realm) => {
      giveId(stage, realm, id, object)
      seen.ids.push({ ...id, realm, object })
      const proof = maybeProof(stage, { realm, path: '/par', client_id: signs }, id.jti)
      return first(await maybeTwice(0.3, () => pushWith(stage, seen, realm, id, object, proof)))
    }),
  )
  return all[0]
}

/** One push with this id, as an assertion and, if asked, as an object's too. */
export function pushWith(
  stage: Stage,
  seen: Seen,
  realm: RealmPath,
  id: Id,
  object: boolean,
  proof?: Carried,
): Promise<Flow | undefined> {
  const { parties, nodes } = stage
  const { w } = nodes[0] as Node
  const asked = object ? objectOf(w, parties, realm, id) : requested
  const things = [thingOf('assertion', realm, id.jti)]
  if (object) things.push(thingOf('object', realm, id.jti))
  const form = { ...asserted(w, parties, realm, id), ...asked }
  return push(stage, seen, signs, { realm, form, proof }, things)
}

interface Pushed {
  readonly realm: RealmPath
  readonly form: Form
  readonly proof: Carried | undefined
}

async function push(
  stage: Stage,
  { flows }: Seen,
  client_id: Flow['client_id'],
  { realm, form, proof }: Pushed,
  things: readonly Thing[],
): Promise<Flow | undefined> {
  const node = oneOf(stage)
  const at = { realm, path: '/par', form, proof }
  const asked = secondOf(stage)
  const answer = await ask(stage, node, at, things)
  keepProof(stage, proof, answer)
  if (answer === undefined) return undefined
  const proves = proof !== undefined
  const flow: Flow = { realm, client_id, proves, request_uri: String(answer.request_uri) }
  const pushed = thingOf('request_uri', realm, flow.request_uri)
  handOut(stage, node.name, pushed, asked, Number(answer.expires_in))
  if (realm === '/alpha') flows.push(flow)
  return flow
}

/** Notes what ends so many seconds after it was made, which was between when it was asked for and now. */
function handOut(stage: Stage, by: string, thing: Thing, asked: number, life: number): void {
  stage.history.give(by, thing, Math.min(asked, secondOf(stage)) + life, stage.latest() + life)
}

async function goOn(stage: Stage, flow: Flow): Promise<void> {
  const code = first(await maybeTwice(0.2, () => open(stage, flow)))
  if (code === undefined || some(0.2)) return
  const redeemed = await maybeTwice(0.2, () => redeem(stage, flow))
  if (redeemed.length > 1) mayEnd(stage, flow)
  while (flow.refresh_token !== undefined && some(0.5)) {
    const refreshed = await maybeTwice(0.2, refreshing(stage, flow))
    if (refreshed.length > 1 && refreshed.includes(undefined)) mayEnd(stage, flow)
  }
}

/** What is brought twice, a refresh token after a while, ends what came of it (C-3, C-14): there is no more to refresh. */
function mayEnd({ history }: Stage, flow: Flow): void {
  if (flow.refresh_token !== undefined)
    history.end('client', refreshOf(flow, flow.refresh_token), 'unknown')
  flow.refresh_token = undefined
}

/** Opens it once, and notes the code that comes. */
export async function open(stage: Stage, flow: Flow): Promise<string | undefined> {
  const node = oneOf(stage)
  const thing = thingOf('request_uri', flow.realm, flow.request_uri)
  const asked = secondOf(stage)
  const code = await visit(stage, node, flow.client_id, thing)
  if (code === undefined) return undefined
  flow.code = code
  const { [flow.realm]: life } = lifetimes.code
  handOut(stage, node.name, thingOf('code', flow.realm, code), asked, life)
  return code
}

const refreshOf = ({ realm }: Flow, token: string | undefined): Thing =>
  thingOf('refresh_token', realm, String(token))

/** A call at the token endpoint with an assertion, and a proof of its flow's key, that were never used. */
async function tokens(stage: Stage, flow: Flow, thing: Thing, form: Form) {
  const { client_id, realm, proves } = flow
  const node = oneOf(stage)
  const id = newId(secondOf(stage))
  const isSigned = client_id === signs
  if (isSigned) giveId(stage, realm, id, false)
  const who = isSigned ? asserted(node.w, stage.parties, realm, id) : { client_id }
  const path = '/access_token'
  const proof = proves ? newProof(stage, { realm, path, client_id }) : undefined
  const things = isSigned ? [thing, thingOf('assertion', realm, id.jti)] : [thing]
  const answer = await ask(stage, node, { realm, path, form: { ...who, ...form }, proof }, things)
  keepProof(stage, proof, answer)
  return answer
}

/** Redeems its code, and notes the refresh token that comes. */
export async function redeem(stage: Stage, flow: Flow): Promise<true | undefined> {
  const code = String(flow.code)
  const thing = thingOf('code', flow.realm, code)
  const asked = secondOf(stage)
  const answer = await tokens(stage, flow, thing, codeForm(code))
  return keep(stage, flow, answer, asked)
}

/** Refreshes with the token that is in force now, however often that is called. */
export function refreshing(stage: Stage, flow: Flow): () => Promise<true | undefined> {
  const token = String(flow.refresh_token)
  return async () => {
    const thing = refreshOf(flow, token)
    const asked = secondOf(stage)
    const answer = await tokens(stage, flow, thing, refreshForm(token))
    return keep(stage, flow, answer, asked)
  }
}

function keep(
  stage: Stage,
  flow: Flow,
  answer: Record<string, unknown> | undefined,
  asked: number,
): true | undefined {
  if (answer === undefined) return undefined
  flow.refresh_token = String(answer.refresh_token)
  const thing = refreshOf(flow, flow.refresh_token)
  const { [flow.realm]: life } = lifetimes.refresh_token
  if (life === undefined) stage.history.give('server', thing)
  else handOut(stage, 'server', thing, asked, life)
  return true
}
