/** Calls of clients at servers that may be gone, each noted in the history as it was asked and as it ended. */
import { once } from 'node:events'
import { codeOf } from '../party.ts'
import type { Answer } from '../wire.ts'
import type { Carried } from './carried.ts'
import type { Ended, History, Kind, Thing } from './history.ts'
import { newHistory } from './history.ts'
import type { Walk } from './journey/walk.ts'
import type { Node } from './node.ts'
import { type Form, oauth2Of, type Parties, type RealmPath, signIn } from './parties.ts'
import { newService, type Service, type Wait } from './service.ts'
import { noteUse } from './uses.ts'

/** Servers, who asks them, and what was seen. */
export interface Stage {
  readonly nodes: readonly Node[]
  readonly parties: Parties
  readonly history: History
  /** Answers that nobody should get, whatever happens to servers and stores. */
  readonly wrong: string[]
  /** Calls to a server that was awake all the time, without an answer for ten seconds. */
  readonly hung: string[]
  /** How often which status was answered; 0: no answer. */
  readonly statuses: Map<number, number>
  readonly service: Service
  /** How long servers took to serve again. */
  readonly waits: Wait[]
  /** Proofs that calls carried, the newest last. */
  readonly carried: Carried[]
  /** Steps of journeys that were asked, the newest last. */
  readonly walks: Walk[]
  /** Names of servers that are cut off from where things are kept now. */
  readonly cutOff: Set<string>
  /** Milliseconds by the clock that the servers are meant to have. */
  now(): number
  /** Sets all clocks to so many seconds ahead of this machine's. Resolves when every server that runs has looked. */
  setClocks(offset: number): Promise<void>
  /** How often that was begun and was done. */
  steps(): number
  /**
   * The latest second by which a server may count when it hands something out now: after a clock was set back it
   * goes on from where it was.
   */
  latest(): number
}

export function newStage(nodes: readonly Node[], parties: Parties): Stage {
  let [offset, steps] = [0, 0]
  const now = (): number => Date.now() + offset * 1000
  return {
    ...{ nodes, parties, now, wrong: [], hung: [], statuses: new Map() },
    ...{ service: newService(), waits: [], carried: [], walks: [], cutOff: new Set() },
    history: newHistory(now),
    async setClocks(seconds) {
      steps += 1
      await Promise.all(nodes.map((node) => node.set(seconds)))
      offset = seconds
      steps += 1
    },
    steps: () => steps,
    latest: () => Math.floor(Date.now() / 1000) + Math.max(...nodes.map((node) => node.ahead())),
  }
}

/** Resolves when all that has to serve again does, and notes how long that took. */
export async function served({ service, waits, wrong }: Stage): Promise<void> {
  for (const each of await service.settled())
    if (typeof each === 'string') wrong.push(each)
    else waits.push(each)
}

/** Milliseconds after which a call without an answer counts as hung. */
const patience = 10_000

/** A call; no answer is undefined. */
export async function called(
  stage: Stage,
  node: Node,
  call: () => Promise<Answer>,
): Promise<Answer | undefined> {
  const begun = performance.now()
  const end = new AbortController()
  const slept = sleeps(node)
  const timer = setTimeout(() => end.abort(), patience)
  const given = once(end.signal, 'abort').then(() => undefined)
  const answer = await Promise.race([call().catch(() => undefined), given])
  clearTimeout(timer)
  if (!slept() && end.signal.aborted) stage.hung.push(node.name)
  const status = answer?.status ?? 0
  stage.statuses.set(status, (stage.statuses.get(status) ?? 0) + 1)
  if (status === 0 || status === 503)
    stage.service.unserved.push({ server: node.name, begun, ended: performance.now() })
  return answer
}

/** Tells afterwards whether a server was not awake for a moment. */
function sleeps(node: Node): () => boolean {
  let asleep = !node.awake()
  const watch = setInterval(() => {
    asleep ||= !node.awake()
  }, 50)
  return () => {
    clearInterval(watch)
    return asleep || !node.awake()
  }
}

