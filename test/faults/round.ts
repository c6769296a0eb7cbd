/** One trial: clients at work, something happens, and what was seen is judged. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Durability } from '../../src/store/backend.ts'
import { linesAbout, useAll, type Verdict, verdict } from './aftermath.ts'
import type { BuildName } from './builds.ts'
import type { Breach } from './checker.ts'
import { type Fault, type FaultName, faults } from './faults.ts'
import { throughTheirEnd } from './late.ts'
import { load } from './load.ts'
import { type AnyPlace, everyPlace } from './network/places.ts'
import { type Node, startNodes } from './node.ts'
import { type Parties, settle } from './parties.ts'
import type { Place, PlaceKind } from './place.ts'
import { newStage, type Stage } from './stage.ts'

export interface Trial {
  readonly place: AnyPlace
  readonly servers: number
  readonly build?: BuildName
  readonly durability?: Durability
}

/** Servers on a store of their own, and their clients. */
export interface Deployment {
  readonly place: Place
  readonly nodes: readonly Node[]
  readonly parties: Parties
  close(): Promise<void>
}

export async function openDeployment(trial: Trial): Promise<Deployment> {
  const { place: name, servers, build = 'good', durability } = trial
  const kind: PlaceKind = everyPlace[name]
  const place = await kind.open({ durability, servers })
  // What a server remembers of its store lies there: no other run may find it.
  const data = await mkdtemp(join(tmpdir(), 'parapet-servers-'))
  try {
    const nodes = await startNodes({ count: servers, ...place, build, data })
    const ended = async (): Promise<void> => {
      for (const { w } of nodes) w.close()
      await Promise.all(nodes.map((node) => node.kill()))
      await place.close()
      await rm(data, { recursive: true, force: true })
    }
    try {
      const [{ w }] = nodes as [Node]
      return { place, nodes, parties: await settle(w), close: ended }
    } catch (error) {
      await ended()
      throw error
    }
  } catch (error) {
    await place.close()
    await rm(data, { recursive: true, force: true })
    throw error
  }
}

/** How much is done in a round. */
export interface Amount {
  /** Clients at once. */
  readonly clients: number
  /** Pushes before the fault, and what is used afterwards at most. */
  readonly pushes: number
  /** Of each, how many are tried after their end; the clocks stay there then. */
  readonly late?: number
}

/** Seconds after which everything of bravo's has ended, and an assertion too. */
const over = 900

async function useLate(stage: Stage, count: number): Promise<void> {
  const offset = Math.round((stage.now() - Date.now()) / 1000)
  await throughTheirEnd(stage, count, () => stage.setClocks(offset + over))
}

export interface Judged extends Verdict {
  readonly stage: Stage
  /** What a store has lost that may: how often, by the rule that is broken by it. */
  readonly forgotten: Readonly<Record<string, number>>
  /** Nothing is wrong. */
  readonly good: boolean
  /** What is wrong, for a person. */
  readonly said: string
}

/** Clients work until so much is pushed, the fault happens, they go on for a moment, and all is judged. */
export async function round(
  deployment: Deployment,
  name: FaultName,
  amount: Amount,
): Promise<Judged> {
  const fault: Fault = faults[name]
  const stage = newStage(deployment.nodes, deployment.parties)
  await stage.setClocks(0)
  const work = load(stage, amount.clients)
  const end = async (): Promise<void> => {
    work.stop()
    await work.over
  }
  try {
    while (work.flows.length < amount.pushes) await delay(5)
    if (fault.quiet === true) await end()
    await fault.run(stage, deployment.place)
    await delay(100)
  } finally {
    await end()
    stage.service.stop()
  }
  // What an operator voided is refused as a wrong try, of which a client has few.
  await useAll(stage, work, fault.quiet === true ? 10 : amount.pushes * 2)
  if (amount.late !== undefined) await useLate(stage, amount.late)
  const mayLose = fault.replaces === true && deployment.place.mayLose === true
  const { forgotten, ...found } = setApart(verdict(stage, fault.apart), mayLose)
  const { breaches, wrong, hung } = found
  const good = breaches.length + wrong.length + hung.length === 0
  return { ...found, stage, forgotten, good, said: good ? '' : said(stage, found) }
}

/** What is seen where a store has lost writes: what they had used or ended is good again, what they had made is gone. */
const ofLoss: ReadonlySet<Breach['rule']> = new Set(['twice', 'ended', 'lost'])

/** Takes out of a verdict what a store may have lost, and counts it. */
function setApart(
  found: Verdict,
  mayLose: boolean,
): Verdict & { readonly forgotten: Readonly<Record<string, number>> } {
  if (!mayLose) return { ...found, forgotten: {} }
  const forgotten: Record<string, number> = {}
  for (const { rule } of found.breaches)
    if (ofLoss.has(rule))
      forgotten[`forgotten: ${rule}`] = (forgotten[`forgotten: ${rule}`] ?? 0) + 1
  return { ...found, breaches: found.breaches.filter(({ rule }) => !ofLoss.has(rule)), forgotten }
}

function said(stage: Stage, found: Verdict): string {
  const { breaches, wrong, hung } = found
  const rows = breaches.slice(0, 20).map(({ rule, thing, why }) => `${rule}: ${thing}: ${why}`)
  const counts = `${breaches.length} breaches, ${wrong.length} wrong answers, ${hung.length} hung`
  return [counts, ...rows, ...wrong.slice(0, 10), ...hung, linesAbout(stage, found)].join('\n')
}
