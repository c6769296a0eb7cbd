import assert from 'node:assert/strict'
import { test } from 'node:test'
import { amend, amendRealm } from '../../../test/amend.ts'
import type { Changes } from '../../../test/flow.ts'
import {
  answerOf,
  authorizeUrl,
  claimsOf,
  person,
  somebody,
  withToken,
} from '../../../test/flow.ts'
import { answers, asked, host, w } from '../../../test/key-site.ts'
import type { Apart } from '../../../test/register.ts'
import { post, postAs, register, secret } from '../../../test/register.ts'
import { base, basic, bodyOf, pushForm, requestOf, verifier } from '../../../test/world.ts'
import type { JsonObject } from '../../base/json.ts'
import { registrationProblems } from '../../client/metadata.ts'
import { replaceKeys } from '../../realm/key/rotation.ts'

const p = await person(w)
const uri = (name: string): string => `https://${name}/cb`

/** Registers a client with pairwise subjects whose users are not asked. */
function pairwise(
  client_id: string,
  hosts: readonly string[],
  apart: JsonObject = {},
  keys: Apart['keys'] = {},
) {
  return register(w, client_id, {
    core: { redirectionUris: hosts.map(uri) },
    advanced: { isConsentImplied: true, subjectType: 'pairwise', ...apart },
    keys,
  })
}
await pairwise('a', ['one.example'])
await pairwise('b', ['one.example'])
await pairwise('c', ['two.example'])
await pairwise('es', ['two.example'], {}, { idTokenSignedResponseAlg: 'ES256' })
await register(w, 'plain', {
  core: { redirectionUris: [uri('one.example')] },
  advanced: { isConsentImplied: true },
})

async function visited(client_id: string, host: string, changes: Changes = {}, by = p) {
  const form = pushForm({
    redirect_uri: uri(host),
    scope: 'openid',
    nonce: 'n',
    ...changes,
  })
  return answerOf(await by.get(authorizeUrl({ client_id, ...form })))
}

async function tokensOf(client_id: string, host: string, by = p): Promise<Record<string, unknown>> {
  const code = (await visited(client_id, host, {}, by)).get('code') ?? ''
  const form = { grant_type: 'authorization_code', code, code_verifier: verifier }
  const made = await postAs(w, client_id, '/access_token', { ...form, redirect_uri: uri(host) })
  assert.equal(made.status, 200, String(made.body))
  return bodyOf(made)
}

const subOf = async (client_id: string, host: string, by = p): Promise<unknown> =>
  claimsOf((await tokensOf(client_id, host, by)).id_token).sub

test('OIDC-39 the same for one sector, another for each other one, and for each user', async () => {
  const [a, b, c] = [
    await subOf('a', 'one.example'),
    await subOf('b', 'one.example'),
    await subOf('c', 'two.example'),
  ]
  const other = await subOf('a', 'one.example', await person(w, { user: await somebody(w) }))
  assert.equal(a, b)
  assert.equal(new Set([a, c, other, w.demo.sub]).size, 4)
  assert.match(String(a), /^[\w-]{43}$/)
  assert.equal(await subOf('plain', 'one.example'), w.demo.sub)
})

test('OIDC-39 wherever a client or a resource server meets the user: the one subject, and never the user’s own id or name', async () => {
  for (const stateless of [true, false]) {
    await amendRealm(w, { coreOAuth2Config: { statelessTokensEnabled: stateless } })
    const tokens = await tokensOf('a', 'one.example')
    const { sub } = claimsOf(tokens.id_token)
    const headers = { authorization: basic('a', secret) }
    const look = async (token: unknown) =>
      bodyOf(await post(w, '/introspect', { token: String(token) }, headers))
    const told = [
      claimsOf(tokens.id_token),
      ...(stateless ? [claimsOf(tokens.access_token)] : []),
      bodyOf(await withToken(w, '/userinfo', tokens.access_token)),
      bodyOf(await withToken(w, '/tokeninfo', tokens.access_token)),
      await look(tokens.access_token),
      await look(tokens.refresh_token),
    ]
    for (const each of told) {
      assert.equal(each.sub, sub)
      assert.doesNotMatch(JSON.stringify(each), new RegExp(`${w.demo.sub}|"demo"`))
    }
    const form = { grant_type: 'refresh_token', refresh_token: String(tokens.refresh_token) }
    const refreshed = bodyOf(await postAs(w, 'a', '/access_token', form))
    assert.equal(claimsOf(refreshed.id_token).sub, sub)
  }
  await amendRealm(w, { coreOAuth2Config: { statelessTokensEnabled: true } })
})

test('OIDC-39 it stays the same when every key and secret of the realm is replaced, as spoilt or as old', async () => {
  const before = await subOf('es', 'two.example')
  const times = { past: w.clock.now, now: w.clock.now }
  for (const spoilt of [false, true]) {
    await replaceKeys(w.settings, times, '/alpha', { wanted: () => true, spoilt, by: 'test' })
    w.clock.now += 7200
    await person(w, { at: p })
    assert.equal(await subOf('es', 'two.example'), before)
    times.past = w.clock.now
    times.now = w.clock.now
  }
})

test('OIDC-12, OIDC-15 a hint, and a sub that is asked for, are compared with what the client calls the user', async () => {
  const id_token_hint = String((await tokensOf('a', 'one.example')).id_token)
  const sub = String(claimsOf(id_token_hint).sub)
  const someone = await person(w, { user: await somebody(w) })
  const asking = (value: string) => JSON.stringify({ id_token: { sub: { value } } })
  const rows: readonly (readonly [Changes, boolean, boolean])[] = [
    [{ id_token_hint }, true, false],
    [{ claims: asking(sub) }, true, false],
    [{ claims: asking(w.demo.sub) }, false, false],
  ]
  for (const [changes, own, others] of rows)
    for (const [by, good] of [
      [p, own],
      [someone, others],
    ] as const) {
      const answer = await visited('a', 'one.example', { ...changes, prompt: 'none' }, by)
      assert.equal(answer.has('code'), good, JSON.stringify(changes))
    }
})

