import assert from 'node:assert/strict'
import { test } from 'node:test'
import { administrator, type Call } from '../../../test/administrator.ts'
import { amend, amendRealm } from '../../../test/amend.ts'
import { headerOf, tokensFor } from '../../../test/flow.ts'
import { anotherNode } from '../../../test/nodes.ts'
import { base, basic, bodyOf, requestOf, type World, world } from '../../../test/world.ts'
import { isoTime } from '../../base/time.ts'
import { keySetKept, publishedBefore } from '../../realm/key/key-state.ts'

const url = '/parapet/keys'

interface Listed {
  readonly _id: string
  readonly use: string
  readonly state: string
  readonly kid?: string
  readonly alg?: string
  readonly from?: string
  readonly until?: string
}

async function opened() {
  const w = await world()
  await amendRealm(w, { advancedOAuth2Config: { tokenSigningAlgorithm: 'ES256' } })
  await amend(w, 'myClient', { signEncOAuth2ClientConfig: { idTokenSignedResponseAlg: 'ES256' } })
  // A session of its own for each call: the clock goes far between them.
  const call: Call = async (...asked) => (await administrator(w))(...asked)
  const list = async (filter = 'alg eq "ES256"'): Promise<readonly Listed[]> => {
    const answer = await call('GET', `${url}?_queryFilter=${encodeURIComponent(filter)}`)
    assert.equal(answer.status, 200, String(answer.body))
    return bodyOf(answer).result as Listed[]
  }
  const rotate = (body: unknown) => call('POST', `${url}?_action=rotate`, body)
  return { w, call, list, rotate }
}

async function kids(serve: World['serve']): Promise<readonly string[]> {
  const { keys } = bodyOf(await serve(requestOf('GET', `${base}/connect/jwk_uri`)))
  return (keys as { kid: string }[]).map(({ kid }) => kid)
}

async function active(serve: World['serve'], token: unknown): Promise<unknown> {
  const sent = { form: { token: String(token) }, headers: { authorization: basic() } }
  return bodyOf(await serve(requestOf('POST', `${base}/introspect`, sent))).active
}

test('META-4 keys are listed with their states, and no private member of them', async () => {
  const { w, list, rotate } = await opened()
  assert.equal((await list('true')).length, 6)
  const [first] = await list()
  assert.deepEqual([first?._id, first?.state, first?.use], ['ES256-0', 'active', 'sig'])
  const rotated = await rotate({ keys: 'ES256' })
  assert.equal(rotated.status, 200)
  const states = async () => (await list()).map(({ _id, state }) => `${_id} ${state}`)
  assert.deepEqual(await states(), ['ES256-0 active', 'ES256-1 published'])
  const [, next] = await list()
  const used = w.clock.now + publishedBefore
  assert.equal(next?.from, isoTime(used))
  w.clock.now = used
  assert.deepEqual(await states(), ['ES256-0 retired', 'ES256-1 active'])
  const [old] = await list()
  assert.equal(old?.until, isoTime(used + 86_400 + keySetKept))
  for (const name of ['d', 'k', 'p', 'q', 'n', 'x'])
    for (const each of await list('true')) assert.equal(Object.hasOwn(each, name), false, name)
})

test('META-4 a key rotated in one process counts in the next request of another', async () => {
  const { w, rotate } = await opened()
  const other = await anotherNode(w)
  const before = await kids(other)
  const { access_token } = await tokensFor(w)
  assert.equal(await active(other, access_token), true)
  await rotate({ keys: 'ES256' })
  const during = await kids(other)
  assert.equal(during.length, before.length + 1)
  assert.deepEqual(
    before.filter((kid) => !during.includes(kid)),
    [],
  )
  await rotate({ keys: 'ES256', now: true })
  const { kid } = headerOf(access_token)
  assert.ok(!(await kids(other)).includes(String(kid)))
  assert.equal(await active(other, access_token), false, 'what a spoilt key signed is refused')
  const anew = await tokensFor(w)
  assert.equal(await active(other, anew.access_token), true)
})

test('META-4 a key is ended before its time only while it is not in use', async () => {
  const { w, call, list, rotate } = await opened()
  const { access_token } = await tokensFor(w)
  assert.equal((await call('DELETE', `${url}/ES256-0`)).status, 409)
  await rotate({ keys: 'ES256' })
  w.clock.now += publishedBefore
  const renewed = await tokensFor(w)
  const [old] = await list()
  assert.equal((await call('DELETE', `${url}/ES256-0`, '', { 'if-match': 'x' })).status, 412)
  const gone = await call('DELETE', `${url}/ES256-0`)
  assert.deepEqual([gone.status, bodyOf(gone).kid], [200, old?.kid])
  assert.equal((await call('GET', `${url}/ES256-0`)).status, 404)
  assert.equal(await active(w.serve, access_token), false)
  assert.equal(await active(w.serve, renewed.access_token), true)
})

test('PingAM: rest-api-crest what is asked wrongly rotates nothing, and says what would be right', async () => {
  const { call, list, rotate } = await opened()
  const before = await list('true')
  for (const [body, said] of [
    [{}, 'keys: must be one of sig, mac, enc, all, RS256'],
    [{ keys: 'none' }, 'keys: must be one of'],
    [{ keys: ['sig'] }, 'keys: must be one of'],
    [{ keys: 'sig', now: 'yes' }, 'now: must be true or false'],
    [{ keys: 'sig', when: 1 }, 'when: there is no such member'],
  ] as const) {
    const answer = await rotate(body)
    assert.equal(answer.status, 400)
    assert.ok(String(answer.body).includes(said), String(answer.body))
  }
  assert.equal((await call('POST', `${url}?_action=revoke`, { keys: 'sig' })).status, 400)
  for (const name of ['ES256-9', 'ES256', 'a/b', '%2F'])
    assert.equal((await call('GET', `${url}/${name}`)).status, 404, name)
  assert.equal((await call('PUT', `${url}/ES256-1`, {})).status, 405)
  assert.deepEqual(await list('true'), before)
})
