/** Journeys of a world of which two processes are in this one, over a store of its own. */
import type { IncomingHttpHeaders } from 'node:http'
import type { JsonObject } from '../../../src/base/json.ts'
import { random } from '../../../src/base/random.ts'
import type { StoresOptions } from '../../../src/store/backend.ts'
import { openStores, rawShelves } from '../../../src/store/index.ts'
import { administrator } from '../../administrator.ts'
import { letterBox } from '../../letters.ts'
import { anotherNode } from '../../nodes.ts'
import type { Wire } from '../../wire.ts'
import { requestOf, type World, world } from '../../world.ts'
import { runners } from '../pair.ts'
import { type JourneySite, journeysAreSwept, journeysHold } from './journeys.ts'

/** A server in this process as one that is reached over the wire. */
export function called(serve: World['serve']): Pick<Wire, 'call'> {
  return {
    async call(method, path, { json, cookie, ...more } = {}) {
      const type = { 'content-type': 'application/json' }
      const answer = await serve(
        requestOf(method, path, {
          ...more,
          ...(cookie !== undefined && { cookie }),
          ...(json !== undefined && {
            ...{ body: JSON.stringify(json), headers: { ...type, ...more.headers } },
          }),
        }),
      )
      const headers = answer.headers as IncomingHttpHeaders
      return { status: answer.status, headers, text: String(answer.body) }
    },
  }
}

/** What `journeysHold` asks for, of two processes with connections of their own to this store. */
export async function journeysOn(url: string): Promise<void> {
  const clock = { now: 1_800_000_000 }
  const options: StoresOptions = {
    ...{ url, keyText: random(32).toString('hex'), random },
    now: () => clock.now,
  }
  const [one, two] = [await openStores(options), await openStores(options)]
  const box = letterBox()
  const w = await world({
    records: () => one.records,
    settings: () => one.settings,
    mail: box.mail,
  })
  const a = called(w.serve)
  const b = called(await anotherNode({ ...w, ...two }))
  const call = await administrator(w)
  const site: JourneySite = {
    ...{ a, b, link: box.link },
    race: (run) =>
      Promise.all(Array.from({ length: runners }, (_, i) => run(i % 2 === 0 ? a : b, i))),
    put: (path, document: JsonObject) => call('PUT', `/realm-config${path}`, document),
    settings: (read) => read(one.settings),
  }
  await journeysHold(site)
  const raw = await rawShelves(options)
  const later = await rawShelves({ ...options, now: () => clock.now + 3600 })
  await journeysAreSwept(raw.records, clock.now, later.records)
  const shelves = [raw, later].flatMap(({ settings, records }) => [settings, records])
  await Promise.all([one, two, ...shelves].map((each) => each.close()))
}
