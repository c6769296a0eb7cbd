/* Whether a Redis keeps what it was given: asked at the start and, since it may be set otherwise or fail over, now and then. */
import type { Redis } from 'ioredis'
import { alarm, event, reasonOf } from '../../base/log.ts'
import { delay } from '../../base/time.ts'
import type { Durability } from '../backend.ts'
import { slotCount } from './layout.ts'
import type { Nodes } from './nodes.ts'

type Info = ReadonlyMap<string, string>

/** Scripts and lists use what came with it. */
const oldest = [6, 2] as const

/** What is wrong with a server, in words that go on behind its address; undefined: nothing. */
type Rule = (info: Info, node: Redis) => Promise<string | undefined> | string | undefined

/** Of a server that is said to have all keys. */
const alone: Rule = (info) =>
  info.get('cluster_enabled') === '1'
    ? 'is a node of a Redis Cluster: its URL begins with redis+cluster:'
    : undefined

/**
 * Of a cluster, at a start: what hashes to a slot that is nobody's can be neither stored nor found. While it is served
 * such a key is refused by itself, and the others go on, as far as the cluster lets them.
 */
const whole: Rule = async (_, node) => {
  const served = new Set<number>()
  for (const range of (await node.cluster('SLOTS')) as unknown as [number, number][])
    for (let slot = range[0]; slot <= range[1]; slot += 1) served.add(slot)
  const missing = Array.from({ length: slotCount }, (_each, slot) => slot).filter(
    (slot) => !served.has(slot),
  )
  return missing.length === 0
    ? undefined
    : `knows nobody who has ${missing.length} of the ${slotCount} slots of its cluster, the first of them ${missing[0]}: redis-cli --cluster fix gives them to its nodes`
}

const always: readonly Rule[] = [
  (info) => {
    const version = info.get('redis_version') ?? ''
    const [major = 0, minor = 0] = version.split('.').map(Number)
    const old = major < oldest[0] || (major === oldest[0] && minor < oldest[1])
    return old ? `is Redis ${version}, and 6.2 is the oldest that can be used` : undefined
  },
  (info) => {
    const policy = info.get('maxmemory_policy')
    return policy === 'noeviction'
      ? undefined
      : `may evict what was used once, so that it could be used again: set maxmemory-policy noeviction (it is ${policy})`
  },
]

const durable: Readonly<Record<Durability, readonly Rule[]>> = {
  disk: [
    async (info, node) => {
      if (info.get('aof_enabled') !== '1')
        return 'does not promise PARAPET_DURABILITY=disk: set appendonly yes and appendfsync always'
      const fsync = await fsyncOf(node)
      if (fsync === undefined)
        return 'does not let CONFIG GET appendfsync be asked, so that PARAPET_DURABILITY=disk cannot be proven: allow it'
      return fsync === 'always'
        ? undefined
        : `does not promise PARAPET_DURABILITY=disk: set appendfsync always (it is ${fsync})`
    },
  ],
  replica: [
    (info) => {
      if (info.get('role') !== 'master') return undefined
      const online = [...info].filter(
        ([name, is]) => /^slave\d+$/.test(name) && /state=online/.test(is),
      )
      return online.length > 0
        ? undefined
        : 'does not promise PARAPET_DURABILITY=replica: no replica of it is online'
    },
  ],
}

/** When something is written to the disk; undefined where that may not be asked. */
async function fsyncOf(node: Redis): Promise<string | undefined> {
  try {
    const [, fsync] = await node.config('GET', 'appendfsync')
    return fsync
  } catch (error) {
    if (/NOPERM|unknown command|ERR/.test(reasonOf(error))) return undefined
    throw error
  }
}

async function infoOf(node: Redis): Promise<Info> {
  const lines = (await node.info()).split('\r\n')
  return new Map(
    lines.flatMap((line) => {
      const colon = line.indexOf(':')
      return colon === -1 ? [] : [[line.slice(0, colon), line.slice(colon + 1)] as const]
    }),
  )
}

/** What is asked of each server of a place. */
function rulesOf(nodes: Nodes, durability: Durability | undefined): readonly Rule[] {
  const asked = durability === undefined ? [] : durable[durability]
  return [...(nodes.one ? [alone] : []), ...always, ...asked]
}

/** The first thing that is wrong with a server. */
async function wrongWith(node: Redis, rules: readonly Rule[]): Promise<string | undefined> {
  const info = await infoOf(node)
  for (const rule of rules) {
    const wrong = await rule(info, node)
    if (wrong !== undefined) return `Redis at ${addressOf(node)} ${wrong}`
  }
  return undefined
}

function addressOf({ options }: Redis): string {
  return `${options.host ?? ''}:${options.port ?? ''}`
}

/** What may be lost, where nothing was asked for. */
async function mayLose(node: Redis): Promise<string> {
  if ((await infoOf(node)).get('aof_enabled') !== '1')
    return 'what was written since its last snapshot'
  return losses[(await fsyncOf(node)) ?? ''] ?? 'what was not yet on its disk'
}

const losses: Readonly<Record<string, string>> = {
  always: 'nothing',
  everysec: 'what was written in the last two seconds',
}

/**
 * Asks every server, replicas too, since one of them may be the next master.
 * @throws Error that says what to set.
 */
export async function requireSafe(nodes: Nodes, durability: Durability | undefined): Promise<void> {
  const rules = rulesOf(nodes, durability)
  const masters = nodes.masters()
  // A replica that was just started may not know the cluster yet.
  const ofMasters = nodes.one ? rules : [...rules, whole]
  for (const node of nodes.all()) {
    const asked = masters.includes(node) ? ofMasters : rules
    const wrong = await wrongWith(node, asked).catch((cause: unknown) => {
      // A replica that is down keeps nobody from serving.
      if (!masters.includes(node)) return undefined
      throw new Error(`Redis at ${addressOf(node)} does not answer: ${reasonOf(cause)}`, { cause })
    })
    if (wrong !== undefined) throw new Error(wrong)
  }
  const [master] = masters
  if (durability !== undefined || master === undefined) return
  event(
    'store.may_lose',
    {
      at_power_loss: await mayLose(master),
      at_failover: 'what no replica had yet, so that what was used once could be used again',
      ask_for_more: 'PARAPET_DURABILITY',
    },
    'warn',
  )
}

/** Milliseconds between two looks. */
const lookAfter = 10_000

/**
 * Goes on looking for as long as a store is open, and whenever a server was reached anew. Gives what ends it.
 * That a replica is missing for a while says each write that waits for one.
 */
export function keepSafe(
  nodes: Nodes,
  durability: Durability | undefined,
  refuse: (reason: string | undefined) => void,
): () => void {
  const rules = rulesOf(nodes, durability === 'replica' ? undefined : durability)
  let stopped = false
  let before: string | undefined
  const look = async (): Promise<void> => {
    const found = await Promise.all(
      // Who does not answer is not found to be better than before.
      nodes.masters().map((node) => wrongWith(node, rules).catch(() => before)),
    )
    const wrong = found.find((each) => each !== undefined)
    if (wrong !== undefined && wrong !== before) alarm('store.unsafe', { reason: wrong })
    before = wrong
    if (!stopped) refuse(wrong)
  }
  const lookOften = async (): Promise<void> => {
    while (!stopped) {
      await delay(lookAfter, false)
      if (!stopped) await look()
    }
  }
  nodes.onReached(() => void look())
  void lookOften()
  return () => {
    stopped = true
  }
}