/** Which kinds an error refuses; what else a call uses had been looked at before, or is not reached. */
const refusals: Readonly<Record<string, readonly Kind[]>> = {
  invalid_grant: ['code', 'refresh_token'],
  invalid_client: ['assertion'],
  invalid_dpop_proof: ['proof'],
  invalid_request_object: ['object'],
}

let uses = 0

/** A result that no other success has. */
function unlike(): Ended {
  uses += 1
  return { phase: 'ok', result: `use ${uses}` }
}

const unknown: Ended = { phase: 'unknown' }

/** Only a refresh token may be brought again while its answer may have been lost: then it has the same successor. */
function granted({ kind }: Thing, { refresh_token }: Record<string, unknown>): Ended {
  return kind === 'refresh_token' ? { phase: 'ok', result: String(refresh_token) } : unlike()
}

/** What was good, and is spent, where a call is refused: authentication comes first, and then a proof. */
const spentBy: Readonly<Record<string, readonly Kind[]>> = {
  invalid_client: [],
  invalid_dpop_proof: ['assertion'],
}

/** How a refused call ended for one of the things it used. */
function refused({ kind }: Thing, error: string): Ended {
  if (refusals[error]?.includes(kind) === true) return { phase: 'fail' }
  return (spentBy[error] ?? ['assertion', 'proof']).includes(kind) ? unlike() : unknown
}

/** A call of a client's. */
interface Asked {
  readonly realm: RealmPath
  readonly path: string
  readonly form: Form
  /** What it carries beside. */
  readonly proof?: Carried | undefined
}

/** A call of a client's at /par or the token endpoint, which uses these. Undefined unless it was granted. */
export async function ask(
  stage: Stage,
  node: Node,
  { proof, ...at }: Asked,
  others: readonly Thing[],
): Promise<Record<string, unknown> | undefined> {
  const things = proof === undefined ? others : [...others, proof.thing]
  const sent = { form: at.form, ...(proof && { headers: { dpop: proof.text } }) }
  const ended = noteUse(stage, node, ...things)
  const path = oauth2Of(at.realm) + at.path
  const answer = await called(stage, node, () => node.w.call('POST', path, sent))
  if (answer === undefined || answer.status === 503) {
    ended(...things.map(() => unknown))
    return undefined
  }
  const body = bodyOf(answer)
  if (answer.status < 300) {
    ended(...things.map((thing) => granted(thing, body)))
    return body
  }
  const error = String(body.error)
  if (refusals[error] === undefined) stage.wrong.push(`${at.path} ${answer.status} ${answer.text}`)
  ended(...things.map((thing) => refused(thing, error)))
  return undefined
}

export function bodyOf({ text }: Answer): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>
  } catch {
    return {}
  }
}

/** Opens a pushed request as the browser of the user who is logged in. Gives the code. */
export async function visit(
  stage: Stage,
  node: Node,
  client_id: string,
  thing: Thing,
): Promise<string | undefined> {
  const realm = thing.realm as RealmPath
  const ended = noteUse(stage, node, thing)
  const query = new URLSearchParams({ client_id, request_uri: thing.name })
  const path = `${oauth2Of(realm)}/authorize?${query}`
  const cookie = stage.parties.cookies[realm]
  const answer = await called(stage, node, () => node.w.call('GET', path, { cookie }))
  const code = answer && codeOf(answer)
  const refusal = answer?.status === 400 ? ({ phase: 'fail' } as const) : unknown
  ended(code === undefined ? refusal : unlike())
  if (code !== undefined || answer === undefined) return code
  if (answer.status === 302 && isLogin(answer)) await logInAgain(stage, node, realm)
  else if (![400, 503].includes(answer.status))
    stage.wrong.push(`/authorize ${answer.status} ${answer.headers.location ?? answer.text}`)
  return undefined
}

const isLogin = ({ headers }: Answer): boolean => String(headers.location).includes('/am/XUI/')

/** A session may end where clocks are set. */
async function logInAgain({ parties }: Stage, { w }: Node, realm: RealmPath): Promise<void> {
  const cookie = await signIn(w, realm).catch(() => undefined)
  if (cookie !== undefined) parties.cookies[realm] = cookie
}
