import assert from 'node:assert/strict'
import { test } from 'node:test'
import { withEvents } from '../../test/events.ts'
import { postThrough, request, worldOf } from '../../test/mtls.ts'
import type { Issued } from '../../test/pki.ts'
import { authority, cn, issue } from '../../test/pki.ts'
import { elsewhere, register } from '../../test/register.ts'
import { trials } from '../../test/scale.ts'
import type { World } from '../../test/world.ts'
import { base, bodyOf, requestOf } from '../../test/world.ts'
import type { HttpResponse } from '../base/http.ts'

const ca = authority('CA')
const middle = authority('Middle', { issuer: ca })
const shop = issue({ subject: cn('shop'), issuer: ca })
const other = issue({ subject: cn('other'), issuer: ca })
const below = issue({ subject: cn('shop'), issuer: middle })
const own = issue({ subject: cn('own') })

async function behind(header: string | undefined, ...authorities: Issued[]): Promise<World> {
  const named = header === undefined ? {} : { tlsClientCertificateTrustedHeader: header }
  const w = await worldOf([ca, ...authorities], { advancedOAuth2Config: named })
  await register(w, 'shop', { advanced: { tokenEndpointAuthMethod: 'tls_client_auth' } })
  await register(w, 'own', {
    advanced: { tokenEndpointAuthMethod: 'self_signed_tls_client_auth' },
    keys: { mTLSTrustedCert: own.pem },
  })
  return w
}

const w = await behind('X-Client-Cert')
const standard = await behind('Client-Cert')

const escaped = ({ pem }: Issued): string => encodeURIComponent(pem)
const base64 = ({ der }: Issued): string => der.toString('base64')
const bytes = (each: Issued): string => `:${base64(each)}:`

function push(
  at: World,
  client_id: string,
  headers: Readonly<Record<string, string>>,
  more = {},
): Promise<HttpResponse> {
  return postThrough(at, '/par', { ...request, client_id }, headers, more)
}

async function refused(response: Promise<HttpResponse>): Promise<void> {
  const { status, body } = await response
  assert.deepEqual([status, bodyOf({ body } as HttpResponse).error], [400, 'invalid_client'])
}

const forms: [form: string, write: (issued: Issued) => string][] = [
  ['PEM, percent-encoded, as nginx writes it', escaped],
  ['base64 of the DER', base64],
  ['base64, percent-encoded', (each) => encodeURIComponent(base64(each))],
  ['RFC 9440', bytes],
  ['PEM with spaces for line ends', ({ pem }) => pem.trim().replace(/\n/g, ' ')],
]
for (const [form, write] of forms) {
  test(`K-8 a trusted proxy’s header: ${form}`, async () => {
    for (let i = 0; i < 2; i++) {
      assert.equal((await push(w, 'shop', { 'x-client-cert': write(shop) })).status, 201)
      assert.equal((await push(w, 'own', { 'x-client-cert': write(own) })).status, 201)
      await refused(push(w, 'shop', { 'x-client-cert': write(other) }))
      await refused(push(w, 'own', { 'x-client-cert': write(shop) }))
    }
  })
}

test('K-8, BCP-21 the header of anybody else is not looked at', async () => {
  const headers = { 'x-client-cert': escaped(shop) }
  const form = { ...request, client_id: 'shop' }
  await refused(w.serve(requestOf('POST', `${base}/par`, { form, headers })))
  // Nor where the caller has a certificate of its own: that one counts.
  const direct = requestOf('POST', `${base}/par`, { form, headers })
  await refused(w.serve({ ...direct, certificates: [other.der] }))
  assert.equal((await w.serve({ ...direct, certificates: [shop.der] })).status, 201)
})

test('K-8 a proxy’s own certificate says nothing of its clients', async () => {
  await refused(push(w, 'shop', {}, { certificates: [shop.der] }))
  const header = { 'x-client-cert': escaped(other) }
  await refused(push(w, 'shop', header, { certificates: [shop.der] }))
})

