import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bodyOf, origin, requestOf } from '../../test/world.ts'
import type { HttpResponse, Serve } from '../base/http.ts'
import { alive, starting } from './probes.ts'

const ask = (name: string) => requestOf('GET', `${origin}/am/json/health/${name}`)

test('house: a server that starts lives and is not ready, and what else is asked waits until it is', async () => {
  const { promise, resolve } = Promise.withResolvers<Serve>()
  const serve = starting(promise)
  const told = async (name: string) => {
    const answer: HttpResponse = await serve(ask(name))
    return [answer.status, bodyOf(answer).status]
  }
  assert.deepEqual(await told('live'), [200, 'live'])
  assert.deepEqual(await told('ready'), [503, 'starting'])
  const waiting = serve(requestOf('GET', `${origin}/am/oauth2/x`))
  resolve(() => ({ status: 204, headers: {}, body: '' }))
  assert.equal((await waiting).status, 204)
})

test('house: that a process lives depends on no store', async () => {
  const serve = alive(() => {
    throw new Error('no store')
  })
  assert.equal((await serve(ask('live'))).status, 200)
  assert.throws(() => serve(ask('ready')))
})
