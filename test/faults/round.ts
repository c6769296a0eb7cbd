/** One trial: clients at work, something happens, and what was seen is judged. */
import { setTimeout as delay } from 'node:timers/promises'
import { linesAbout, useAll, useLate, type Verdict, verdict } from './aftermath.ts'
import type { BuildName } from './builds.ts'
import { type Fault, type FaultName, faults } from './faults.ts'
import { load } from './load.ts'
import { type Node, startNodes } from './node.ts'
import { type Parties, settle } from './parties.ts'
import type { Place } from './place.ts'
import { type PlaceName, places } from './places.ts'
import { newStage, type Stage } from './stage.ts'

export interface Trial {
  readonly place: PlaceName
  readonly servers: number
  readonly build?: BuildName
}

/** Servers on a store of their own, and their clients. */
export interface Ground {
  readonly place: Place
  readonly nodes: readonly Node[]
  readonly parties: Parties
  close(): Promise<void>
}

export async function openGround({ place: name, servers, build = 'good' }: Trial): Promise<Ground> {
  const place = await places[name].open()
  try {
    const nodes = await startNodes({ count: servers, settings: place.settings, build })
    const ended = async (): Promise<void> => {
      for (const { w } of nodes) w.close()
      await Promise.all(nodes.map((node) => node.kill()))
      await place.close()
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

export interface Judged extends Verdict {
  readonly stage: Stage
  /** Nothing is wrong. */
  readonly good: boolean
  /** What is wrong, for a person. */
  readonly said: string
}

/** Clients work until so much is pushed, the fault happens, they go on for a moment, and all is judged. */
export async function round(ground: Ground, name: FaultName, amount: Amount): Promise<Judged> {
  const fault: Fault = faults[name]
  const stage = newStage(ground.nodes, ground.parties)
  stage.setClocks(0)
  const work = load(stage, amount.clients)
  const end = async (): Promise<void> => {
    work.stop()
    await work.over
  }
  try {
    while (work.flows.length < amount.pushes) await delay(5)
    if (fault.quiet === true) await end()
    await fault.run(stage, ground.place)
    await delay(100)
  } finally {
    await end()
  }
  // What an operator voided is refused as a wrong try, of which a client has few.
  await useAll(stage, work, fault.quiet === true ? 10 : amount.pushes * 2)
  if (amount.late !== undefined) await useLate(stage, amount.late)
  const found = verdict(stage, fault.apart)
  const { breaches, wrong, hung } = found
  const good = breaches.length + wrong.length + hung.length === 0
  return { ...found, stage, good, said: good ? '' : said(stage, found) }
}

function said(stage: Stage, found: Verdict): string {
  const { breaches, wrong, hung } = found
  const rows = breaches.slice(0, 20).map(({ rule, thing, why }) => `${rule}: ${thing}: ${why}`)
  const counts = `${breaches.length} breaches, ${wrong.length} wrong answers, ${hung.length} hung`
  return [counts, ...rows, ...wrong.slice(0, 10), ...hung, linesAbout(stage, found)].join('\n')
}