test('K-8 only the header the realm names: no other, and none by default', async () => {
  const silent = await behind(undefined)
  for (const name of ['x-client-cert', 'client-cert', 'ssl-client-cert', 'x-ssl-cert']) {
    const headers = { [name]: escaped(shop) }
    await refused(push(silent, 'shop', headers))
    if (name !== 'x-client-cert') await refused(push(w, 'shop', headers))
  }
})

test('K-8 the header twice: one may be the client’s own', async () => {
  for (const [one, two] of [
    [shop, shop],
    [shop, other],
    [other, shop],
  ] as const) {
    const http = requestOf('POST', `${base}/par`, { form: { ...request, client_id: 'shop' } })
    const values = [escaped(one), escaped(two)]
    const rawHeaders = [...http.rawHeaders, ...values.flatMap((v) => ['X-Client-Cert', v])]
    // Node joins most fields and keeps the first of some.
    for (const value of [values.join(', '), values[0]]) {
      const headers = { ...http.headers, 'x-client-cert': value }
      await refused(w.serve(elsewhere({ ...http, headers, rawHeaders, proxied: true })))
    }
  }
  await refused(push(w, 'shop', { 'x-client-cert': `${escaped(shop)},${escaped(shop)}` }))
})

const malformed: [what: string, value: string][] = [
  ['nothing', ''],
  ['words', '(null)'],
  ['nginx’s NONE', 'NONE'],
  ['a cut PEM', escaped(shop).slice(0, -10)],
  ['more behind', `${base64(shop)}AAAA`],
  ['bad percent-encoding', `%zz${escaped(shop)}`],
  ['a key', encodeURIComponent(shop.publicKey.export({ type: 'spki', format: 'pem' }).toString())],
  ['64 KiB', 'A'.repeat(65_540)],
]
for (const [what, value] of malformed) {
  test(`K-8 ${what} in the header: invalid_client, no 5xx`, () =>
    refused(push(w, 'shop', { 'x-client-cert': value })))
}

test('RFC 9440 §2.3 Client-Cert-Chain leads to the CA, beside Client-Cert alone', async () => {
  const leaf = { 'client-cert': bytes(below) }
  await refused(push(standard, 'shop', leaf))
  const chained = { ...leaf, 'client-cert-chain': `${bytes(other)}, ${bytes(middle)}` }
  assert.equal((await push(standard, 'shop', chained)).status, 201)
  const broken = { ...leaf, 'client-cert-chain': ':AA:, ,x' }
  await refused(push(standard, 'shop', broken))
  const elsewhere = { 'x-client-cert': bytes(below), 'client-cert-chain': bytes(middle) }
  await refused(push(w, 'shop', elsewhere))
})

test('K-8 an intermediate that is configured is as good as a root: the proxy need not send it', async () => {
  const at = await behind('X-Client-Cert', middle)
  assert.equal((await push(at, 'shop', { 'x-client-cert': escaped(below) })).status, 201)
})

const many = trials(20_000)

test(`K-8 ${many} certificates with one byte changed prove nobody, and are no 5xx`, async () => {
  for (let i = 0; i < many; i++) {
    const der = Buffer.from(i % 2 === 0 ? own.der : shop.der)
    const at = (i * 7919) % der.length
    der[at] = (der[at] as number) ^ (1 << (i % 8))
    const headers = { 'client-cert': `:${der.toString('base64')}:` }
    const response = await push(standard, i % 2 === 0 ? 'own' : 'shop', headers)
    assert.equal(response.status, 400, `byte ${at}`)
  }
})

test('MTLS-2 a certificate that is larger than is looked at proves nobody, and that it was shown is in the log', async () => {
  const http = elsewhere(
    requestOf('POST', `${base}/par`, { form: { ...request, client_id: 'shop' } }),
  )
  const { value, events } = await withEvents(async () =>
    w.serve({ ...http, certificates: [Buffer.alloc(0)] }),
  )
  await refused(Promise.resolve(value))
  const told = events.flatMap(({ fields }) =>
    typeof fields.reason === 'string' ? [fields.reason] : [],
  )
  assert.ok(told.includes('the certificate is larger than is looked at'), JSON.stringify(events))
})
