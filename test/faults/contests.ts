/** Part `contests` of the long runs: one thing that counts once, brought by many at the same moment. */
import { startLine } from '../race/start-line.ts'
import { bring, newProof } from './carried.ts'
import { judge } from './checker.ts'
import type { Kind, Thing } from './history.ts'
import { answerWalk, walkToLast } from './journey/walk.ts'
import { open, pushPlain, redeem } from './load.ts'
import type { Node } from './node.ts'
import {
  asserted,
  codeForm,
  type Form,
  type Id,
  isPublic,
  newId,
  objectOf,
  refreshForm,
  requested,
  signs,
} from './parties.ts'
import type { RunPart } from './parts.ts'
import { named, numberOf } from './parts.ts'
import { type PlaceName, places } from './places.ts'
import { type Deployment, openDeployment } from './round.ts'
import { ask, newStage, type Stage, visit } from './stage.ts'
import { secondOf, some, thingOf } from './things.ts'

/** Brings a thing to a server, as one of many. */
type Attempt = (stage: Stage, node: Node) => Promise<unknown>

/** What is contested, and how it is brought. */
type Prepare = (stage: Stage) => Promise<{ readonly thing: Thing; readonly attempt: Attempt }>

/** A flow of the public client as far as it is needed. */
async function flowOf(stage: Stage, until: 'pushed' | 'coded' | 'granted') {
  const flow = await pushPlain(stage, { flows: [], ids: [] })
  if (flow !== undefined && until !== 'pushed') await open(stage, flow)
  if (flow?.code !== undefined && until === 'granted') await redeem(stage, flow)
  if (flow === undefined) throw new Error('no push')
  return flow
}

function tokens(form: Form, thing: Thing): Attempt {
  const at = {
    realm: '/alpha',
    path: '/access_token',
    form: { client_id: isPublic, ...form },
  } as const
  return (stage, node) => ask(stage, node, at, [thing])
}

/** An id that a client has made. */
function idFor(stage: Stage, kind: 'assertion' | 'object'): readonly [Id, Thing] {
  const id = newId(secondOf(stage))
  const thing = thingOf(kind, '/alpha', id.jti)
  stage.history.give('client', thing, id.exp)
  return [id, thing]
}

export const kinds: Readonly<Record<Kind, Prepare>> = {
  async request_uri(stage) {
    const { request_uri } = await flowOf(stage, 'pushed')
    const thing = thingOf('request_uri', '/alpha', request_uri)
    return { thing, attempt: (at, node) => visit(at, node, isPublic, thing) }
  },
  async code(stage) {
    const { code = '' } = await flowOf(stage, 'coded')
    const thing = thingOf('code', '/alpha', code)
    return { thing, attempt: tokens(codeForm(code), thing) }
  },
  async refresh_token(stage) {
    const { refresh_token = '' } = await flowOf(stage, 'granted')
    const thing = thingOf('refresh_token', '/alpha', refresh_token)
    return { thing, attempt: tokens(refreshForm(refresh_token), thing) }
  },
  async assertion(stage) {
    const [id, thing] = idFor(stage, 'assertion')
    const { w } = stage.nodes[0] as Node
    const form = { ...asserted(w, stage.parties, '/alpha', id), ...requested }
    const at = { realm: '/alpha', path: '/par', form } as const
    return { thing, attempt: (of, node) => ask(of, node, at, [thing]) }
  },
  async object(stage) {
    const [id, thing] = idFor(stage, 'object')
    const { w } = stage.nodes[0] as Node
    const request = objectOf(w, stage.parties, '/alpha', id)
    const attempt: Attempt = (of, node) => {
      const [own, proof] = idFor(of, 'assertion')
      const form = { ...asserted(w, of.parties, '/alpha', own), ...request }
      return ask(of, node, { realm: '/alpha', path: '/par', form }, [proof, thing])
    }
    return { thing, attempt }
  },
  async journey(stage) {
    const walk = await walkToLast(stage)
    return {
      thing: walk.thing,
      attempt: (of, node) => answerWalk(of, walk, node, some(0.5) ? 0 : 1),
    }
  },
  async proof(stage) {
    const proof = newProof(stage, { realm: '/alpha', path: '/par', client_id: signs })
    return { thing: proof.thing, attempt: (of, node) => bring(of, proof, node) }
  },
}

/** All at once, spread over the servers. */
export async function contest(deployment: Deployment, kind: Kind, of: number): Promise<Outcome> {
  const stage = newStage(deployment.nodes, deployment.parties)
  const { thing, attempt } = await kinds[kind](stage)
  const runners = Array.from(
    { length: of },
    (_, i) => deployment.nodes[i % deployment.nodes.length] as Node,
  )
  const wires = startLine(runners.map(({ w }) => w))
  await Promise.all(runners.map((node, i) => attempt(stage, { ...node, w: wires[i] ?? node.w })))
  const ended = stage.history.lines.filter(
    (line) => line.operation === 'use' && line.phase !== 'invoke' && line.thing.name === thing.name,
  )
  const results = new Set(ended.flatMap(({ phase, result }) => (phase === 'ok' ? [result] : [])))
  const count = (phase: string): number => ended.filter((line) => line.phase === phase).length
  const wrong = [
    ...judge(stage.history.lines, 31).map(({ rule, why }) => `${rule}: ${why}`),
    ...stage.wrong,
  ]
  if (results.size !== 1) wrong.push(`${results.size} winners of one ${kind}`)
  const sums = { contests: 1, attempts: ended.length, ok: count('ok'), fail: count('fail') }
  return { wrong, sums: { ...sums, unknown: count('unknown') } }
}

interface Outcome {
  readonly wrong: readonly string[]
  readonly sums: Readonly<Record<string, number>>
}

/** Contests between which it is written down how far it has come. */
const step = 25

export const run: RunPart = async (given, progress, say) => {
  const [all, of, servers] = ['contests', 'of', 'servers'].map((name) => numberOf(given, name))
  for (const place of named(given.store, Object.keys(places) as PlaceName[])) {
    const missing = places[place].missing()
    if (missing !== undefined) {
      say(`MISSING contests on ${place}: ${missing}`)
      continue
    }
    const deployment = await openDeployment({ place, servers: servers ?? 2 })
    try {
      for (const kind of named(given.kind, Object.keys(kinds) as Kind[])) {
        const name = `contests of ${of} for one ${kind} on ${place}, ${servers} servers`
        while ((progress.of(name).contests ?? 0) < (all ?? 0)) {
          const left = (all ?? 0) - (progress.of(name).contests ?? 0)
          const sums: Record<string, number> = {}
          for (let i = 0; i < Math.min(step, left); i += 1) {
            const { wrong, sums: more } = await contest(deployment, kind, of ?? 64)
            if (wrong.length > 0) return [`${name}: ${wrong.slice(0, 5).join('; ')}`]
            for (const [each, n] of Object.entries(more)) sums[each] = (sums[each] ?? 0) + n
          }
          progress.add(name, sums)
        }
        say(`${name}: ${JSON.stringify(progress.of(name))}`)
      }
    } finally {
      await deployment.close()
    }
  }
  return []
}
