/** Part `contract` of the long runs: the verbs of a store, raced from several processes, one winner for each key. */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import type { RunPart } from './parts.ts'
import { named, numberOf } from './parts.ts'
import { sharedKey } from './place.ts'
import { type PlaceName, places } from './places.ts'

const script = new URL('./contract-worker.ts', import.meta.url).pathname

/** Steps of a batch, one after the other for all processes, and whether it has one winner for each key. */
const steps = [
  ['insert', true],
  ['read', false],
  ['replace', true],
  ['mark', true],
  ['delete', true],
] as const

const raced = steps.filter(([, isRaced]) => isRaced).length

/** Keys of one batch, and how often each process tries each at once. */
const [batch, tries] = [100, 4]

async function started(url: string): Promise<ChildProcess> {
  const child = fork(script, [url, sharedKey], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  const exit = once(child, 'exit').then(([code]) => {
    throw new Error(`a process ended with ${code} before it was ready`)
  })
  await Promise.race([once(child, 'message'), exit])
  exit.catch(() => undefined)
  return child
}

/** How often each key was won, by all processes together. */
async function winsOf(
  children: readonly ChildProcess[],
  step: string,
  keys: readonly string[],
): Promise<readonly number[]> {
  const all = await Promise.all(
    children.map(async (child) => {
      const answer = once(child, 'message')
      child.send({ step, keys, tries })
      return (await answer)[0] as readonly number[]
    }),
  )
  return keys.map((_, i) => all.reduce((sum, wins) => sum + (wins[i] ?? 0), 0))
}

export const run: RunPart = async (given, progress, say) => {
  const [attempts, processes] = [numberOf(given, 'attempts'), numberOf(given, 'processes')]
  for (const place of named(given.store, Object.keys(places) as PlaceName[])) {
    const missing = places[place].missing()
    const name = `contract of ${place}, ${processes} processes`
    if (missing !== undefined) {
      say(`MISSING ${name}: ${missing}`)
      continue
    }
    const { settings, close } = await places[place].open({ durability: undefined, servers: 0 })
    const { PARAPET_STORE = `sqlite:${settings.PARAPET_DATA}` } = settings as Record<string, string>
    const children: ChildProcess[] = []
    try {
      for (let i = 0; i < processes; i += 1) children.push(await started(PARAPET_STORE))
      while ((progress.of(name).attempts ?? 0) < attempts) {
        const from = progress.of(name).attempts ?? 0
        const keys = Array.from({ length: batch }, (_, i) => `contest/${from}-${i}`)
        for (const [step, isRaced] of steps) {
          const wins = await winsOf(children, step, keys)
          const wrong = wins.findIndex((count) => isRaced && count !== 1)
          if (wrong >= 0) return [`${name}: ${wins[wrong]} winners of ${step} at ${keys[wrong]}`]
        }
        progress.add(name, { attempts: batch * tries * processes * raced, won: batch * raced })
      }
      say(`${name}: ${JSON.stringify(progress.of(name))}`)
    } finally {
      for (const child of children) child.disconnect()
      await Promise.all(
        children.map(async (child) => void (child.exitCode ?? (await once(child, 'exit')))),
      )
      await close()
    }
  }
  return []
}
