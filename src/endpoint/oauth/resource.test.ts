import assert from 'node:assert/strict'
import { test } from 'node:test'
import { amend } from '../../../test/amend.ts'
import {
  authorizeUrl,
  claimsOf,
  codeFor,
  codeOf,
  decideByRest,
  person,
  redeem,
  refresh,
  refusedWith,
  tokenRequest,
  tokensFor,
} from '../../../test/flow.ts'
import { post, postAs, register } from '../../../test/register.ts'
import { mail, naming, notes, resource, withoutResource } from '../../../test/resource.ts'
import type { World } from '../../../test/world.ts'
import { base, basic, bodyOf, callback, push, pushForm, world } from '../../../test/world.ts'

const issuer = base

async function place(alpha = {}): Promise<World> {
  const w = await world({ alpha })
  await resource(w, notes, { scopes: ['write|Change your notes', 'read'] })
  await resource(w, mail, { scopes: ['email'] })
  return w
}

const w = await place()
const p = await person(w)
const both = { scope: 'openid email write', resource: `${notes} ${mail}` }

test('RI-2, RFC 8707 §2.1 several resources that were pushed are the audience of the access token, as they were written and in their order', async () => {
  const form = naming(pushForm({ scope: 'openid email write' }), mail, notes, mail)
  const request_uri = String(bodyOf(await push(w, form)).request_uri)
  const tokens = bodyOf(await redeem(w, codeOf(await decideByRest(p, request_uri))))
  assert.deepEqual(claimsOf(tokens.access_token).aud, [mail, notes])
  assert.equal(tokens.scope, 'email write')
  assert.deepEqual(claimsOf(tokens.access_token).scope, ['email', 'write'])
})

test('RFC 8707 §2 an ID token knows nothing of resources, and is issued whatever their scopes are', async () => {
  const tokens = await tokensFor(w, { scope: 'openid write', resource: notes }, p)
  assert.equal(claimsOf(tokens.access_token).aud, notes)
  assert.equal(tokens.scope, 'write')
  assert.equal(claimsOf(tokens.id_token).aud, 'myClient')
  const again = bodyOf(await refresh(w, tokens.refresh_token))
  assert.equal(claimsOf(again.id_token).aud, 'myClient')
})

test('RI-2, RFC 8707 §2.2 a token request narrows the access token, and the refresh token keeps all', async () => {
  const code = await codeFor(w, both, p)
  const first = bodyOf(await redeem(w, code, { resource: notes }))
  assert.deepEqual([claimsOf(first.access_token).aud, first.scope], [notes, 'write'])
  const second = bodyOf(await refresh(w, first.refresh_token, { resource: mail }))
  assert.deepEqual([claimsOf(second.access_token).aud, second.scope], [mail, 'email'])
  const all = bodyOf(await refresh(w, second.refresh_token))
  assert.deepEqual(claimsOf(all.access_token).aud, [notes, mail])
  assert.equal(all.scope, 'email write')
})

test('RFC 8707 §2.2 a code and a refresh token are for no more than was granted, and are not spent by asking', async () => {
  const code = await codeFor(w, { resource: notes }, p)
  refusedWith(await redeem(w, code, { resource: mail }), 'invalid_target')
  refusedWith(await redeem(w, code, { resource: `${notes} ${mail}` }), 'invalid_target')
  const tokens = bodyOf(await redeem(w, code))
  refusedWith(await refresh(w, tokens.refresh_token, { resource: issuer }), 'invalid_target')
  assert.equal((await refresh(w, tokens.refresh_token)).status, 200)
  const plain = await codeFor(w, {}, p)
  refusedWith(await redeem(w, plain, { resource: notes }), 'invalid_target')
  assert.equal(claimsOf(bodyOf(await redeem(w, plain)).access_token).aud, 'myClient')
})

const refused: readonly (readonly [string, string])[] = [
  ['a path', '/notes'],
  ['a word', 'notes'],
  ['a fragment', `${notes}#top`],
  ['an empty fragment', `${notes}#`],
  ['a scheme alone', 'https:'],
  ['no host', 'https://'],
  ['a control character', `${notes}\u0001`],
  ['a letter beyond ASCII', `${notes}/ü`],
  ['a broken percent', `${notes}/%2`],
  ['NUL', `${notes}\0`],
  ['one that is unknown', 'https://api.example/other'],
  ['one that differs in a slash', `${notes}/`],
  ['one that differs in case', 'https://API.example/notes'],
  ['one of two that is unknown', `${notes} https://api.example/other`],
]
for (const [what, identifier] of refused) {
  test(`RI-1, RFC 8707 §2 ${what} for a resource: invalid_target at every endpoint`, async () => {
    refusedWith(await push(w, naming(pushForm(), identifier)), 'invalid_target')
    const form = { grant_type: 'client_credentials', scope: 'write' }
    const direct = await post(w, '/access_token', naming(form, identifier), {
      authorization: basic(),
    })
    refusedWith(direct, 'invalid_target')
    const url = authorizeUrl({ client_id: 'myClient', ...pushForm(), resource: identifier })
    const answer = await p.get(url)
    assert.equal(
      new URL(String(answer.headers.location)).searchParams.get('error'),
      'invalid_target',
    )
  })
}

