import assert from 'node:assert/strict'
import { test } from 'node:test'
import { altered } from '../../../test/altered.ts'
import { signer } from '../../../test/assertion.ts'
import { anotherNode } from '../../../test/nodes.ts'
import { elsewhere, post, register, secret } from '../../../test/register.ts'
import { notes, resource } from '../../../test/resource.ts'
import type { Account } from '../../../test/service-account.ts'
import {
  accountAssertion,
  accountToken,
  askByAssertion,
  serviceAccount,
  tokenUrl,
} from '../../../test/service-account.ts'
import { makeSecret } from '../../../test/token.ts'
import { undelayed } from '../../../test/undelayed.ts'
import { base, basic, bodyOf, origin, requestOf, world } from '../../../test/world.ts'
import type { HttpResponse } from '../../base/http.ts'
import { anyState } from '../../config/kind.ts'
import { serviceAccountKind } from '../../config/service-account.ts'

const w = await world()
const now = w.clock.now
const account = await serviceAccount(w, ['fr:am:*', 'fr:idm:*', 'fr:idc:esv:*'])
const other = await serviceAccount(w, ['fr:am:*'])
const change = { by: 'test', condition: anyState }

async function told(answer: Promise<HttpResponse>): Promise<readonly unknown[]> {
  const { status, body } = await answer
  const { error, error_description } = bodyOf({ body } as HttpResponse)
  return [status, error, error_description]
}

const refused = [400, 'invalid_grant', 'The assertion does not prove a service account.']

test('RFC 7523 §2.1 a service account gets an access token by its assertion alone, as PingAM answers', async () => {
  const scope = 'fr:am:* fr:idm:*'
  const answer = await askByAssertion(w, accountAssertion(w, account), { scope })
  assert.equal(answer.status, 200)
  const { access_token, ...rest } = bodyOf(answer)
  assert.equal(typeof access_token, 'string')
  assert.deepEqual(rest, { scope, token_type: 'Bearer', expires_in: 899 })
  assert.equal(answer.headers['cache-control'], 'no-store')
})

test('RFC 8707 §2.2 a token of a service account is for the resources it names, and then administers only if the root is one', async () => {
  await resource(w, notes, { advertised: true }, '/')
  const issuer = `${origin}/am/oauth2`
  const administers = async (form: object, named: readonly string[]) => {
    const assertion = accountAssertion(w, account)
    const answer = await askByAssertion(w, assertion, { ...form, resource: named.join(' ') })
    const headers = { authorization: `Bearer ${String(bodyOf(answer).access_token)}` }
    const url = `${origin}/am/json/realms/root/parapet/resources?_queryFilter=true`
    return (await w.serve(requestOf('GET', url, { headers }))).status
  }
  assert.equal(await administers({}, []), 200)
  assert.equal(await administers({}, [notes]), 401)
  assert.equal(await administers({}, [notes, issuer]), 200)
  const unknown = askByAssertion(w, accountAssertion(w, account), { resource: 'urn:nothing' })
  assert.equal((await told(unknown))[1], 'invalid_target')
})

const longAgo = now - 31
/** Claims and headers that make an assertion another one, and whether it still proves the account. */
const assertions: readonly (readonly [string, Record<string, unknown>, boolean, object?])[] = [
  ['with typ JWT', {}, true, { typ: 'JWT' }],
  ['for the issuer', { aud: `${origin}/am/oauth2` }, true],
  ['for a list of the token URL', { aud: [tokenUrl] }, true],
  [
    'for the full form of the token URL',
    { aud: `${origin}/am/oauth2/realms/root/access_token` },
    true,
  ],
  [
    'with the port twice, as frodo 3 has it',
    { aud: tokenUrl.replace(':8080', ':8080:8080') },
    true,
  ],
  ['with an hour to live', { exp: now + 3600 }, true],
  ['with the port three times', { aud: tokenUrl.replace(':8080', ':8080:8080:8080') }, false],
  ['with another port behind', { aud: tokenUrl.replace(':8080', ':8080:8081') }, false],
  ['for another host', { aud: tokenUrl.replace('localhost', 'localhost.example') }, false],
  ['for alpha', { aud: `${base}/access_token` }, false],
  ['for another one too', { aud: [tokenUrl, 'https://as.example'] }, false],
  ['for PAR', { aud: `${origin}/am/oauth2/par` }, false],
  ['for nobody', { aud: undefined }, false],
  ['by another issuer', { iss: other.id }, false],
  ['about another account', { sub: other.id }, false],
  ['about nobody', { sub: undefined }, false],
  ['about an account that is not there', { iss: account.id.replace(/^./, 'x') }, false],
  ['that has ended', { exp: longAgo }, false],
  ['without an end', { exp: undefined }, false],
  ['with more than an hour to live', { exp: now + 3700 }, false],
  ['of the future', { nbf: now + 62 }, false],
  ['without an id', { jti: undefined }, false],
  ['with an id that is too long', { jti: 'x'.repeat(513) }, false],
  ['that is an access token', {}, false, { typ: 'at+jwt' }],
  ['that is a client assertion', {}, false, { typ: 'client-authentication+jwt' }],
  ['that names what only a request object has', { response_type: 'code' }, false],
  ['without a signature', {}, false, { alg: 'none' }],
  ['that says another algorithm', {}, false, { alg: 'RS256' }],
  ['with crit', {}, false, { crit: ['exp'] }],
]

