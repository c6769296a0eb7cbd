import type { ClientKind } from './clients.ts'
import type { Scenario } from './drive.ts'

export const shelves = ['sqlite', 'memory'] as const
export type ShelfName = (typeof shelves)[number]

/** What is measured, and what is allowed: shares of oidc-provider's CPU, on the machine on which the bars were set. */
export interface Case {
  readonly scenario: Scenario
  readonly kind: ClientKind
  readonly bars: Readonly<Record<ShelfName, number>>
  /** What the commit `first` took there, the middle one of three runs. */
  readonly first: Readonly<Record<ShelfName, number>>
}

/** The commit by which the bars were set, on 2026-11-24. */
export const first = '20e4b7d'

export const cases: readonly Case[] = [
  of('push', 'basic', { sqlite: 0.36, memory: 0.28 }, { sqlite: 0.34, memory: 0.26 }),
  of('push', 'public', { sqlite: 0.38, memory: 0.3 }, { sqlite: 0.36, memory: 0.28 }),
  of('push', 'private_key_jwt', { sqlite: 0.52, memory: 0.45 }, { sqlite: 0.51, memory: 0.44 }),
  of('push', 'object', { sqlite: 0.55, memory: 0.55 }, { sqlite: 0.53, memory: 0.46 }),
  of('push', 'nested', { sqlite: 0.55, memory: 0.55 }, { sqlite: 0.48, memory: 0.44 }),
  of('loop', 'basic', { sqlite: 0.28, memory: 0.24 }, { sqlite: 0.25, memory: 0.22 }),
  of('loop', 'private_key_jwt', { sqlite: 0.38, memory: 0.35 }, { sqlite: 0.35, memory: 0.32 }),
]

function of(scenario: Scenario, kind: ClientKind, bars: Case['bars'], first: Case['first']): Case {
  return { scenario, kind, bars, first }
}
