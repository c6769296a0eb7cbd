import type { Serve } from './base/http.ts'
import { event } from './base/log.ts'
import { random } from './base/random.ts'
import { type Clock, counted, isoTime, now } from './base/time.ts'
import { trustedTime } from './base/trusted-time.ts'
import { applyAtStart, type Configured } from './config/document/at-start.ts'
import { type Demo, type Filled, markDemo, populateDemo } from './demo/populate.ts'
import { demoEndpoints } from './demo/relying-party.ts'
import { newSeed } from './demo/seed.ts'
import { endpoints } from './endpoint/index.ts'
import { router } from './endpoint/serve/route.ts'
import { ensureAdministrator } from './first-administrator.ts'
import { ensureRealms } from './first-realms.ts'
import { listenOptions, schemeOf } from './listening.ts'
import { keptHistory, mailOf, outboxOf, storesOf, type Unlike, worldOf } from './opened.ts'
import type { Realms, RealmWorld } from './realm/realms.ts'
import { realms as openRealms } from './realm/realms.ts'
import { storeProblems } from './servable.ts'
import { tellNotInForce } from './server/client-certificates.ts'
import type { Others } from './server/drain.ts'
import { exposedBy } from './server/exposure.ts'
import { listen } from './server/node.ts'
import { type Audit, startAudit } from './server/observe/audit.ts'
import { observe, type SharedMetrics } from './server/observe/observe.ts'
import { alive, starting } from './server/probes.ts'
import { besideRealms, type Settings } from './server/settings.ts'
import { type Kept, stopping } from './stopping.ts'
import type { Stores } from './store/index.ts'
import { keepTime } from './store/kept-time.ts'

/** A running server. */
export interface Running {
  readonly origin: string
  /** The administrator's password, if it was made just now. */
  readonly adminPassword: string | undefined
  /** Where its metrics are read, if they have a port of their own. */
  readonly metrics: string | undefined
  /** What the demo begins with, where there is one. */
  readonly filled: Filled | undefined
  /** Where letters are put down, where no server takes them. */
  readonly outbox: string | undefined
  /** What its realms share, and they themselves. */
  readonly world: RealmWorld
  readonly realms: Realms
  /** Finishes what is under way, for so many milliseconds at most, then closes the stores. */
  stop(limit?: number): Promise<void>
}

/** What a server has of the machine it runs on, and what stands between them. */
export interface Surroundings extends Unlike {
  /** Its clocks; see `base/trusted-time.ts`. */
  readonly wall: Clock
  readonly counted: Clock
  /** What the server is given for the stores that were opened, and for its endpoints. */
  readonly stores: (opened: Stores) => Stores
  /** What is to be in the store before anything is served. */
  readonly configured?: Configured | undefined
  /** Where several processes serve together. */
  readonly metrics?: SharedMetrics | undefined
  readonly others?: Others | undefined
  readonly serve: (serve: Serve) => Serve
}

const machine: Surroundings = {
  wall: now,
  counted,
  stores: (opened) => opened,
  serve: (serve) => serve,
}

/** The composition root: clocks → settings → stores → realms → endpoints → listen. @throws Error that says what to do. */
export async function start(
  settings: Settings,
  demo: Demo,
  unlike: Partial<Surroundings> = {},
): Promise<Running> {
  const audit = startAudit(settings)
  try {
    const running = await startUpon(settings, demo, audit, { ...machine, ...unlike })
    const stop = async (limit?: number): Promise<void> => {
      await running.stop(limit)
      await audit.end()
    }
    return { ...running, stop }
  } catch (error) {
    await audit.end()
    throw error
  }
}