test('RFC 8707 §2 whether a resource is unknown or not for the client, the answer is one', async () => {
  await resource(w, 'urn:closed', { everyClient: false })
  const ask = async (identifier: string) =>
    String((await push(w, pushForm({ resource: identifier }))).body)
  assert.equal(await ask('urn:closed'), await ask('urn:nothing'))
  await amend(w, 'myClient', { parapetClientConfig: { resources: ['urn:closed'] } })
  const tokens = await tokensFor(w, { resource: 'urn:closed' }, p)
  assert.equal(claimsOf(tokens.access_token).aud, 'urn:closed')
  await amend(w, 'myClient', { parapetClientConfig: { resources: [] } })
  refusedWith(await refresh(w, tokens.refresh_token), 'invalid_target')
})

test('RFC 9068 §3, AT-6 a scope that means nothing at the resources is refused before anybody is asked', async () => {
  refusedWith(await push(w, pushForm({ scope: 'openid', resource: notes })), 'invalid_scope')
  const tokens = await tokensFor(w, both, p)
  refusedWith(
    await refresh(w, tokens.refresh_token, { resource: mail, scope: 'write' }),
    'invalid_scope',
  )
})

test('RFC 6749 §4.4, RFC 8707 §2.2 a client’s own token is for what it names', async () => {
  await register(w, 'service', { core: { scopes: ['write', 'email'] } })
  const ask = (...identifiers: string[]) =>
    postAs(
      w,
      'service',
      '/access_token',
      naming({ grant_type: 'client_credentials', scope: 'write email' }, ...identifiers),
    )
  const one = bodyOf(await ask(notes))
  assert.deepEqual([claimsOf(one.access_token).aud, one.scope], [notes, 'write'])
  const two = bodyOf(await ask(notes, mail))
  assert.deepEqual(claimsOf(two.access_token).aud, [notes, mail])
  assert.equal(claimsOf(bodyOf(await ask()).access_token).aud, 'service')
})

test('RFC 8707 §2 without a resource a client’s default holds, at every grant', async () => {
  const own = { resources: [notes], defaultResources: [notes] }
  await register(w, 'default', { core: { scopes: ['write'] }, own })
  const form = { grant_type: 'client_credentials', scope: 'write' }
  const direct = bodyOf(await postAs(w, 'default', '/access_token', form))
  assert.equal(claimsOf(direct.access_token).aud, notes)
  const redirect_uri = 'https://rp.example/cb'
  const pushed = await postAs(w, 'default', '/par', pushForm({ redirect_uri }))
  const request_uri = String(bodyOf(pushed).request_uri)
  const answer = await decideByRest(p, request_uri, { client_id: 'default' })
  const exchange = { grant_type: 'authorization_code', redirect_uri, code: codeOf(answer) }
  const verified = { ...exchange, code_verifier: 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk' }
  const tokens = bodyOf(await postAs(w, 'default', '/access_token', verified))
  assert.equal(claimsOf(tokens.access_token).aud, notes)
})

test('RFC 8707 §2 what was taken away between push and answer is refused at the visit, as an error of the client’s', async () => {
  await resource(w, 'urn:short')
  const pushed = await push(w, pushForm({ resource: 'urn:short' }))
  await withoutResource(w, 'urn:short')
  const request_uri = String(bodyOf(pushed).request_uri)
  const url = authorizeUrl({ client_id: 'myClient', request_uri })
  // Before anybody is asked: no page names a resource that is not there.
  for (const answer of [await p.get(url), await decideByRest(p, request_uri)]) {
    const { searchParams } = new URL(String(answer.headers.location))
    assert.equal(searchParams.get('error'), 'invalid_target')
  }
})

test('RFC 8707 §2.2 of several the one that is gone is in no new token', async () => {
  await resource(w, 'urn:first')
  const tokens = await tokensFor(w, { resource: `urn:first ${notes}` }, p)
  assert.deepEqual(claimsOf(tokens.access_token).aud, ['urn:first', notes])
  await withoutResource(w, 'urn:first')
  const left = bodyOf(await refresh(w, tokens.refresh_token))
  assert.equal(claimsOf(left.access_token).aud, notes)
  refusedWith(await refresh(w, left.refresh_token, { resource: 'urn:first' }), 'invalid_target')
})

test('C-3 a refresh that is asked for again is the same answer only for the same resources', async () => {
  const tokens = await tokensFor(w, both, p)
  const first = bodyOf(await refresh(w, tokens.refresh_token, { resource: notes }))
  const again = bodyOf(await refresh(w, tokens.refresh_token, { resource: notes }))
  assert.equal(claimsOf(again.access_token).jti, claimsOf(first.access_token).jti)
  const other = bodyOf(await refresh(w, tokens.refresh_token, { resource: mail }))
  assert.equal(claimsOf(other.access_token).aud, mail)
})

test('RFC 6749 §3.1 an empty resource counts as absent', async () => {
  const form = { grant_type: 'client_credentials', scope: 'write', resource: '' }
  const answer = await tokenRequest(w, form)
  assert.equal(claimsOf(bodyOf(answer).access_token).aud, 'myClient')
  assert.equal((await push(w, `${naming(pushForm())}&resource=&resource=`)).status, 201)
  assert.equal((await push(w, pushForm({ redirect_uri: callback }))).status, 201)
})
