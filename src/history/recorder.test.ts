import assert from 'node:assert/strict'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { test } from 'node:test'
import { codeFor, person, redeem, refresh } from '../../test/flow.ts'
import { recordedWorld, recorderOf, stepsOf } from '../../test/history.ts'
import { post } from '../../test/register.ts'
import { basic, bodyOf, push, pushed, pushForm, verifier } from '../../test/world.ts'
import type { Event } from '../base/log.ts'
import type { Store } from '../store/store.ts'

const bad = pushForm({ redirect_uri: 'https://elsewhere.example/cb' })

test('no secret that was used stands in a row, in no encoding', async () => {
  const rows: string[] = []
  const watched = (store: Store): Store => ({
    ...store,
    insert(key, value, ...more) {
      if (key.startsWith('history/')) rows.push(key, value.toString())
      return store.insert(key, value, ...more)
    },
  })
  const w = await recordedWorld({ records: watched })
  const p = await person(w)
  const code = await codeFor(w, { state: 'a-secret-state', nonce: 'a-secret-nonce' }, p)
  const request_uri = await pushed(w)
  const tokens = bodyOf(await redeem(w, code))
  await refresh(w, tokens.refresh_token)
  await redeem(w, code)
  await push(w, bad)
  await post(w, '/par', bad, { authorization: basic('myClient', 'a-wrong-secret') })
  await w.recorder.stop()
  assert.ok(rows.length > 0)
  const secrets = [code, request_uri, tokens.access_token, tokens.refresh_token, verifier]
  const more = ['mySecret', 'a-wrong-secret', 'a-secret-state', 'a-secret-nonce', p.session.token]
  for (const each of [...secrets, ...more, bad.redirect_uri]) {
    const text = String(each)
    const bytes = Buffer.from(text)
    const forms = [text, encodeURIComponent(text), bytes.toString('hex')]
    forms.push(bytes.toString('base64'), bytes.toString('base64url'))
    if (text.startsWith('urn:')) forms.push(text.slice(text.lastIndexOf(':') + 1))
    for (const form of forms) for (const row of rows) assert.equal(row.includes(form), false, form)
  }
})

test('a client and a realm have so many an hour, refusals their own share, and what is left out is said', async () => {
  const w = await recordedWorld({}, { client: 4, realm: 100 })
  const references: string[] = []
  for (let i = 0; i < 7; i += 1) references.push(await pushed(w))
  const refused = await push(w, bad)
  assert.equal(refused.status, 400)
  const kept = await w.explain({ token: String(references[0]) })
  assert.deepEqual([stepsOf(kept), kept?.left_out, kept?.complete], ['pushed', 3, true])
  const left = await w.explain({ token: String(references[6]) })
  assert.deepEqual([left?.steps[0]?.at, left?.complete], [null, false])
  w.clock.now += 3600
  assert.equal((await w.explain({ token: await pushed(w) }))?.complete, true)
  await w.recorder.stop()
})

test('a refused push is explained by the name of its request', async () => {
  const w = await recordedWorld()
  const answer = await post(w, '/par', bad, {
    authorization: basic(),
    'x-request-id': 'call-of-the-client',
  })
  assert.equal(answer.status, 400)
  const told = await w.explain({ request: 'call-of-the-client' })
  assert.deepEqual(
    [told?.state, told?.client_id, stepsOf(told)],
    ['refused', 'myClient', 'refused'],
  )
  assert.ok(told?.stopped?.section?.startsWith('RFC 6749'), JSON.stringify(told?.stopped))
  await w.recorder.stop()
})

test('a process that was killed takes what it had not written along, and that is said', async () => {
  const w = await recordedWorld()
  const request_uri = await pushed(w)
  await w.recorder.flush()
  await w.recorder.stop()
  // Nobody listens any more: what follows is what a process had not written when it was killed.
  const again = await pushed(w)
  const told = await w.explain({ token: again })
  assert.deepEqual([told?.complete, told?.state, stepsOf(told)], [false, 'pushed', 'pushed'])
  assert.match(String(told?.missing), /Up to a second/)
  const next = recorderOf(w)
  assert.equal((await w.explain({ token: request_uri }))?.complete, true)
  await next.stop()
})

test('where nothing can be written an event says so, and requests are answered all the same', async () => {
  let full = false
  const failing = (store: Store): Store => ({
    ...store,
    insert: (key, ...more) =>
      full && key.startsWith('history/')
        ? Promise.reject(new Error('the disk is full'))
        : store.insert(key, ...more),
  })
  const w = await recordedWorld({ records: failing })
  const names: string[] = []
  const listener = (message: unknown): void => void names.push((message as Event).name)
  subscribe('parapet', listener)
  full = true
  const request_uri = await pushed(w)
  await w.recorder.flush()
  full = false
  unsubscribe('parapet', listener)
  assert.ok(names.includes('history.not_written'))
  const told = await w.explain({ token: request_uri })
  assert.deepEqual([told?.complete, told?.left_out], [false, 1])
  await w.recorder.stop()
})