test('OIDC-39 a logout with the hint of a pairwise client ends that user’s session here', async () => {
  const b = await person(w)
  const { id_token } = await tokensOf('a', 'one.example', b)
  const again = await person(w, { at: b })
  const url = `${base}/connect/endSession?id_token_hint=${String(id_token)}`
  assert.ok((await again.get(url)).status < 400)
  const check = {
    client_id: 'a',
    ...pushForm({ redirect_uri: uri('one.example'), prompt: 'none' }),
  }
  assert.equal(answerOf(await again.get(authorizeUrl(check))).get('error'), 'interaction_required')
})

const list = [uri('one.example'), uri('two.example')]
/** What the address of the sector answers, and whether a request goes on. */
const sectors: readonly (readonly [what: string, body: string, status: number, good: boolean])[] = [
  ['a list with the redirect URI', JSON.stringify(list), 200, true],
  ['a list without it', JSON.stringify([uri('two.example')]), 200, false],
  ['no list', '{"redirect_uris":[]}', 200, false],
  ['a list of something else', '[1]', 200, false],
  ['no JSON', '<html>', 200, false],
  ['an error', JSON.stringify(list), 500, false],
]
for (const [what, body, status, good] of sectors) {
  test(`OIDC Registration §5 at the sector identifier there is ${what}: ${good ? 'its host is the sector' : 'refused, nothing is issued'}`, async () => {
    const path = `/sector-${what.replaceAll(' ', '-')}`
    answers.set(path, (_, response) => response.writeHead(status).end(body))
    const names = ['one.example', 'two.example']
    const client_id = `of ${what}`
    await pairwise(client_id, names, { sectorIdentifierUri: `http://${host}${path}` })
    const answer = await visited(client_id, 'one.example')
    assert.equal(answer.has('code'), good)
    assert.equal(answer.get('error'), good ? null : 'unauthorized_client')
    if (!good) return
    assert.equal(await subOf(client_id, 'one.example'), await subOf(client_id, 'two.example'))
    assert.equal(asked.get(path), 1, 'the list is kept')
    assert.notEqual(await subOf(client_id, 'one.example'), await subOf('a', 'one.example'))
  })
}

test('S-1 an address that is not public and not allowed is not asked', async () => {
  const path = '/sector-inside'
  answers.set(path, (_, response) => response.end(JSON.stringify(list)))
  await pairwise('inside', ['one.example'], { sectorIdentifierUri: `http://${host}${path}` })
  await amendRealm(w, { parapetConfig: { jwksPrivateAddresses: [] } })
  const answer = await visited('inside', 'one.example')
  assert.deepEqual([answer.get('error'), asked.get(path)], ['unauthorized_client', undefined])
  await amendRealm(w, { parapetConfig: { jwksPrivateAddresses: [host] } })
})

test('OIDC Registration §2 several hosts, or one that is nobody’s own, need a sector identifier', async () => {
  const realm = await w.realm()
  const problems = async (uris: readonly string[], apart: JsonObject = {}) => {
    const document = {
      coreOAuth2ClientConfig: { redirectionUris: uris },
      advancedOAuth2ClientConfig: { subjectType: 'Pairwise', ...apart },
    }
    const found = await registrationProblems(realm, {
      client_id: 'x',
      document,
      secret: secret,
      kept: undefined,
    })
    return found.map(({ path }) => path)
  }
  const needed = ['advancedOAuth2ClientConfig.sectorIdentifierUri']
  assert.deepEqual(await problems([uri('a.example'), 'https://a.example:8443/x']), [])
  assert.deepEqual(await problems([uri('a.example'), uri('b.example')]), needed)
  assert.deepEqual(await problems(['http://localhost/cb']), needed)
  assert.deepEqual(await problems(['org.example.app:/cb']), needed)
  assert.deepEqual(await problems([]), needed)
  const sectorIdentifierUri = 'https://sector.example/list'
  assert.deepEqual(
    await problems([uri('a.example'), uri('b.example')], { sectorIdentifierUri }),
    [],
  )
  await amend(w, 'a', { coreOAuth2ClientConfig: { redirectionUris: [...list] } })
  assert.equal((await visited('a', 'one.example')).get('error'), 'unauthorized_client')
  await amend(w, 'a', { coreOAuth2ClientConfig: { redirectionUris: [uri('one.example')] } })
})

test('OIDC Discovery §3 a realm that has public subjects only says so, and takes no other client', async () => {
  const types = async () => {
    const url = `${base}/.well-known/openid-configuration`
    return bodyOf(await w.serve(requestOf('GET', url))).subject_types_supported
  }
  assert.deepEqual(await types(), ['public', 'pairwise'])
  await amendRealm(w, { advancedOAuth2Config: { supportedSubjectTypes: ['public'] } })
  assert.deepEqual(await types(), ['public'])
  const document = { advancedOAuth2ClientConfig: { subjectType: 'pairwise' } }
  const found = await registrationProblems(await w.realm(), {
    client_id: 'x',
    document,
    secret,
    kept: undefined,
  })
  assert.deepEqual(
    found.map(({ path }) => path),
    ['advancedOAuth2ClientConfig.subjectType'],
  )
  await amendRealm(w, { advancedOAuth2Config: { supportedSubjectTypes: ['public', 'pairwise'] } })
})
