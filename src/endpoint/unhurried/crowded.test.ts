import assert from 'node:assert/strict'
import { test } from 'node:test'
import { actionOf, browser, fieldsOf, locationOf } from '../../../test/browser.ts'
import { slimUrl } from '../../../test/flow.ts'
import { byId } from '../../../test/html-tree.ts'
import { base, pushed, requestOf, world } from '../../../test/world.ts'
import { inHashLane } from '../../base/hashing/lanes.ts'
import { held, lanes } from '../../base/hashing/queues.ts'
import type { HttpRequest } from '../../base/http.ts'
import { oneATurn } from '../../base/one-a-turn.ts'
import { nextTurn } from '../../base/time.ts'

const peer = '192.0.2.7'
const anywhere = await world()
const w = { ...anywhere, serve: (http: HttpRequest) => anywhere.serve({ ...http, peer }) }
const right = { IDToken1: 'demo', IDToken2: 'Ch4ng31t' }
const headers = { 'accept-api-version': 'resource=2.1', 'content-type': 'application/json' }
const url = base.replace('/oauth2/', '/json/').concat('/authenticate')

/** As many of one source wait to log in as may; ends them all. */
async function crowd(source: string): Promise<() => Promise<void>> {
  const turn = { kind: 'login', source }
  const { promise, resolve } = Promise.withResolvers<void>()
  const hashed = Array.from({ length: 2 * lanes + 1 }, () => inHashLane(turn, () => promise))
  const waiting: Promise<unknown>[] = []
  for (let before = -1; held.size > before || waiting.length < 20; ) {
    before = held.size
    waiting.push(Promise.resolve(oneATurn(() => 'in', turn)).catch(() => 'refused'))
    await nextTurn()
    await nextTurn()
  }
  return async () => {
    resolve()
    await Promise.all([...hashed, ...waiting])
  }
}

test('C-34 where too many of an address wait, one more is told to come again: by page, which asks anew, and by REST', async () => {
  const b = browser(w)
  const detour = await b.get(slimUrl(await pushed(w, { scope: 'openid' })))
  const page = await b.get(locationOf(detour).href)
  const letIn = await crowd(peer)
  const full = held.size
  assert.ok(full > 350, `${full}`)

  const crowded = await b.post(actionOf(page), { ...fieldsOf(page), ...right })
  assert.deepEqual([crowded.status, crowded.headers['retry-after']], [503, '1'])
  assert.ok(byId(String(crowded.body), 'busy') !== undefined)
  assert.match(String(crowded.body), /The server is busy just now/)
  assert.doesNotMatch(String(crowded.body), /too many tries/)
  const bodyOf = (body: object) => requestOf('POST', url, { headers, body: JSON.stringify(body) })
  const refused = await w.serve(bodyOf({ authId: 'any', callbacks: [] }))
  assert.deepEqual([refused.status, refused.headers['retry-after']], [503, '1'])
  assert.match(String(refused.body), /Too many logins at once/)
  const first = await w.serve(bodyOf({}))
  assert.equal(first.status, 200, 'who begins needs no hash')
  assert.equal(held.size, full)

  await letIn()
  const back = await b.post(actionOf(crowded), { ...fieldsOf(crowded), ...right })
  assert.equal(back.status, 303)
  assert.equal(held.size, 0)
})
