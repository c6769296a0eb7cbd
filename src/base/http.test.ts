import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cpuTime } from '../../test/cpu.ts'
import { requestOf } from '../../test/world.ts'
import {
  cookies,
  header,
  headerCount,
  htmlPage,
  json,
  mediaType,
  redirect,
  withHeaders,
} from './http.ts'

function having(headers: Readonly<Record<string, string>>) {
  return requestOf('GET', '/', { headers })
}

const types: [value: string, type: string][] = [
  ['text/html', 'text/html'],
  ['Text/HTML ; charset=x', 'text/html'],
  ['text/html\t;x', 'text/html'],
  ['', ''],
  [';', ''],
  [' text/html', ' text/html'],
  ['text/html\u00a0', 'text/html\u00a0'],
  ['text/html, text/plain', 'text/html, text/plain'],
]
for (const [value, type] of types) {
  test(`H-2 the media type of ${JSON.stringify(value)} is ${JSON.stringify(type)}`, () => {
    assert.equal(mediaType(having({ 'content-type': value })), type)
  })
}

test('H-5 a long media type is read in no time', async () => {
  const spaces = ' \t'.repeat(500_000)
  for (const type of [`${spaces}x`, `x${spaces}`, `x${spaces}x`]) {
    assert.ok((await cpuTime(() => mediaType(having({ 'content-type': type })))) < 100)
  }
})

test('a header is one text; how often it was sent is told apart', () => {
  const http = {
    ...requestOf('GET', '/'),
    headers: { a: 'x', b: ['1', '2'] },
    rawHeaders: ['A', 'x', 'B', '1', 'b', '2', 'ab', '3'],
  }
  assert.equal(header(http, 'a'), 'x')
  assert.equal(header(http, 'b'), '1, 2')
  for (const absent of ['c', 'constructor', 'toString', '__proto__'])
    assert.equal(header(http, absent), undefined)
  assert.deepEqual(
    ['a', 'b', 'ab', 'c'].map((name) => headerCount(http, name)),
    [1, 2, 1, 0],
  )
})

test('B-7 every cookie of a name, so that a doubled one can be told', () => {
  const cookie = 'a=1; b=2;c=3; a=4; =5; a; ab=6; a=x=y; A=7'
  const http = having({ cookie })
  assert.deepEqual(cookies(http, 'a'), ['1', '4', 'x=y'])
  assert.deepEqual(cookies(http, 'c'), ['3'])
  assert.deepEqual(cookies(http, 'ab'), ['6'])
  assert.deepEqual(cookies(http, ''), [])
  assert.deepEqual(cookies(requestOf('GET', '/'), 'a'), [])
})

test('answers have the type of what they hold', () => {
  assert.deepEqual(json(201, { a: 'ü' }), {
    status: 201,
    headers: { 'content-type': 'application/json;charset=UTF-8' },
    body: '{"a":"ü"}',
  })
  assert.deepEqual(redirect(303, '/x', { a: 'b' }), {
    status: 303,
    headers: { a: 'b', location: '/x' },
    body: '',
  })
  assert.equal(htmlPage(400, '<p>').headers['content-type'], 'text/html;charset=UTF-8')
})

test('cookies of an answer add up, other headers replace', () => {
  const first = withHeaders(json(200, {}), { 'set-cookie': 'a=1', x: '1' })
  const second = withHeaders(first, { 'set-cookie': ['b=2', 'c=3'], x: '2' })
  assert.deepEqual(second.headers['set-cookie'], ['a=1', 'b=2', 'c=3'])
  assert.equal(second.headers.x, '2')
  assert.equal(first.headers.x, '1')
})
