/** The long runs: each a part of `npm run test:faults`, with amounts that can be given otherwise. */
import type { Progress } from './progress.ts'

/** What is given beside the name of a part, as text: `rounds=200`. */
export type Given = Readonly<Record<string, string>>

export interface Part {
  /** What it tries. */
  readonly about: string
  /** What may be given, and what it is otherwise. */
  readonly amounts: Given
  /** What runs it: loaded when it is asked for, so that a build can be changed before. */
  readonly load: () => Promise<{ readonly run: RunPart }>
}

/** Goes on from where `progress` says. Gives what is wrong; none: nothing is. */
export type RunPart = (
  given: Given,
  progress: Progress,
  say: (line: string) => void,
) => Promise<readonly string[]>

export const numberOf = (given: Given, name: string): number => {
  const number = Number(given[name])
  if (!Number.isSafeInteger(number) || number < 1) throw new Error(`${name} has to be a number`)
  return number
}

/** The rows of a table that a text names, parted by commas, or all. */
export function named<T extends string>(
  given: string | undefined,
  all: readonly T[],
): readonly T[] {
  if (given === undefined || given === 'all') return all
  const names = given.split(',')
  const unknown = names.filter((name) => !(all as readonly string[]).includes(name))
  if (unknown.length > 0) throw new Error(`no such: ${unknown.join()}; there are ${all.join()}`)
  return names as T[]
}

export const parts = {
  rounds: {
    about: 'clients at work at several servers while something happens to these or to their store',
    amounts: {
      fault: 'kill',
      store: 'sqlite',
      durability: 'none',
      servers: '2',
      rounds: '200',
      clients: '16',
      pushes: '100',
    },
    load: () => import('./rounds.ts'),
  },
  contests: {
    about:
      'one thing that counts once, brought by many at the same moment to several servers: one winner',
    amounts: { kind: 'all', store: 'sqlite', contests: '1500', of: '64', servers: '2' },
    load: () => import('./contests.ts'),
  },
  contract: {
    about: 'the verbs of a store, raced from several processes: one winner for each key',
    amounts: { store: 'sqlite', attempts: '1000000', processes: '4' },
    load: () => import('./contract.ts'),
  },
  simulation: {
    about:
      'simulated processes of the real server over a simulated store and clock, an order of events for each seed',
    amounts: { seeds: '100000', seed: '', build: 'good' },
    load: () => import('./simulation/seeds.ts'),
  },
  soak: {
    about:
      'whole loops through nginx at two servers, at half of what they take: nothing fails, and no memory grows',
    amounts: { store: 'sqlite', minutes: '30', clients: '24' },
    load: () => import('../soak/soak.ts'),
  },
  rolling: {
    about: 'two servers behind nginx, restarted in turn at half of what they take: nothing fails',
    amounts: { store: 'sqlite', restarts: '30', clients: '24' },
    load: () => import('../soak/rolling.ts'),
  },
} as const satisfies Readonly<Record<string, Part>>
