import type { Event } from '../../base/log.ts'
import { lru } from '../../base/lru.ts'
import { monotonic } from '../../base/time.ts'
import type { Breach, Trace } from '../../base/trace.ts'
import { fewValues } from './label.ts'

type Library = typeof import('prom-client')
type Registry = InstanceType<Library['Registry']>

/** Most realms and clients that are told apart; the others are counted together. */
export interface MetricLimits {
  readonly realms: number
  readonly clients: number
}

/** Pushes whose age is known; of those that other processes took none is measured here. */
const mostPushes = 10_000

const seconds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

/** Counts what became of each request, of each authorization, and what is worth a warning. */
export function requestMeters(
  library: Library,
  registry: Registry,
  limits: MetricLimits,
): (message: unknown) => void {
  const registers = [registry]
  const requests = new library.Counter({
    name: 'parapet_requests_total',
    help: 'Requests answered, by endpoint, HTTP status and error code.',
    labelNames: ['endpoint', 'status', 'error'],
    registers,
  })
  const duration = new library.Histogram({
    name: 'parapet_request_seconds',
    help: 'Time from a whole request to its answer, by endpoint.',
    labelNames: ['endpoint'],
    buckets: seconds,
    registers,
  })
  const warnings = new library.Counter({
    name: 'parapet_warnings_total',
    help: 'Events of the levels warn and alarm.',
    labelNames: ['event', 'level'],
    registers,
  })
  const held = heldMeter(library, registers)
  const breached = breachMeter(library, registers, limits)
  const authorization = authorizationMeters(library, registry, limits)
  return (message) => {
    const { name, level, trace } = message as Event
    if (level === 'warn' || level === 'alarm') warnings.inc({ event: name, level })
    if (name !== 'request' || trace === undefined) return
    const { endpoint, status, refusal, began } = trace
    requests.inc({ endpoint, status, error: refusal?.code ?? '' })
    if (status === 429) held.inc({ endpoint, reason: refusal?.why ?? '' })
    duration.observe({ endpoint }, (monotonic() - began) / 1000)
    if (trace.breaches !== undefined) breached(trace, trace.breaches)
    authorization(trace)
  }
}

function heldMeter({ Counter }: Library, registers: Registry[]) {
  return new Counter({
    name: 'parapet_held_off_total',
    help: 'Requests answered 429, by endpoint and reason.',
    labelNames: ['endpoint', 'reason'],
    registers,
  })
}

/** What was let through although it breaks what is only watched. */
function breachMeter(
  { Counter }: Library,
  registers: Registry[],
  limits: MetricLimits,
): (trace: Trace, breaches: readonly Breach[]) => void {
  const would = new Counter({
    name: 'parapet_would_refuse_total',
    help: 'Requests that were let through and break a requirement that is only watched, by realm and client.',
    labelNames: ['realm', 'client', 'requirement'],
    registers,
  })
  const realmLabel = fewValues(limits.realms)
  const clientLabel = fewValues(limits.clients)
  return ({ realm, client = '', refusal }, breaches) => {
    if (refusal !== undefined) return
    const labels = { realm: realmLabel(realm), client: clientLabel(client) }
    for (const { requirement } of breaches) would.inc({ ...labels, requirement })
  }
}

/** What becomes of pushed requests, and how old they are then. */
function authorizationMeters(
  library: Library,
  registry: Registry,
  limits: MetricLimits,
): (trace: Trace) => void {
  const states = new library.Counter({
    name: 'parapet_pushes_total',
    help: 'Pushes and what became of them, by realm and client; refused ones too.',
    labelNames: ['realm', 'client', 'state'],
    registers: [registry],
  })
  const { sizes, ages } = pushHistograms(library, registry)
  const realmLabel = fewValues(limits.realms)
  const clientLabel = fewValues(limits.clients)
  const pushed = lru<number>(mostPushes)
  return ({ endpoint, realm, client = '', about, steps, refusal, bytes, began }) => {
    const labels = { realm: realmLabel(realm), client: clientLabel(client) }
    if (endpoint === '/par' && refusal !== undefined) states.inc({ ...labels, state: 'refused' })
    for (const state of steps) {
      states.inc({ ...labels, state })
      if (about === undefined) continue
      const since = pushed.get(about)
      if (state === 'pushed') pushed.set(about, began)
      else if (since !== undefined) ages.observe({ state }, (began - since) / 1000)
    }
    if (bytes !== undefined) sizes.observe(bytes)
  }
}

function pushHistograms({ Histogram }: Library, registry: Registry) {
  const registers = [registry]
  const sizes = new Histogram({
    name: 'parapet_push_bytes',
    help: 'Size of the stored record of a push.',
    buckets: [128, 256, 512, 1024, 2048, 4096, 16_384, 65_536, 262_144],
    registers,
  })
  const ages = new Histogram({
    name: 'parapet_push_age_seconds',
    help: 'Time from a push to what became of it, where this process took both.',
    labelNames: ['state'],
    buckets: [0.1, 0.5, 1, 2, 5, 10, 30, 60, 120, 300, 600, 1800],
    registers,
  })
  return { sizes, ages }
}
