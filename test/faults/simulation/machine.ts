/** Simulated processes of the real server over one simulated store: they crash, and begin again with nothing. */
import type { HttpRequest, HttpResponse } from '../../../src/base/http.ts'
import { endpoints } from '../../../src/endpoint/index.ts'
import { router } from '../../../src/endpoint/serve/route.ts'
import { realms } from '../../../src/realm/realms.ts'
import type { InitialState } from './initial-state.ts'
import type { Scheduler } from './scheduler.ts'
import { type Shelf, shelfOf, type Trouble } from './shelf.ts'

export interface Machine {
  readonly name: string
  /** Undefined where it crashed before it answered. */
  call(http: HttpRequest): Promise<HttpResponse | undefined>
  /** Everything that it had not stored is gone. */
  crash(): void
}

/** What all machines share. */
export interface SharedState {
  readonly initial: InitialState
  readonly scheduler: Scheduler
  readonly settings: Shelf
  readonly records: Shelf
  readonly trouble: () => Trouble
}

/** `skew`: seconds by which its clock is ahead. */
export function newMachine(shared: SharedState, name: string, skew: number): Machine {
  let life = 0
  let running = begin(shared, `${name}.0`, skew)
  return {
    name,
    call: (http) => running.call(http),
    crash() {
      running.end()
      life += 1
      running = begin(shared, `${name}.${life}`, skew)
    },
  }
}

function begin(
  { initial, scheduler, settings, records, trouble }: SharedState,
  who: string,
  skew: number,
): Pick<Machine, 'call'> & { end(): void } {
  const now = (): number => records.now() + skew
  const shelf = (of: Shelf) => shelfOf(of, scheduler, who, trouble)
  const { promise: crashed, resolve } = Promise.withResolvers<undefined>()
  const route = router(
    endpoints,
    realms({
      ...{ settings: shelf(settings), records: shelf(records), now, timeOfDay: now, fetch },
      ...{ handleKeys: initial.handleKeys, random: scheduler.bytes },
    }),
  )
  return {
    call: (http) => Promise.race([(async () => route(http))(), crashed]),
    end() {
      scheduler.drop(who)
      resolve(undefined)
    },
  }
}