async function startUpon(
  settings: Settings,
  demo: Demo,
  audit: Audit,
  given: Surroundings,
): Promise<Running> {
  const around: Surroundings = { ...given, serve: (serve) => audit.guarded(given.serve(serve)) }
  const reached = exposedBy(settings)
  if (demo === 'here' && reached !== undefined) {
    throw new Error(
      `--demo is for this machine only, and others can reach the server by ${reached}; with --exposed it makes passwords of its own`,
    )
  }
  const time = trustedTime(around.wall, around.counted)
  const stores = around.stores(await storesOf(settings, time))
  try {
    const timekeeping = await keepTime(time, around.wall, stores.records, settings.node)
    return await run(settings, demo, { ...stores, time, timekeeping, around })
  } catch (error) {
    await stores.close()
    throw error
  }
}

/** The same, and what surrounds it. */
interface Lasting extends Kept {
  readonly around: Surroundings
}

async function run(settings: Settings, demo: Demo, stores: Lasting): Promise<Running> {
  const { time, around } = stores
  tellNotInForce(settings, time.timeOfDay())
  const mail = around.mail ?? mailOf(settings, demo !== 'none')
  const world = worldOf(stores, settings, time, { ...around, mail })
  const realms = openRealms(world)
  // A demo makes its realms when it knows its origin, and what is in them can be set after that only.
  if (demo === 'none') await configure(world, around.configured)
  const [problem] = await storeProblems(settings, demo !== 'none', stores.settings, realms)
  if (problem !== undefined) throw new Error(problem)
  const { promise: routes, resolve: open } = Promise.withResolvers<Serve>()
  const refused: Serve = async (http) => (await routes)(http)
  const meanwhile = starting(routes)
  const how = { refused, meanwhile, others: around.others }
  const listener = await listen(
    { ...listenOptions(settings, realms, time.timeOfDay), ...how },
    routes,
  )
  const failed = async (error: unknown): Promise<never> => {
    await listener.stop(0)
    throw error
  }
  const observers = await observe(settings, stores.settings, time.now, around.metrics).catch(failed)
  const origin = settings.baseUrls?.[0] ?? `${schemeOf(settings)}://localhost:${listener.port}`
  const made = populate(settings, demo, world, realms, origin, around.configured)
  const { adminPassword, filled } = await made.catch(async (error: unknown) => {
    await observers.stop()
    return failed(error)
  })
  const ofDemo = filled && demoEndpoints({ baseUrl: `${origin}/am`, random, ...filled })
  const all = [...endpoints, ...observers.endpoints, ...(ofDemo ?? [])]
  open(alive(around.serve(router(all, realms))))
  const { metrics } = observers
  const accepted = stores.accepted > 0 ? isoTime(stores.accepted) : undefined
  event('server.started', { origin, demo: demo !== 'none', metrics, accepted })
  const beside = [observers, ...keptHistory(settings, stores, realms)]
  const stop = stopping(listener, stores, [mail, ...beside])
  const outbox = outboxOf(settings, demo !== 'none')
  return { origin, adminPassword, filled, outbox, metrics, world, realms, stop }
}

/** Sets what the configuration says of realms and what is in them. */
async function configure(world: RealmWorld, configured: Configured | undefined): Promise<void> {
  if (configured === undefined) return
  await ensureRealms(world.settings)
  await applyAtStart(world, configured, besideRealms)
}

/** Makes what an empty store lacks. Every step may have been done before, here or by another process. */
async function populate(
  settings: Settings,
  demo: Demo,
  stores: RealmWorld,
  realms: Realms,
  origin: string,
  configured: Configured | undefined,
): Promise<Pick<Running, 'adminPassword' | 'filled'>> {
  if (demo !== 'none')
    await markDemo(stores.settings, demo === 'exposed' ? newSeed(random) : undefined)
  // The demo first: it has settings of its own for some of the first realms.
  const filled = demo === 'none' ? undefined : await populateDemo(stores.settings, realms, origin)
  await ensureRealms(stores.settings)
  if (demo !== 'none') await configure(stores, configured)
  // Last, since a password made here is said but once: the less may happen before that, the better.
  return { filled, adminPassword: await ensureAdministrator(settings, realms) }
}