test('C-1, C-11, K-12, RFC 7523 §3 an assertion proves its own account, here, and for a while', async () => {
  for (const [what, claims, good, header = {}] of assertions) {
    const asked = askByAssertion(w, accountAssertion(w, account, claims, { ...header }))
    if (good) assert.equal((await asked).status, 200, what)
    else assert.deepEqual(await told(asked), refused, what)
  }
})

test('C-11 only what a key pair has made proves, and only by a key of the account', async () => {
  const text = accountAssertion(w, account)
  assert.deepEqual(await told(askByAssertion(w, altered(text, -4))), refused)
  const stranger: Account = { id: account.id, signer: other.signer }
  assert.deepEqual(await told(askByAssertion(w, accountAssertion(w, stranger))), refused)
  const shared = { id: account.id, signer: { key: makeSecret('x'.repeat(64)), jwk: {} } }
  assert.deepEqual(await told(askByAssertion(w, accountAssertion(w, shared))), refused)
  for (const alg of ['RS256', 'PS256', 'EdDSA'] as const) {
    const by = await signer(alg)
    const jwks = JSON.stringify({ keys: [by.jwk] })
    const { id } = await serviceAccount(w, ['fr:am:*'], { jwks })
    const asked = askByAssertion(w, accountAssertion(w, { id, signer: by }))
    assert.equal((await asked).status, 200, alg)
  }
})

test('K-4 an assertion gets one token, in a race and by another process too', async () => {
  const once = accountAssertion(w, account)
  const form = {
    grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
    client_id: 'service-account',
    scope: 'fr:am:*',
    assertion: once,
  }
  const nodes = [w.serve, await anotherNode(w)]
  const all = Array.from({ length: 32 }, (_, i) =>
    (nodes[i % 2] as typeof w.serve)(elsewhere(requestOf('POST', tokenUrl, { form }))),
  )
  const statuses = (await Promise.all(all)).map(({ status }) => status).sort()
  assert.deepEqual(statuses, [200, ...Array.from({ length: 31 }, () => 400)])
  assert.deepEqual(await told(askByAssertion(w, once)), refused)
})

test('K-4 what is refused for its scope may be asked again by the same assertion, as frodo does, and then no more', async () => {
  const once = accountAssertion(w, account)
  const ask = (scope: string): Promise<HttpResponse> => askByAssertion(w, once, { scope })
  assert.deepEqual(await told(ask('fr:am:* fr:idc:ws:admin fr:idc:promotion:* openid')), [
    400,
    'invalid_scope',
    'Unsupported scope for service account: fr:idc:ws:admin,fr:idc:promotion:*,openid',
  ])
  assert.equal((await ask('fr:am:*')).status, 200)
  assert.deepEqual(await told(ask('fr:am:*')), refused)
})

test('RFC 6749 §3.3 nothing is granted that the account has not, or that nobody asked for', async () => {
  for (const scope of [
    'fr:idm:*',
    'fr:am:*,fr:idm:*',
    'fr:am',
    'FR:AM:*',
    'am-introspect-all-tokens',
  ]) {
    const [status, error] = await told(askByAssertion(w, accountAssertion(w, other), { scope }))
    assert.deepEqual([status, error], [400, 'invalid_scope'], scope)
  }
  const asked = askByAssertion(w, accountAssertion(w, other), { scope: '' })
  assert.equal((await told(asked))[1], 'invalid_scope')
})

test('RFC 7523 §2.1 there is no such grant in other realms, for other clients, and beside other proofs', async () => {
  const text = (aud = tokenUrl): string => accountAssertion(w, account, { aud })
  const alpha = `${base}/access_token`
  assert.equal((await told(askByAssertion(w, text(alpha), {}, alpha)))[1], 'invalid_client')
  const own = askByAssertion(w, text(alpha), { client_id: 'myClient' }, alpha, {
    authorization: basic(),
  })
  assert.equal((await told(own))[1], 'unsupported_grant_type')
  const beside: readonly [Record<string, string>, Record<string, string>][] = [
    [{}, { authorization: basic() }],
    [{ client_secret: 'x' }, {}],
    [{ client_assertion: text() }, {}],
  ]
  for (const [form, headers] of beside)
    assert.equal(
      (await told(askByAssertion(w, text(), form, tokenUrl, headers)))[1],
      'invalid_request',
    )
  const bound = askByAssertion(w, text(), {}, tokenUrl, { dpop: 'x' })
  assert.equal((await told(bound))[1], 'invalid_dpop_proof')
  const inQuery = post(w, `${tokenUrl}?assertion=${text()}`, { client_id: 'service-account' })
  assert.equal((await told(inQuery))[1], 'invalid_request')
})

