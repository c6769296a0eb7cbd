import assert from 'node:assert/strict'
import { test } from 'node:test'
import { withEvents } from '../../../test/events.ts'
import { postAs, redirect_uri, register } from '../../../test/register.ts'
import { base, bodyOf, challenge, origin, requestOf, world } from '../../../test/world.ts'
import { json } from '../../base/http.ts'
import { errors, OAuthError } from '../../protocol/error.ts'
import { StoreUnavailable } from '../../store/store.ts'
import { answer } from './answer.ts'
import type { Endpoint } from './endpoint.ts'

const w = await world()
const realm = await w.realm()
const get = requestOf('GET', `${base}/x`)

/** An endpoint that does as told. */
function endpoint(handle: () => unknown, changes: Partial<Endpoint> = {}): Endpoint {
  return {
    path: '/x',
    under: 'oauth2',
    methods: ['GET'],
    errors: 'oauth',
    cors: false,
    handle: handle as Endpoint['handle'],
    ...changes,
  }
}

function throws(thrown: unknown, changes: Partial<Endpoint> = {}): Endpoint {
  return endpoint(() => {
    throw thrown
  }, changes)
}

const later = () => Promise.reject(new Error('later'))
const bugs: [name: string, thrown: unknown][] = [
  ['a TypeError', new TypeError('x of undefined')],
  ['a text', 'thrown text'],
  ['nothing', undefined],
  ['an object without a prototype', Object.create(null)],
  ['a rejection', later],
]
for (const [name, thrown] of bugs) {
  test(`P-6 ${name} thrown by an endpoint: 500 server_error, an alarm, and not a word of it outside`, async () => {
    const bug = thrown === later ? endpoint(later) : throws(thrown)
    const { value, events } = await withEvents(async () => answer(bug, realm, get))
    assert.equal(value.status, 500)
    assert.deepEqual(bodyOf(value), {
      error_description: 'The server met an unexpected condition.',
      error: 'server_error',
    })
    assert.equal(value.headers['cache-control'], 'no-store')
    const told = events.filter(({ level }) => level === 'alarm')
    assert.equal(told.length, 1)
    assert.equal(told[0]?.fields.endpoint, '/x')
    assert.equal(typeof told[0]?.fields.stack, 'string')
  })
}

test('C-28 an answer of every status may be read by a listed origin, and by no other', async () => {
  const own = await world({ alpha: { parapetConfig: { corsOrigins: ['https://app.example'] } } })
  const its = await own.realm()
  const asked = (from: string) => requestOf('GET', `${base}/x`, { headers: { origin: from } })
  const open = { cors: true } as const
  const made: [name: string, endpoint: Endpoint, more?: Partial<typeof get>][] = [
    ['200', endpoint(() => json(200, {}), open)],
    ['405', endpoint(() => json(200, {}), { ...open, methods: ['POST'] })],
    ['503', throws(new StoreUnavailable('x'), open)],
    ['500', throws(new TypeError('x'), open)],
    ['415', endpoint(() => json(200, {}), open), { body: Buffer.from('x') }],
    ...Object.entries(errors).map(([code, { status }]): (typeof made)[number] => [
      `${status} ${code}`,
      throws(new OAuthError(code as keyof typeof errors, 'x'), open),
    ]),
    ...[400, 413, 414, 431].map((status): (typeof made)[number] => [
      `${status} unread`,
      endpoint(() => json(200, {}), open),
      { refused: { status, description: 'too much' } },
    ]),
  ]
  for (const [name, one, more] of made) {
    for (const shape of ['oauth', 'crest', 'page'] as const) {
      const ask = async (from: string) => {
        const http = asked(from)
        const coded = more?.body === undefined ? {} : { 'content-encoding': 'gzip' }
        const whole = { ...http, ...more, headers: { ...http.headers, ...coded } }
        const { value } = await withEvents(async () =>
          answer({ ...one, errors: shape }, its, whole),
        )
        assert.equal(value.status, Number(name.slice(0, 3)), name)
        return value.headers['access-control-allow-origin']
      }
      assert.equal(await ask('https://app.example'), 'https://app.example', name)
      assert.equal(await ask('https://evil.example'), undefined, name)
    }
  }
})

test('T-3 a store that cannot answer: 503 with Retry-After, no alarm', async () => {
  const down = throws(
    new StoreUnavailable('not written', { cause: new Error('database or disk is full') }),
  )
  const { value, events } = await withEvents(async () => answer(down, realm, get))
  assert.equal(value.status, 503)
  assert.equal(value.headers['retry-after'], '1')
  assert.deepEqual(bodyOf(value), {
    error_description: 'Please try again.',
    error: 'temporarily_unavailable',
  })
  assert.deepEqual(
    events.map(({ name, level }) => [name, level]),
    [
      ['store.unavailable', 'warn'],
      ['request', 'info'],
    ],
  )
  assert.equal(events[0]?.fields.reason, 'not written: database or disk is full')
  assert.doesNotMatch(String(value.body), /disk/)
})

test('OA-13 what an error says is cleaned to what RFC 6749 §5.2 allows', async () => {
  const says = 'a "b" \\c\\ \r\n\0 é\u2028 <i>'
  const response = await answer(throws(new OAuthError('invalid_request', says)), realm, get)
  const { error_description } = bodyOf(response)
  assert.equal(error_description, 'a ?b? ?c? ??? ?? <i>')
  const long = throws(new OAuthError('invalid_request', 'x'.repeat(10_000)))
  assert.equal(String(bodyOf(await answer(long, realm, get)).error_description).length, 512)
})

