import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assertion, goodClaims, keySet, proof, signer } from '../../../test/assertion.ts'
import { withEvents } from '../../../test/events.ts'
import { parsed, postWith, request, worldOf } from '../../../test/mtls.ts'
import type { Issued, Wish } from '../../../test/pki.ts'
import { authority, cn, commonName, issue, organization } from '../../../test/pki.ts'
import { register, secret } from '../../../test/register.ts'
import { basic, bodyOf, requestOf, base as url, world } from '../../../test/world.ts'
import type { HttpResponse } from '../../base/http.ts'
import type { Json } from '../../base/json.ts'
import { authenticateClient } from '../authenticate.ts'

const ca = authority('Good CA')
const middle = authority('Middle CA', { issuer: ca })
const w = await worldOf([ca])

type Names = Readonly<Record<string, Json>>

function named(client_id: string, names: Names = {}, own: Names = {}): Promise<void> {
  return register(w, client_id, {
    advanced: { tokenEndpointAuthMethod: 'tls_client_auth' },
    keys: names,
    own,
  })
}

const subject = [[[organization, 'Shop Ltd']], [[commonName, 'shop']]] as const
const ip6 = Buffer.from('20010db8000000000000000000000001', 'hex')
const names: NonNullable<Wish['names']> = [
  [0x82, Buffer.from('shop.example')],
  [0x86, Buffer.from('https://shop.example/id')],
  [0x81, Buffer.from('Ops@shop.example')],
  [0x87, Buffer.from([192, 0, 2, 7])],
  [0x87, ip6],
]
const wish: Wish = { subject, names, issuer: ca }
const good = issue(wish)

await named('dn', { mTLSSubjectDN: 'CN=shop,O=Shop Ltd' })
await named('dns', {}, { tls_client_auth_san_dns: 'SHOP.example' })
await named('uri', {}, { tls_client_auth_san_uri: 'https://shop.example/id' })
await named('ip', {}, { tls_client_auth_san_ip: '192.0.2.7' })
await named('ip6', {}, { tls_client_auth_san_ip: '2001:DB8:0::1' })
await named('email', {}, { tls_client_auth_san_email: 'Ops@SHOP.example' })

function push(
  client_id: string,
  certificates: readonly Issued[],
  more: Readonly<Record<string, string>> = {},
): Promise<HttpResponse> {
  return postWith(w, '/par', { ...request, client_id, ...more }, certificates)
}

async function refused(response: Promise<HttpResponse>, status = 400): Promise<void> {
  const { status: got, body } = await response
  const error_description = 'Client authentication failed'
  assert.deepEqual(JSON.parse(String(body)), { error_description, error: 'invalid_client' })
  assert.equal(got, status)
}

for (const client_id of ['dn', 'dns', 'uri', 'ip', 'ip6', 'email']) {
  test(`MTLS-3, MTLS-4 ${client_id}: the registered name and no other proves the client`, async () => {
    assert.equal((await push(client_id, [good])).status, 201)
    const other = issue({
      subject: [[[organization, 'Shop Ltd']], [[commonName, 'shop2']]],
      names: [
        [0x82, Buffer.from('shop.example.evil')],
        [0x82, Buffer.from('*.example')],
        [0x86, Buffer.from('https://shop.example/ID')],
        [0x81, Buffer.from('ops@shop.example')],
        [0x87, Buffer.from([192, 0, 2, 8])],
        [0x82, Buffer.from('192.0.2.7')],
      ],
      issuer: ca,
    })
    await refused(push(client_id, [other]))
  })
}

test('PAR-4 every endpoint that authenticates clients takes it, and keeps x5t#S256', async () => {
  const tokens = { grant_type: 'client_credentials', scope: 'write', token: 'x', client_id: 'dn' }
  for (const path of ['/access_token', '/introspect', '/token/revoke']) {
    assert.equal((await postWith(w, path, tokens, [good])).status, 200, path)
    await refused(postWith(w, path, tokens, []))
  }
  const http = { ...requestOf('POST', `${url}/par`), certificates: [good.der] }
  const named = new Map([['client_id', 'dn']])
  const { method, ...rest } = await authenticateClient(await w.realm(), http, named)
  assert.equal(method, 'tls_client_auth')
  assert.equal(rest['x5t#S256'], parsed(good).thumbprint)
})

test('MTLS-1, MTLS-2 no certificate, or no client_id: invalid_client', async () => {
  await refused(push('dn', []))
  await refused(postWith(w, '/par', request, [good]))
})

test('PingAM: oauth2-client a client without a registered name is CN=<client_id>', async () => {
  for (const client_id of ['plain', 'odd, name+x="1" #2', 'under_score-1.2']) {
    await named(client_id)
    const own = issue({ subject: cn(client_id), issuer: ca })
    assert.equal((await push(client_id, [own])).status, 201, client_id)
    await refused(push(client_id, [good]))
    const longer = [[[commonName, client_id]], [[organization, 'x']]] as const
    await refused(push(client_id, [issue({ subject: longer, issuer: ca })]))
  }
})

