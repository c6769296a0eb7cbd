import assert from 'node:assert/strict'
import { test } from 'node:test'
import { alarm, event } from '../../base/log.ts'
import { type LogOptions, logLines } from './log-lines.ts'

/** Lines written while `run` publishes events. */
function lines(options: LogOptions, run: () => void): string[] {
  let text = ''
  const write = (line: string): void => {
    text += line
  }
  const stop = logLines(options, { write, written: () => Promise.resolve() })
  run()
  void stop()
  assert.ok(text === '' || text.endsWith('\n'))
  return text.split('\n').slice(0, -1)
}

const json: LogOptions = { level: 'info', format: 'json' }

test('house: an event is one JSON line of level, time, event and fields', () => {
  const [line, ...more] = lines(json, () => event('par.stored', { client_id: 'c', bytes: 3 }))
  assert.deepEqual(more, [])
  const { time, ...rest } = JSON.parse(line ?? '') as Record<string, unknown>
  assert.match(String(time), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
  assert.deepEqual(rest, {
    level: 'info',
    event: 'par.stored',
    fields: { client_id: 'c', bytes: 3 },
  })
})

test('house: events below the level are not logged, with off none is', () => {
  const all = (): void => {
    event('a', {}, 'debug')
    event('b')
    event('c', {}, 'warn')
    alarm('d')
  }
  const names = (level: LogOptions['level']): string[] =>
    lines({ level, format: 'json' }, all).map(
      (line) => (JSON.parse(line) as { event: string }).event,
    )
  assert.deepEqual(names('debug'), ['a', 'b', 'c', 'd'])
  assert.deepEqual(names('warn'), ['c', 'd'])
  assert.deepEqual(names('alarm'), ['d'])
  assert.deepEqual(names('off'), [])
})

test('house: what is secret by its name is masked, however deep', () => {
  const secret = 's3cr3t'
  const names = [
    'client_secret',
    'code',
    'request_uri',
    'token',
    'refresh_token',
    'password',
    'Cookie',
  ]
  const more = ['client_assertion', 'adminPassword', 'id_token_hint', 'tokenId', 'state', 'csrf']
  const fields = Object.fromEntries([...names, ...more].map((name) => [name, secret]))
  const [line = ''] = lines(json, () =>
    event('x', { ...fields, inner: { list: [fields] }, bytes: Buffer.from(secret), kept: 'kept' }),
  )
  assert.doesNotMatch(line, /s3cr3t/)
  assert.match(line, /"kept":"kept"/)
  assert.match(line, /"client_secret":"\[masked\]"/)
})

test('X-6 no character of a value breaks a line or speaks to the terminal', () => {
  const hostile = 'a\r\n{"level":"info"}\n\0\x1b[2J\x7f\x9b31m\u2028\u2029\u202e\ufeff'
  for (const format of ['json', 'pretty'] as const) {
    const all = lines({ level: 'info', format }, () => {
      event('x', { client_id: hostile, [hostile]: 1 })
      event(hostile)
    })
    assert.equal(all.length, 2)
    for (const line of all) assert.doesNotMatch(line, /[\0-\x1f\x7f-\x9f\u2028\u2029\u202e\ufeff]/)
  }
  const [line = ''] = lines(json, () => event('x', { client_id: hostile }))
  const read = JSON.parse(line) as { fields: { client_id: string } }
  assert.equal(read.fields.client_id, hostile)
})

test('house: errors, cycles and endless texts make a line too', () => {
  const cycle: Record<string, unknown> = {}
  cycle.self = cycle
  const [line = ''] = lines(json, () =>
    event('x', { error: new Error('why'), cycle, long: 'x'.repeat(1e6), big: 1n, none: undefined }),
  )
  assert.match(line, /Error: why\\n {4}at /)
  assert.ok(line.length < 20_000)
})

test('house: a number stands in a line as JSON has it', () => {
  const numbers = [0, -0, 1, 201, -1, 3.2, 0.1, 1e21, 1e-7, 2 ** 53, Number.NaN, -Infinity]
  const [line = ''] = lines(json, () => event('x', { ...numbers }))
  assert.ok(line.endsWith(`"fields":${JSON.stringify({ ...numbers })}}`), line)
})

test('house: the pretty form reads as one line of text', () => {
  const [line] = lines({ level: 'info', format: 'pretty' }, () =>
    event('a.b', { c: 'd', n: 1 }, 'warn'),
  )
  assert.match(line ?? '', /^\d\d:\d\d:\d\d warn {2}a\.b c="d" n=1$/)
})
