/** The conformance suite's REST API, as far as running plans needs it. */
import { knownAs, type LogEntry } from './known.ts'

/** A module of a plan, with what of its variant is not fixed by the plan. */
export interface PlanModule {
  readonly testModule: string
  readonly variant?: Readonly<Record<string, string>> | null
}

export interface Plan {
  readonly id: string
  readonly modules: readonly PlanModule[]
}

/** How a module ended. */
export interface Outcome {
  readonly status: string
  readonly result: string
  /** What did not go well or is for a person to judge, in the suite's words. */
  readonly complaints: readonly string[]
  /** Conditions whose warnings are the suite's own, if there was nothing else to warn of. */
  readonly excused: readonly string[]
  /** Page that shows all of it. */
  readonly page: string
}

/** Calls of one suite. */
export interface Suite {
  version(): Promise<string>
  createPlan(name: string, variant: object | undefined, config: object): Promise<Plan>
  /** Runs one module to its end; what one waits for that stands at its start is done by `act`. */
  run(plan: Plan, module: PlanModule, act: () => Promise<void>): Promise<Outcome>
}

/** A module that has not ended by then never does: seconds. */
const patience = 300

export function suiteAt(origin: string): Suite {
  const call: Call = async (method, path, query, body) => {
    const parameters = new URLSearchParams(Object.entries(query))
    const response = await fetch(`${origin}/api/${path}?${parameters}`, {
      method,
      headers: { 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
    const text = await response.text()
    return text === '' ? undefined : JSON.parse(text)
  }
  const withVariant = (query: object, variant: object | null | undefined): object =>
    variant === undefined || variant === null
      ? query
      : { ...query, variant: JSON.stringify(variant) }
  return {
    async version() {
      return ((await call('GET', 'server', {})) as { version: string }).version
    },
    async createPlan(planName, variant, config) {
      return (await call('POST', 'plan', withVariant({ planName }, variant), config)) as Plan
    },
    async run(plan, { testModule, variant }, act) {
      const query = withVariant({ test: testModule, plan: plan.id }, variant)
      const { id } = (await call('POST', 'runner', query)) as { id: string }
      const ended = await waitForEnd(call, id, act)
      const log = (await call('GET', `log/${id}`, {})) as readonly LogEntry[]
      const excused = log.flatMap((entry) => knownAs(entry)?.condition ?? [])
      const warned = log.filter(({ result }) => result === 'WARNING').length
      return {
        ...ended,
        complaints: log.flatMap(complaintOf),
        excused: ended.result === 'WARNING' && excused.length === warned ? excused : [],
        page: `${origin}/log-detail.html?log=${id}`,
      }
    },
  }
}

function complaintOf({ result, src, msg, page_source }: LogEntry): readonly string[] {
  if (result !== 'FAILURE' && result !== 'WARNING' && result !== 'REVIEW') return []
  const title = /<title>\s*(.*?)\s*<\/title>/s.exec(page_source ?? '')?.[1]
  const shown = result === 'REVIEW' ? ` Shown: ${title ?? 'nothing'}` : ''
  return [`${result} ${src}: ${msg?.slice(0, 300)}${shown}`]
}

type Call = (method: string, path: string, query: object, body?: object) => Promise<unknown>

/** Answers once it has ended; one that stands at its start for ten seconds waits for somebody to act. */
async function waitForEnd(
  call: Call,
  id: string,
  act: () => Promise<void>,
): Promise<Pick<Outcome, 'status' | 'result'>> {
  for (let waited = 0, started = false; ; waited += 10) {
    const query = { states: 'FINISHED,INTERRUPTED', timeoutMs: '10000' }
    const { state } = (await call('GET', `runner/${id}/wait-state`, query)) as { state?: string }
    const { status, result } = (await call('GET', `info/${id}`, {})) as {
      status: string
      result?: string | null
    }
    if (state !== undefined || waited >= patience) return { status, result: result ?? 'UNKNOWN' }
    if (status !== 'CONFIGURED' || started) continue
    started = true
    await act()
    await call('POST', `runner/${id}`, {})
  }
}
