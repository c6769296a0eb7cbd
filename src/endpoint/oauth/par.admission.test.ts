import assert from 'node:assert/strict'
import { test } from 'node:test'
import { withEvents } from '../../../test/events.ts'
import type { Process } from '../../../test/nodes.ts'
import { anotherProcess } from '../../../test/nodes.ts'
import { redirect_uri, register, secret } from '../../../test/register.ts'
import type { World } from '../../../test/world.ts'
import { base, basic, bodyOf, challenge, requestOf, world } from '../../../test/world.ts'
import type { HttpResponse } from '../../base/http.ts'

const form = {
  response_type: 'code',
  redirect_uri,
  scope: 'write',
  code_challenge: challenge,
  code_challenge_method: 'S256',
}

type Serving = Pick<Process, 'serve'>

interface Call {
  readonly client_id?: string
  readonly text?: string
  readonly peer?: string
  readonly path?: string
  readonly headers?: Readonly<Record<string, string>>
}

function call({ serve }: Serving, asked: Call = {}): Promise<HttpResponse> {
  const { client_id = 'one', text = secret, peer = '192.0.2.1', path = '/par', headers } = asked
  const authorization = basic(client_id, text)
  const http = requestOf('POST', base + path, { form, headers: { authorization, ...headers } })
  return serve({ ...http, peer })
}

async function statuses(all: readonly Serving[], calls: number, asked?: Call): Promise<string> {
  const answers: HttpResponse[] = []
  for (let i = 0; i < calls; i++) answers.push(await call(all[i % all.length] as Serving, asked))
  const counts = new Map<number, number>()
  for (const { status } of answers) counts.set(status, (counts.get(status) ?? 0) + 1)
  return [...counts]
    .sort(([a], [b]) => a - b)
    .map(([status, n]) => `${n}×${status}`)
    .join(' ')
}

async function limited(parapetConfig: Readonly<Record<string, number>>): Promise<World> {
  const w = await world({ alpha: { parapetConfig } })
  await register(w, 'one')
  await register(w, 'two', { own: { parPushesPerSecond: 2, parPushBurst: 6 } })
  await register(w, 'three', { own: { parPushesPerSecond: 1000, parPushBurst: 1000 } })
  return w
}

const ofClient = { parPushesPerSecond: 2, parPushBurst: 4 }
const ofSource = { parSourcePushesPerSecond: 2, parSourcePushBurst: 4 }

/** Limits, what is called how often, and what the answers are. */
const rows: readonly (readonly [
  title: string,
  limits: Readonly<Record<string, number>>,
  calls: readonly (readonly [asked: Call, calls: number, answers: string])[],
])[] = [
  [
    'each client may as often as the realm says, or as is registered for it',
    ofClient,
    [
      [{}, 10, '4×201 6×429'],
      [{ client_id: 'two' }, 10, '6×201 4×429'],
      [{ client_id: 'three' }, 10, '10×201'],
      [{ client_id: 'myClient', text: 'mySecret' }, 5, '4×400 1×429'],
    ],
  ],
  [
    'nobody uses up what another may: who is not proven is not counted',
    ofClient,
    [
      [{ text: 'wrong' }, 10, '10×401'],
      [{}, 5, '4×201 1×429'],
    ],
  ],
  [
    'an address is counted whoever it says it is, and before it has proven anything',
    ofSource,
    [
      [{ text: 'wrong' }, 6, '4×401 2×429'],
      [{}, 3, '3×429'],
      [{ peer: '192.0.2.2' }, 5, '4×201 1×429'],
      [{ peer: '2001:db8::1' }, 3, '3×201'],
      [{ peer: '2001:db8::2', client_id: 'two' }, 3, '1×201 2×429'],
      [{ peer: '2001:db8:0:1::2' }, 1, '1×201'],
    ],
  ],
  [
    'the other endpoints have none of these limits',
    { ...ofClient, ...ofSource },
    [
      [{}, 5, '4×201 1×429'],
      [{ path: '/introspect' }, 10, '10×400'],
      [{ path: '/token/revoke' }, 10, '10×400'],
      [{ path: '/access_token' }, 10, '10×400'],
    ],
  ],
  ['without a limit there is none', {}, [[{}, 300, '300×201']]],
]

for (const [title, limits, calls] of rows) {
  test(`P-17, RFC 9126 §2.3 ${title}`, async () => {
    const w = await limited(limits)
    const held: string[] = []
    for (const [asked, n] of calls) held.push(await statuses([w], n, asked))
    assert.deepEqual(
      held,
      calls.map(([, , answers]) => answers),
    )
  })
}

for (const [limits, why, description] of [
  [ofClient, 'pushes-rate', 'Too many pushed requests of one client'],
  [ofSource, 'source-rate', 'Too many pushed requests from one address'],
] as const) {
  test(`RFC 6585 §4 ${why}: 429 with an OAuth error, when to come again, and the headers of any refusal`, async () => {
    const w = await world({
      alpha: { parapetConfig: { ...limits, corsOrigins: ['https://app.example'] } },
    })
    await register(w, 'one')
    const origin = { origin: 'https://app.example' }
    await statuses([w], 4, {})
    const before = w.records.changeCount()
    const { value: refused, events } = await withEvents(() => call(w, { headers: origin }))
    assert.equal(refused.status, 429)
    assert.deepEqual(bodyOf(refused), {
      error_description: description,
      error: 'too_many_requests',
    })
    assert.equal(w.records.changeCount(), before, 'a refusal writes nothing')
    assert.equal(refused.headers['retry-after'], '1')
    assert.equal(refused.headers['access-control-allow-origin'], 'https://app.example')
    assert.equal(refused.headers['cache-control'], 'no-store')
    const told = events.find(({ name }) => name === 'request')
    assert.deepEqual([told?.fields.error, told?.fields.why], ['too_many_requests', why])
    w.clock.now += 1
    assert.equal((await call(w)).status, 201, 'who comes back then is let in')
  })

  test(`P-17 ${why}: processes together let pass what one may`, async () => {
    const w = await limited(limits)
    const both = [await anotherProcess(w), await anotherProcess(w)]
    const all = await Promise.all(
      Array.from({ length: 40 }, (_, i) => call(both[i % 2] as Process)),
    )
    assert.equal(all.filter(({ status }) => status === 201).length, 4)
    w.clock.now += 1
    assert.equal(await statuses(both, 10), '2×201 8×429')
  })
}

test('P-17 a client at ten times its quota takes nothing from the others', async () => {
  const w = await limited({ parPushesPerSecond: 10, parPushBurst: 10 })
  for (let second = 0; second < 5; second++) {
    const hostile = Array.from({ length: 100 }, () => call(w, { peer: '203.0.113.1' }))
    const others = Array.from({ length: 10 }, () => call(w, { client_id: 'three' }))
    const answers = await Promise.all([...hostile, ...others])
    const let201 = answers.slice(0, 100).filter(({ status }) => status === 201).length
    assert.equal(let201, 10)
    assert.ok(answers.slice(100).every(({ status }) => status === 201))
    w.clock.now += 1
  }
})
