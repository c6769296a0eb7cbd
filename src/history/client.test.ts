import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { codeFor, redeem, slimUrl } from '../../test/flow.ts'
import { recordedWorld, stepsOf } from '../../test/history.ts'
import { post, redirect_uri, register, secret } from '../../test/register.ts'
import { basic, bodyOf, pushed, pushForm, requestOf } from '../../test/world.ts'
import { newTrace } from '../base/trace.ts'
import { type Client, findClient } from '../client/client.ts'
import { addTo, finish, newDraft } from './draft.ts'
import { recordNamed } from './reference.ts'
import { rowKey } from './row-key.ts'
import { rowsOf } from './rows.ts'

const w = await recordedWorld()
after(() => w.recorder.stop())
await register(w, 'other', { own: { profile: 'strict' } })
const other = (await findClient(await w.realm(), 'other')) as Client

const unknown = `urn:ietf:params:oauth:request_uri:${'A'.repeat(43)}`
const handle = (request_uri: string): string => request_uri.slice(request_uri.lastIndexOf(':') + 1)

/** Tries that another client makes of what is not its own, and the same of what was never made. */
const tries: readonly (readonly [
  string,
  (id: string, text: string) => Promise<unknown>,
  () => Promise<string>,
])[] = [
  [
    'a request_uri at the authorization endpoint',
    (id, text) => {
      const url = slimUrl(text, { client_id: 'other' })
      return w.serve(requestOf('GET', url, { headers: { 'x-request-id': id } }))
    },
    () => pushed(w),
  ],
  ['a code at the token endpoint', tokens('authorization_code', 'code'), () => codeFor(w)],
  [
    'a refresh token at the token endpoint',
    tokens('refresh_token', 'refresh_token'),
    async () => String(bodyOf(await redeem(w, await codeFor(w))).refresh_token),
  ],
]

function tokens(grant_type: string, name: string) {
  return (id: string, text: string): Promise<unknown> =>
    post(
      w,
      '/access_token',
      { grant_type, [name]: handle(text), redirect_uri: 'https://a.example/cb' },
      { authorization: basic('other', secret), 'x-request-id': id },
    )
}

for (const [what, attempt, theirs] of tries)
  test(`P-8 a client learns nothing by asking of its own try of what is another’s, living or gone: ${what}`, async () => {
    const said = async (request: string, text: string): Promise<unknown> => {
      await attempt(request, text)
      const told = await w.explain({ request }, { client: other })
      return { state: told?.state, why: told?.stopped?.why, steps: stepsOf(told) }
    }
    const text = await theirs()
    const never = await said('never', unknown)
    assert.deepEqual(await said('foreign', text), never)
    w.clock.now += 100 * 86_400
    assert.deepEqual(await said('gone', text), never)
    assert.equal((never as { state: string }).state, 'refused')
  })

test('PingAM: where the answer itself says that a request_uri is another’s, asking afterwards says so too', async () => {
  const at = await recordedWorld()
  await register(at, 'other')
  const client = await findClient(await at.realm(), 'other')
  const url = slimUrl(await pushed(at), { client_id: 'other' })
  await at.serve(requestOf('GET', url, { headers: { 'x-request-id': 'one' } }))
  const told = await at.explain({ request: 'one' }, { client })
  assert.deepEqual([told?.stopped?.why, told?.state], ['request-uri-foreign', 'refused'])
  await at.recorder.stop()
})

for (const [i, id] of ['__proto__', 'constructor', 'toString', '*'].entries())
  test(`T-8 a client may be called ${id}, and is told of its requests by their names`, async () => {
    await register(w, id)
    const client = await findClient(await w.realm(), id)
    const headers = {
      authorization: basic(id, secret),
      'x-request-id': `by-${i}`,
    }
    assert.equal((await post(w, '/par', pushForm({ redirect_uri }), headers)).status, 201)
    const told = await w.explain({ request: headers['x-request-id'] }, { client })
    assert.equal(stepsOf(told), 'pushed')
  })

/** Rows as they would be where so many visits were made of one name. */
async function flood(about: string, rows: number): Promise<void> {
  const realm = await w.realm()
  for (let row = 0; row < rows; row += 1) {
    const at = w.clock.now * 1000 + row
    const draft = newDraft(realm.path, at)
    for (let entry = 0; entry < 80; entry += 1) {
      const trace = newTrace({ method: 'GET', peer: '', id: 'flood' })
      addTo(draft, at, { ...trace, endpoint: '/authorize', client: 'myClient', about })
    }
    const key = rowKey(realm, at, String(row).padStart(8, '0'), draft.names, false)
    const value = finish(draft, { clients: {}, leftOut: {} })
    await w.records.insert(key, value, realm.timeOfDay() + 86_400)
  }
}

test('of however many requests the first, which says whose it is, and the last ones are told, and the others counted', async () => {
  const request_uri = await pushed(w)
  await w.recorder.flush()
  const key = recordNamed(await w.realm(), request_uri) as Buffer
  w.clock.now += 700
  await flood(key.toString('hex'), 40)
  const client = await findClient(await w.realm(), 'myClient')
  const told = await w.explain({ token: request_uri }, { client })
  assert.deepEqual([told?.steps.length, told?.left_out], [500, 2701])
})

test('others are served while a great many rows are read', async () => {
  await flood('', 60)
  let read = 0
  let most = 0
  const get = w.records.get.bind(w.records)
  const realm = { ...(await w.realm()) }
  const records = {
    ...w.records,
    get: (key: string) => {
      read += 1
      most = Math.max(most, read)
      return get(key)
    },
  }
  let turning = true
  const turn = (): void => {
    read = 0
    if (turning) setImmediate(turn)
  }
  turn()
  for await (const _ of rowsOf({ ...realm, records }, ['flood'])) {
    // Looked at, and left.
  }
  turning = false
  assert.ok(most <= 20, `${most} rows in one turn`)
})
