import assert from 'node:assert/strict'
import { test } from 'node:test'
import { withEvents } from '../../test/events.ts'
import { event } from './log.ts'
import { newTrace, traced, traceOf } from './trace.ts'

const trace = '4bf92f3577b34da6a3ce929d0e0e4736'
const span = '00f067aa0ba902b7'
const good = `00-${trace}-${span}-01`
const zeros = (count: number): string => '0'.repeat(count)

const names: readonly [says: string, headers: Record<string, string>, id: string | undefined][] = [
  ['a traceparent', { traceparent: good }, trace],
  [
    'one of a later version, which says more',
    { traceparent: `${good.replace('00', '01')}-more` },
    trace,
  ],
  ['the first of three', { traceparent: good, 'x-request-id': 'a' }, trace],
  [
    'the transaction id of AM',
    { 'x-forgerock-transactionid': 'frodo-1', 'x-request-id': 'a' },
    'frodo-1',
  ],
  ['an X-Request-Id', { 'x-request-id': 'a/b.c:1@x_y+z=-' }, 'a/b.c:1@x_y+z=-'],
  ['what comes after a malformed traceparent', { traceparent: 'x', 'x-request-id': 'a' }, 'a'],
  [
    'what comes after a malformed transaction id',
    { 'x-forgerock-transactionid': 'a b', 'x-request-id': 'a' },
    'a',
  ],
  ['no traceparent of zeros', { traceparent: `00-${zeros(32)}-${span}-01` }, undefined],
  ['no traceparent whose span is zeros', { traceparent: `00-${trace}-${zeros(16)}-01` }, undefined],
  ['no traceparent of version ff', { traceparent: `ff-${trace}-${span}-01` }, undefined],
  ['no traceparent in upper case', { traceparent: good.toUpperCase() }, undefined],
  ['no empty name', { 'x-request-id': '' }, undefined],
  ['no name of two', { 'x-request-id': 'a, b' }, undefined],
  ['no name that breaks a line of JSON', { 'x-request-id': '","level":"alarm' }, undefined],
  ['no endless name', { 'x-request-id': 'a'.repeat(129) }, undefined],
]

for (const [says, headers, id] of names)
  test(`W3C Trace Context §3.2 a request is called by ${says}`, () => {
    const made = traceOf('GET', '127.0.0.1', headers)
    if (id === undefined) assert.match(made.id, /^[\da-f]{32}$/)
    else assert.equal(made.id, id)
    assert.equal(made.parent, id === trace ? span : undefined)
  })

test('house: what happens while a request is answered is told of that request, later and beside others too', async () => {
  const [first, second] = [
    newTrace({ method: 'GET', peer: '127.0.0.1' }),
    newTrace({ method: 'GET', peer: '127.0.0.1' }),
  ]
  assert.notEqual(first.id, second.id)
  const { events } = await withEvents(async () => {
    const work = async (name: string): Promise<void> => {
      await new Promise(setImmediate)
      event(name)
    }
    await Promise.all([traced(first, () => work('a')), traced(second, () => work('b')), work('c')])
  })
  const told = Object.fromEntries(events.map(({ name, trace: of }) => [name, of?.id]))
  assert.deepEqual(told, { a: first.id, b: second.id, c: undefined })
})
