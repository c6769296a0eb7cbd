/** One seed: machines and clients over a simulated store and clock, with crashes; then the same checker. */
import { type Breach, judge } from '../checker.ts'
import { newHistory } from '../history.ts'
import type { InitialState } from './initial-state.ts'
import { newMachine, type SharedState } from './machine.ts'
import {
  type Flow,
  type Id,
  mayEnd,
  newId,
  open,
  push,
  redeem,
  refresh,
  type Simulated,
} from './people.ts'
import { newScheduler, type Scheduler } from './scheduler.ts'
import type { Shelf, Trouble } from './shelf.ts'

export interface Simulation {
  readonly breaches: readonly Breach[]
  readonly wrong: readonly string[]
  /** The same for the same seed, as long as the source is. */
  readonly digest: string
  readonly crashes: number
  readonly calls: number
}

/** How a run of a seed is to be: drawn from it. */
interface Plan {
  readonly crash: number
  readonly trouble: Trouble
  /** How often time goes on between two events, and by how many seconds at most. */
  readonly tick: number
  readonly most: number
  readonly skews: readonly number[]
}

const skewMost = 5
const calm: Trouble = { refused: 0, unanswered: 0, markFirst: false }

function planOf({ one, chance, draw }: Scheduler): Plan {
  const rate = (): number => one([0, 0.01, 0.05])
  const skews = Array.from({ length: one([1, 2, 3]) }, () => Math.floor(draw() * (skewMost + 1)))
  return {
    crash: one([0, 0.005, 0.02]),
    trouble: { refused: rate(), unanswered: rate(), markFirst: chance(0.5) },
    tick: one([0, 0.02, 0.1]),
    most: one([2, 30]),
    skews,
  }
}

/** Seconds that a server grants an assertion beyond its end, and by which machines differ. */
const tolerance = 31 + skewMost

export async function simulate(initial: InitialState, seed: number): Promise<Simulation> {
  const scheduler = newScheduler(seed)
  const plan = planOf(scheduler)
  const clock = { now: initial.start }
  let { trouble } = plan
  let crashes = 0
  const shelf = (entries: InitialState['records']): Shelf => {
    return { entries: new Map(entries), writes: 2 ** 40, now: () => clock.now }
  }
  const [settings, records] = [shelf(initial.settings), shelf(initial.records)]
  const shared: SharedState = { initial, scheduler, settings, records, trouble: () => trouble }
  const machines = plan.skews.map((skew, i) => newMachine(shared, `machine ${i + 1}`, skew))
  const history = newHistory(() => clock.now * 1000)
  const now = (): number => clock.now
  const sim: Simulated = { ...{ initial, scheduler, machines, history, now }, wrong: [] }
  const left: Left = { flows: [], ids: [] }
  const between = (): void => {
    if (scheduler.chance(plan.tick)) clock.now += 1 + Math.floor(scheduler.draw() * plan.most)
    if (trouble === calm || !scheduler.chance(plan.crash)) return
    crashes += 1
    scheduler.one(machines).crash()
  }
  const played = async (play: Promise<unknown>): Promise<void> => {
    let over = false
    const ended = play.finally(() => {
      over = true
    })
    await scheduler.run(() => over, between)
    await ended
  }
  await played(Promise.all([client(sim, left), client(sim, left), client(sim, left)]))
  trouble = calm
  await played(useAll(sim, left))
  clock.now += 300
  await played(useLate(sim, left))
  const breaches = judge(history.lines, tolerance)
  const calls = history.lines.length
  return { breaches, wrong: sim.wrong, digest: scheduler.digest(), crashes, calls }
}

interface Left {
  readonly flows: Flow[]
  readonly ids: Id[]
}

/** The same call once, or twice at once. */
async function maybeTwice<T>(
  { scheduler }: Simulated,
  call: () => Promise<T>,
): Promise<readonly T[]> {
  return Promise.all(scheduler.chance(0.4) ? [call(), call()] : [call()])
}

/** Makes up to two authorizations, and leaves them wherever chance has it. */
async function client(sim: Simulated, { flows, ids }: Left): Promise<void> {
  const { chance } = sim.scheduler
  for (let i = 0; i < 2; i += 1) {
    const id = chance(0.6) ? newId(sim, chance(0.5)) : undefined
    if (id !== undefined) ids.push(id)
    const pushed = id === undefined ? [await push(sim)] : await maybeTwice(sim, () => push(sim, id))
    const flow = pushed.find((each) => each !== undefined)
    if (flow === undefined) continue
    flows.push(flow)
    if (chance(0.2)) continue
    await maybeTwice(sim, () => open(sim, flow))
    if (flow.code === undefined || chance(0.2)) continue
    const redeemed = await maybeTwice(sim, () => redeem(sim, flow))
    if (redeemed.length > 1) mayEnd(sim, flow)
    while (flow.refresh_token !== undefined && chance(0.5)) {
      const token = flow.refresh_token
      const refreshed = await maybeTwice(sim, () => refresh(sim, flow, token))
      if (refreshed.length > 1 && refreshed.includes(false)) mayEnd(sim, flow)
    }
  }
}

/** Nothing fails any more: what was left is used, then everything is brought again. */
async function useAll(sim: Simulated, { flows, ids }: Left): Promise<void> {
  const { chance } = sim.scheduler
  for (const flow of flows) {
    if (flow.code === undefined && chance(0.7)) await open(sim, flow)
    if (flow.refresh_token !== undefined) await refresh(sim, flow, flow.refresh_token)
    else if (flow.code !== undefined && chance(0.7)) await redeem(sim, flow)
  }
  for (const flow of flows.filter(() => chance(0.7))) {
    await open(sim, { ...flow })
    if (flow.code === undefined) continue
    mayEnd(sim, flow)
    await redeem(sim, { ...flow })
  }
  for (const id of ids) await push(sim, id)
}

/** Everything has ended, used or not. */
async function useLate(sim: Simulated, { flows, ids }: Left): Promise<void> {
  for (const flow of flows) {
    await open(sim, { ...flow })
    if (flow.code !== undefined) await redeem(sim, { ...flow })
  }
  for (const id of ids) await push(sim, id)
}