test('an error’s status, headers and shape are the endpoint’s', async () => {
  const error = new OAuthError('invalid_client', 'No', {
    status: 401,
    headers: { 'www-authenticate': 'Basic realm="/alpha"' },
  })
  const response = await answer(throws(error), realm, get)
  assert.equal(response.status, 401)
  assert.equal(response.headers['www-authenticate'], 'Basic realm="/alpha"')
  const crest = await answer(throws(error, { errors: 'crest' }), realm, get)
  assert.deepEqual(bodyOf(crest), { code: 401, reason: 'Unauthorized', message: 'No' })
  const page = await answer(throws(error, { errors: 'page' }), realm, get)
  assert.equal(page.headers['content-type'], 'text/html;charset=UTF-8')
  assert.equal(page.status, 401)
})

test('C-21 a page becomes JSON where the caller prefers it', async () => {
  const error = new OAuthError('invalid_request', 'No')
  for (const [accept, type] of [
    ['application/json', 'application/json;charset=UTF-8'],
    ['text/html,application/json', 'text/html;charset=UTF-8'],
    ['*/*', 'text/html;charset=UTF-8'],
  ]) {
    const http = requestOf('GET', `${base}/x`, { headers: { accept: accept as string } })
    const response = await answer(throws(error, { errors: 'page' }), realm, http)
    assert.equal(response.headers['content-type'], type)
  }
})

test('H-9 HEAD is GET without its body; what is not listed is 405', async () => {
  const good = endpoint(() => json(200, { a: 1 }))
  const head = await answer(good, realm, { ...get, method: 'HEAD' })
  assert.deepEqual([head.status, head.body], [200, ''])
  const both = endpoint(() => json(200, {}), { methods: ['GET', 'POST'] })
  for (const method of ['PUT', 'OPTIONS', 'TRACE', 'get', '']) {
    const refused = await answer(both, realm, { ...get, method })
    assert.equal(refused.status, 405)
    assert.equal(refused.headers.allow, 'GET, POST')
    const says = `Required Method: GET or POST found: ${method}`
    assert.equal(bodyOf(refused).error_description, says)
  }
})

test('H-10, X-2 every answer, good or bad, is kept by nobody and sniffed by nobody', async () => {
  const answers = [
    endpoint(() => json(200, {})),
    throws(new OAuthError('invalid_request', 'No')),
    throws(new Error('bug')),
    throws(new OAuthError('invalid_request', 'No'), { errors: 'page' }),
    throws(new OAuthError('invalid_request', 'No'), { errors: 'crest' }),
  ]
  for (const each of answers) {
    const { headers } = await answer(each, realm, get)
    assert.equal(headers['cache-control'], 'no-store')
    assert.equal(headers.pragma, 'no-cache')
    assert.equal(headers['x-content-type-options'], 'nosniff')
    assert.equal(headers['referrer-policy'], 'no-referrer')
    assert.equal(headers['strict-transport-security'], undefined)
  }
})

test('H-11 over https every answer says so for a year', async () => {
  const http = { ...get, origin: 'https://as.example' }
  const { headers } = await answer(
    endpoint(() => json(200, {})),
    realm,
    http,
  )
  assert.equal(headers['strict-transport-security'], 'max-age=31536000')
})

test('an endpoint may say otherwise', async () => {
  const cached = endpoint(() => json(200, {}, { 'cache-control': 'max-age=60' }))
  assert.equal((await answer(cached, realm, get)).headers['cache-control'], 'max-age=60')
})

test('one outcome event per request, with code and reason of what failed', async () => {
  const detail = { reason: 'for the log' }
  const error = throws(new OAuthError('invalid_scope', 'public', detail))
  const { events } = await withEvents(async () => answer(error, realm, get))
  assert.deepEqual(
    events.map(({ name }) => name),
    ['request'],
  )
  const { ms, ...told } = events[0]?.fields ?? {}
  assert.ok(typeof ms === 'number' && ms >= 0)
  assert.deepEqual(told, {
    ...{ endpoint: '/x', realm: '/alpha', method: 'GET', status: 400, peer: '127.0.0.1' },
    ...{ client_id: undefined, sub: undefined, bytes: undefined },
    ...{ error: 'invalid_scope', reason: 'for the log' },
  })
})

test('T-3, P-6 the shelves fail in turn: 503 and never a half-made record', async () => {
  const other = await world()
  await register(other, 'one')
  const form = {
    response_type: 'code',
    redirect_uri,
    scope: 'write',
    code_challenge: challenge,
    code_challenge_method: 'S256',
  }
  const good = () => postAs(other, 'one', '/par', form)
  assert.equal((await good()).status, 201)
  const down = () => {
    throw new StoreUnavailable('down')
  }
  const rejects = async () => down()
  for (const [shelf, broken] of [
    [other.records, { insert: rejects }],
    [other.settings, { get: rejects, changeCount: () => 7_000_000 }],
    [other.settings, { get: down, changeCount: () => 8_000_000 }],
  ] as const) {
    const whole = { ...shelf }
    const before = other.records.changeCount()
    Object.assign(shelf, broken)
    const response = await good()
    assert.equal(response.status, 503)
    assert.equal(bodyOf(response).error, 'temporarily_unavailable')
    assert.equal(response.headers['retry-after'], '1')
    assert.equal(other.records.changeCount(), before)
    const page = await other.serve(requestOf('GET', `${base}/authorize`))
    if (shelf === other.settings) assert.equal(page.status, 503)
    const ready = await other.serve(requestOf('GET', `${origin}/am/json/health/ready`))
    if (shelf === other.settings) assert.equal(ready.status, 503)
    Object.assign(shelf, whole)
  }
  assert.equal((await good()).status, 201)
})