test('RFC 6749 §2.2 a client of that name neither asks for nor sees what service accounts have', async () => {
  const token = await accountToken(w, account, 'fr:am:*')
  const core = { scopes: ['fr:am:*', 'write'], clientType: 'Confidential' }
  await register(w, 'service-account', { core }, '/')
  const headers = {
    authorization: basic('service-account', secret),
  }
  const seen = await post(w, tokenUrl.replace('access_token', 'introspect'), { token }, headers)
  assert.deepEqual(bodyOf(seen), { active: false })
  await post(w, tokenUrl.replace('access_token', 'token/revoke'), { token }, headers)
  await register(w, 'observer', { core: { scopes: ['am-introspect-all-tokens'] } }, '/')
  const observer = { authorization: basic('observer', secret) }
  const shown = bodyOf(
    await post(w, tokenUrl.replace('access_token', 'introspect'), { token }, observer),
  )
  assert.deepEqual([shown.active, shown.sub, shown.scope], [true, account.id, 'fr:am:*'])
  const userinfo = await w.serve(
    requestOf('GET', `${origin}/am/oauth2/userinfo`, {
      headers: { authorization: `Bearer ${token}` },
    }),
  )
  assert.equal(userinfo.status, 403)
})

test('C-34 wrong assertions of one source are slowed down, and the right one of another is not', async () => {
  const from = (assertion: string, peer: string): Promise<HttpResponse> => {
    const form = {
      grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
      client_id: 'service-account',
      scope: 'fr:am:*',
      assertion,
    }
    return w.serve({ ...requestOf('POST', tokenUrl, { form }), peer })
  }
  const wrong = accountAssertion(w, { id: other.id, signer: account.signer })
  const tries = () => Promise.all(Array.from({ length: 30 }, () => from(wrong, '10.9.9.9')))
  const answers = await undelayed(tries)
  assert.equal(answers.filter(({ status }) => status === 429).length, 10)
  assert.equal((await from(accountAssertion(w, other), '10.9.9.8')).status, 200)
})

test('C-34 wrong assertions count alike whether or not there is such an account, so that none is told by the time', async () => {
  const from = (id: string, peer: string): Promise<HttpResponse> =>
    w.serve({
      ...requestOf('POST', tokenUrl, {
        form: {
          grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
          client_id: 'service-account',
          scope: 'fr:am:*',
          assertion: accountAssertion(w, { id, signer: account.signer }),
        },
      }),
      peer,
    })
  const nobody = '00000000-0000-4000-8000-000000000000'
  const ways = [
    [nobody, other.id, '10.9.9.5'],
    [other.id, nobody, '10.9.9.6'],
  ] as const
  for (const [first, then, peer] of ways) {
    const tries = () => Promise.all(Array.from({ length: 20 }, () => from(first, peer)))
    const answers = await undelayed(async () => [...(await tries()), await from(then, peer)])
    assert.deepEqual(
      answers.map(({ status }) => status),
      [...Array.from({ length: 20 }, () => 400), 429],
    )
  }
})

test('C-37 with the account, its activity or its key go the grant and all its tokens, and do not come back', async () => {
  const root = await w.realm('/')
  await register(w, 'observer', { core: { scopes: ['am-introspect-all-tokens'] } }, '/')
  const headers = {
    authorization: basic('observer', secret),
  }
  const isActive = async (token: string): Promise<unknown> =>
    bodyOf(await post(w, tokenUrl.replace('access_token', 'introspect'), { token }, headers)).active
  const all = { name: 'come and gone', scopes: ['fr:am:*'] }
  const mine = await serviceAccount(w, ['fr:am:*'], all)
  const jwks = JSON.stringify({ keys: [mine.signer.jwk] })
  const save = (input: object) => serviceAccountKind.save(root, mine.id, { ...input }, change)
  const endings = [
    () => save({ accountStatus: 'Inactive' }),
    () => save({ jwks: '' }),
    () => serviceAccountKind.remove(root, mine.id, change),
  ]
  for (const end of endings) {
    const token = await accountToken(w, mine, 'fr:am:*')
    assert.equal(await isActive(token), true)
    await end()
    assert.equal(await isActive(token), false)
    assert.deepEqual(await told(askByAssertion(w, accountAssertion(w, mine))), refused)
    await save({ ...all, accountStatus: 'Active', jwks })
    assert.equal(await isActive(token), false)
  }
})
