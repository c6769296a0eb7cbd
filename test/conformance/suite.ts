/** The conformance suite's REST API, as far as running plans needs it. */

/** A module of a plan, with what of its variant is not fixed by the plan. */
export interface PlanModule {
  readonly testModule: string
  readonly variant?: Readonly<Record<string, string>>
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
  /** Page that shows all of it. */
  readonly page: string
}

/** Calls of one suite. */
export interface Suite {
  createPlan(name: string, variant: object | undefined, config: object): Promise<Plan>
  /** Runs one module to its end. */
  run(plan: Plan, module: PlanModule): Promise<Outcome>
}

interface Entry {
  readonly result?: string
  readonly src?: string
  readonly msg?: string
  /** The page a person would have taken a picture of. */
  readonly page_source?: string
}

/** A module that has not ended by then never does: seconds. */
const patience = 300

export function suiteAt(origin: string): Suite {
  const call = async (method: string, path: string, query: object, body?: object) => {
    const parameters = new URLSearchParams(Object.entries(query))
    const response = await fetch(`${origin}/api/${path}?${parameters}`, {
      method,
      headers: { 'content-type': 'application/json' },
      body: body === undefined ? null : JSON.stringify(body),
    })
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
    return response.json()
  }
  const withVariant = (query: object, variant: object | undefined): object =>
    variant === undefined ? query : { ...query, variant: JSON.stringify(variant) }
  return {
    async createPlan(planName, variant, config) {
      return (await call('POST', 'plan', withVariant({ planName }, variant), config)) as Plan
    },
    async run(plan, { testModule, variant }) {
      const query = withVariant({ test: testModule, plan: plan.id }, variant)
      const { id } = (await call('POST', 'runner', query)) as { id: string }
      const ended = await waitForEnd(call, id)
      const log = (await call('GET', `log/${id}`, {})) as readonly Entry[]
      return {
        ...ended,
        complaints: log.flatMap(complaintOf),
        page: `${origin}/log-detail.html?log=${id}`,
      }
    },
  }
}

function complaintOf({ result, src, msg, page_source }: Entry): readonly string[] {
  if (result !== 'FAILURE' && result !== 'WARNING' && result !== 'REVIEW') return []
  const title = /<title>\s*(.*?)\s*<\/title>/s.exec(page_source ?? '')?.[1]
  const shown = result === 'REVIEW' ? ` Shown: ${title ?? 'nothing'}` : ''
  return [`${result} ${src}: ${msg?.slice(0, 300)}${shown}`]
}

type Call = (method: string, path: string, query: object) => Promise<unknown>

/** Answers once it has ended, or stands at the start and waits for somebody. */
async function waitForEnd(call: Call, id: string): Promise<Pick<Outcome, 'status' | 'result'>> {
  for (let waited = 0; ; waited += 10) {
    const query = { states: 'FINISHED,INTERRUPTED', timeoutMs: '10000' }
    const { state } = (await call('GET', `runner/${id}/wait-state`, query)) as { state?: string }
    const { status, result } = (await call('GET', `info/${id}`, {})) as {
      status: string
      result?: string | null
    }
    if (state !== undefined || status === 'CONFIGURED' || waited >= patience) {
      return { status, result: result ?? 'UNKNOWN' }
    }
  }
}
