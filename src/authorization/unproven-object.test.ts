import assert from 'node:assert/strict'
import { test } from 'node:test'
import { signer } from '../../test/assertion.ts'
import { redirect_uri } from '../../test/register.ts'
import { objectClaims, registerSigner, signed } from '../../test/request-object.ts'
import { base, bodyOf, requestOf, world } from '../../test/world.ts'
import type { HttpResponse } from '../base/http.ts'

const w = await world()
const own = await signer('ES256')
const stranger = await signer('ES256')
await registerSigner(w, 'first', [own])
await registerSigner(w, 'second', [own])
await registerSigner(w, 'app', [own], { core: { clientType: 'Public' } })

let sources = 0

/** An address nothing has come from. */
function source(): string {
  sources += 1
  return `10.9.${sources >> 8}.${sources & 255}`
}

function object(client_id: string, good: boolean): string {
  return signed(good ? own : stranger, objectClaims(w, client_id), { kid: undefined })
}

function visit(peer: string, good: boolean, client_id = 'first'): Promise<HttpResponse> {
  const query = new URLSearchParams({ client_id, redirect_uri, request: object(client_id, good) })
  const http = requestOf('GET', `${base}/authorize?${query}`)
  return w.serve({ ...http, peer })
}

function push(peer: string, good: boolean): Promise<HttpResponse> {
  const form = new URLSearchParams({ client_id: 'app', request: object('app', good) })
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  const http = requestOf('POST', `${base}/par`, { headers, body: String(form) })
  return w.serve({ ...http, peer })
}

/** A redirect with an error, or the status of a page. */
function outcome({ status, headers }: HttpResponse): string {
  const { location } = headers
  if (typeof location !== 'string') return String(status)
  return new URL(location).searchParams.get('error') ?? 'login'
}

async function outcomes(count: number, one: () => Promise<HttpResponse>): Promise<string[]> {
  const all: string[] = []
  for (let i = 0; i < count; i++) all.push(outcome(await one()))
  return [...new Set(all)]
}

test('C-34 of one source and client twenty bad objects in five seconds are opened, then none', async () => {
  const peer = source()
  assert.deepEqual(await outcomes(20, () => visit(peer, false)), ['invalid_request_object'])
  const refused = await visit(peer, false)
  assert.deepEqual([refused.status, refused.headers['retry-after']], [429, '5'])
  assert.equal(outcome(await visit(peer, true)), '429', 'not even a good one: none is looked at')
  assert.equal(outcome(await visit(peer, true, 'second')), 'login', 'another client')
  assert.equal(outcome(await visit(source(), true)), 'login', 'another source')
  w.clock.now += 5
  assert.equal(outcome(await visit(peer, true)), 'login')
})

test('C-34 good objects are never too many', async () => {
  const peer = source()
  assert.deepEqual(await outcomes(60, () => visit(peer, true)), ['login'])
  const all = await Promise.all(Array.from({ length: 60 }, () => visit(peer, true)))
  assert.deepEqual([...new Set(all.map(outcome))], ['login'])
})

test('C-34 once one was bad, many at once gain nothing', async () => {
  const peer = source()
  await visit(peer, false)
  w.clock.now += 60
  const all = await Promise.all(Array.from({ length: 100 }, () => visit(peer, false)))
  const opened = all.map(outcome).filter((each) => each === 'invalid_request_object')
  assert.equal(opened.length, 20)
})

test('C-34 a public client’s pushes are counted like its visits, since it proves nothing', async () => {
  const peer = source()
  for (let i = 0; i < 20; i++) {
    assert.equal(bodyOf(await push(peer, false)).error, 'invalid_request_object')
  }
  assert.equal((await push(peer, false)).status, 429)
  assert.equal((await push(source(), true)).status, 201)
})
