import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  claimsOf,
  decideByRest,
  headerOf,
  person,
  refresh,
  refusedWith,
  tokensFor,
  withToken,
} from '../../../test/flow.ts'
import { post, postAs, register } from '../../../test/register.ts'
import { mail, notes, resource, withoutResource } from '../../../test/resource.ts'
import type { World } from '../../../test/world.ts'
import { base, basic, bodyOf, pushForm, requestOf, world } from '../../../test/world.ts'

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

test('RFC 8707 §2 a token for a resource is no token for this server; for both it is', async () => {
  const scope = 'openid email'
  const elsewhere = await tokensFor(w, { scope, resource: mail }, p)
  const answer = await withToken(w, '/userinfo', elsewhere.access_token)
  refusedWith(answer, 'invalid_token', undefined, 401)
  assert.match(String(answer.headers['www-authenticate']), /^Bearer .*error="invalid_token"/)
  const tokens = await tokensFor(w, { scope, resource: `${mail} ${issuer}` }, p)
  assert.equal((await withToken(w, '/userinfo', tokens.access_token)).status, 200)
  const narrowed = bodyOf(await refresh(w, tokens.refresh_token, { resource: mail }))
  assert.equal((await withToken(w, '/userinfo', narrowed.access_token)).status, 401)
  const own = bodyOf(await refresh(w, narrowed.refresh_token, { resource: issuer }))
  assert.equal((await withToken(w, '/userinfo', own.access_token)).status, 200)
})

test('RFC 8707 §2, RFC 7662 §2.2 introspection tells what an opaque token is for', async () => {
  const opaque = await place({ coreOAuth2Config: { statelessTokensEnabled: false } })
  const tokens = await tokensFor(opaque, both)
  const introspected = async (token: unknown) =>
    bodyOf(await post(opaque, '/introspect', { token: String(token) }, { authorization: basic() }))
  assert.ok(!String(tokens.access_token).includes('.'))
  assert.deepEqual((await introspected(tokens.access_token)).aud, [notes, mail])
  const one = bodyOf(await refresh(opaque, tokens.refresh_token, { resource: mail }))
  const told = await introspected(one.access_token)
  assert.deepEqual([told.aud, told.scope], [mail, 'email'])
  const { access_token } = await tokensFor(opaque)
  assert.equal((await introspected(access_token)).aud, undefined)
})

test('RFC 7662 §4, T-6 the server of a resource looks at tokens for it, whoever they were issued to, and at no others', async () => {
  await register(w, 'mail server', { own: { introspectedResources: [mail] } })
  await register(w, 'notes server', { own: { introspectedResources: [notes] } })
  const active = async (client_id: string, token: unknown) =>
    bodyOf(await postAs(w, client_id, '/introspect', { token: String(token) })).active
  const all = await tokensFor(w, both, p)
  const one = bodyOf(await refresh(w, all.refresh_token, { resource: mail }))
  const plain = await tokensFor(w, {}, p)
  for (const [token, ofMail, ofNotes] of [
    [all.access_token, true, true],
    [one.access_token, true, false],
    [plain.access_token, false, false],
    [all.refresh_token, false, false],
  ] as const) {
    assert.equal(await active('mail server', token), ofMail)
    assert.equal(await active('notes server', token), ofNotes)
  }
})

test('RFC 9068 §2.1 a resource may have its tokens as JWTs or opaque, and typed as it takes them', async () => {
  await resource(w, 'urn:opaque', { accessTokenFormat: 'opaque' })
  await resource(w, 'urn:jwt', { accessTokenFormat: 'jwt', accessTokenTyp: 'at+jwt' })
  const token = async (...identifiers: string[]) =>
    String((await tokensFor(w, { resource: identifiers.join(' ') }, p)).access_token)
  assert.match(await token('urn:opaque'), /^[\w-]{48}$/)
  assert.equal(headerOf(await token('urn:jwt')).typ, 'at+jwt')
  assert.equal(headerOf(await token(notes)).typ, 'JWT')
  assert.equal(headerOf(await token(notes, 'urn:jwt')).typ, 'at+jwt', 'the first that says it')
  assert.match(await token(notes, 'urn:opaque', 'urn:jwt'), /^[\w-]{48}$/)
  const introspected = await post(
    w,
    '/introspect',
    { token: await token('urn:jwt') },
    { authorization: basic() },
  )
  assert.deepEqual([bodyOf(introspected).active, bodyOf(introspected).aud], [true, 'urn:jwt'])
})

test('RFC 9728 §4 metadata list the resources that are advertised, and say nothing where there is none', async () => {
  const listed = async () => {
    const url = `${base}/.well-known/openid-configuration`
    return bodyOf(await w.serve(requestOf('GET', url))).protected_resources
  }
  assert.equal(await listed(), undefined)
  await resource(w, 'urn:shown', { advertised: true })
  await resource(w, 'https://shown.example/', { advertised: true })
  assert.deepEqual(await listed(), ['https://shown.example/', 'urn:shown'])
  await withoutResource(w, 'urn:shown')
  assert.deepEqual(await listed(), ['https://shown.example/'])
})

test('a resource shortens the life of its tokens, and lengthens none', async () => {
  await resource(w, 'urn:brief', { accessTokenLifetime: 60 })
  await resource(w, 'urn:long', { accessTokenLifetime: 2 ** 31 })
  const lives = async (identifier: string) =>
    (await tokensFor(w, { resource: identifier }, p)).expires_in
  const usual = (await tokensFor(w, {}, p)).expires_in
  assert.equal(await lives('urn:brief'), 60)
  assert.equal(await lives(`urn:long urn:brief`), 60)
  assert.equal(await lives('urn:long'), usual)
})

test('RFC 8707 §2.1 an access token of the authorization endpoint is for the resource too', async () => {
  await register(w, 'implicit', { core: { scopes: ['openid', 'write'] } })
  const redirect_uri = 'https://rp.example/cb'
  const asked = { response_type: 'id_token token', nonce: 'n', scope: 'openid write' }
  const form = pushForm({ ...asked, redirect_uri, resource: notes })
  const pushed = bodyOf(await postAs(w, 'implicit', '/par', form))
  const answer = await decideByRest(p, String(pushed.request_uri), { client_id: 'implicit' })
  const told = new URLSearchParams(new URL(String(answer.headers.location)).hash.slice(1))
  assert.equal(claimsOf(told.get('access_token')).aud, notes)
  assert.deepEqual([told.get('scope'), claimsOf(told.get('id_token')).aud], ['write', 'implicit'])
})