const stranger = authority('Good CA')
const chains: [check: string, reason: RegExp, certificates: readonly Issued[]][] = [
  ['a self-made CA of the same name', /no configured CA/, [issue({ ...wish, issuer: stranger })]],
  [
    'the same with its CA beside it',
    /no configured CA/,
    [issue({ ...wish, issuer: stranger }), stranger],
  ],
  ['self-signed', /no configured CA/, [issue({ subject, names })]],
  ['an intermediate that was not sent', /no configured CA/, [issue({ ...wish, issuer: middle })]],
  ['a client of ours as a CA', /no configured CA/, [issue({ ...wish, issuer: good }), good]],
  ['expired by the realm’s clock', /not in force/, [issue({ ...wish, years: [2020, 2025] })]],
  ['not yet in force', /not in force/, [issue({ ...wish, years: [2040, 2049] })]],
  [
    'for servers only',
    /client authentication/,
    [issue({ ...wish, extendedKeyUsage: ['2b06010505070301'] })],
  ],
  ['another subject', /the subject is another/, [issue({ ...wish, subject: cn('shop') })]],
  ['a NUL in the subject', /the subject is another/, [issue({ ...wish, subject: cn('shop\0') })]],
]
for (const [check, reason, certificates] of chains) {
  test(`K-8 ${check}: invalid_client, and the log says why`, async () => {
    const { events } = await withEvents(() => refused(push('dn', certificates)))
    const told = events.find(({ name }) => name === 'client.certificate_refused')
    assert.match(String(told?.fields.reason), reason)
    assert.equal(told?.fields.client_id, 'dn')
  })
}

test('K-8 an intermediate that was sent leads to the CA', async () => {
  const leaf = issue({ ...wish, issuer: middle })
  assert.equal((await push('dn', [leaf, middle])).status, 201)
  assert.equal((await push('dn', [leaf, stranger, middle, ca])).status, 201)
})

test('K-8 a certificate’s time ends while its connection lives', async () => {
  const brief = issue({ ...wish, years: [2020, 2027] })
  const http = { ...requestOf('POST', `${url}/par`, { form: { ...request, client_id: 'dn' } }) }
  const kept = { ...http, certificates: [brief.der] }
  assert.equal((await w.serve(kept)).status, 201)
  const before = w.clock.now
  w.clock.now = Date.UTC(2028, 0) / 1000
  await refused(w.serve(kept))
  w.clock.now = before
})

test('MTLS-12 without a configured CA nobody is proven', async () => {
  const open = await world({ certificates: { asked: true, proxied: false, authorities: [] } })
  await register(open, 'dn', {
    advanced: { tokenEndpointAuthMethod: 'tls_client_auth' },
    keys: { mTLSSubjectDN: 'CN=shop,O=Shop Ltd' },
  })
  await refused(postWith(open, '/par', { ...request, client_id: 'dn' }, [good]))
})

test('K-8 two methods at once: invalid_request', async () => {
  const form = { ...request, client_id: 'dn' }
  const es256 = await signer('ES256')
  const signed = proof(assertion(es256, goodClaims('dn', url, w.clock.now)))
  const both = [{ client_secret: secret }, signed]
  for (const more of both) {
    const response = await postWith(w, '/par', { ...form, ...more }, [good])
    assert.deepEqual([response.status, bodyOf(response).error], [400, 'invalid_request'])
    await refused(postWith(w, '/par', { ...form, ...more }, []))
  }
  const authorization = basic('dn', secret)
  const headed = await postWith(w, '/par', form, [good], { authorization })
  assert.equal(bodyOf(headed).error, 'invalid_request')
  await refused(postWith(w, '/par', form, [], { authorization }), 401)
})

test('PAR-4 a certificate alone proves no client of another method, and disturbs none', async () => {
  const es256 = await signer('ES256')
  const keys = { publicKeyLocation: 'jwks', jwkSet: keySet(es256) }
  await register(w, 'signs', {
    advanced: { tokenEndpointAuthMethod: 'private_key_jwt' },
    keys: { ...keys, tokenEndpointAuthSigningAlgorithm: 'ES256' },
  })
  await register(w, 'says')
  await register(w, 'open', { core: { clientType: 'Public' } })
  await refused(push('says', [good]))
  await refused(push('signs', [good]))
  const signed = proof(assertion(es256, goodClaims('signs', url, w.clock.now)))
  assert.equal((await push('signs', [good], signed)).status, 201)
  const authorization = basic('says', secret)
  const said = await postWith(w, '/par', request, [good], { authorization })
  assert.equal(said.status, 201)
  assert.equal((await push('open', [good])).status, 201)
})

test('F2-7 profile fapi2 takes it, and answers 401', async () => {
  await named('fapi', { mTLSSubjectDN: 'CN=shop,O=Shop Ltd' }, { profile: 'fapi2' })
  assert.equal((await push('fapi', [good])).status, 201)
  await refused(push('fapi', []), 401)
})

test('P-11 a name that is changed counts from the next request on', async () => {
  await named('moving', { mTLSSubjectDN: 'CN=shop,O=Shop Ltd' })
  assert.equal((await push('moving', [good])).status, 201)
  await named('moving', { mTLSSubjectDN: 'CN=other' })
  await refused(push('moving', [good]))
})
