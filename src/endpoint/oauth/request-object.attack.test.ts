import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { after, test } from 'node:test'
import { altered } from '../../../test/altered.ts'
import type { Signer } from '../../../test/assertion.ts'
import { signer } from '../../../test/assertion.ts'
import { cpuTime } from '../../../test/cpu.ts'
import type { Claims } from '../../../test/request-object.ts'
import {
  objectClaims,
  pushObject,
  refusedEverywhere,
  registerSigner,
  registerSymmetric,
  sealed,
  secretSigner,
  signed,
} from '../../../test/request-object.ts'
import { encode, forge, seal } from '../../../test/token.ts'
import { world } from '../../../test/world.ts'
import type { PairAlg } from '../../jose/generate.ts'

const w = await world()
const signers = await Promise.all((['ES256', 'RS256', 'EdDSA'] as const).map((alg) => signer(alg)))
const [es256, rs256, ed25519] = signers as [Signer, Signer, Signer]
const mallory = await signer('ES256')
await registerSigner(w, 'signs', signers)
await registerSigner(w, 'mallory', [mallory])
await registerSymmetric(w, 'shares', { requestParameterSignedAlg: 'HS256' })

const claims = (changes: Claims = {}): Claims => objectClaims(w, 'signs', changes)
const good = signed(es256, claims())
const [head = '', body = '', signature = ''] = good.split('.')

/** Where a stranger is named in a header, to hear whether anybody comes. */
let visits = 0
const listener = createServer((socket) => {
  visits += 1
  socket.destroy()
})
await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve))
after(() => listener.close())
const nowhere = `http://127.0.0.1:${(listener.address() as AddressInfo).port}/keys`

const refused = (token: string, what?: string): Promise<void> =>
  refusedEverywhere(w, 'signs', token, what)

test('the object that all of these are made of is good', async () => {
  assert.equal((await pushObject(w, 'signs', good)).status, 201)
})

test('J-1 a public key, in whatever form, is no HMAC secret', async () => {
  const { kid } = rs256.key
  const key = rs256.key.verifying.key
  const pem = key.export({ type: 'spki', format: 'pem' }) as string
  const forms = [
    pem,
    pem.trim(),
    ` ${pem}`,
    `\n${pem}`,
    pem.replaceAll('\n', '\r\n'),
    key.export({ type: 'spki', format: 'der' }),
    key.export({ type: 'pkcs1', format: 'pem' }),
    JSON.stringify(rs256.jwk),
    String(rs256.jwk.n),
    Buffer.from(String(rs256.jwk.n), 'base64url'),
    '',
  ]
  for (const form of forms) {
    for (const header of [{ alg: 'HS256', kid }, { alg: 'HS256' }, { alg: 'RS256', kid }]) {
      const input = `${encode(header)}.${encode(claims())}`
      const mac = createHmac('sha256', form).update(input).digest('base64url')
      await refused(`${input}.${mac}`)
    }
  }
})

test('J-1 a key signs by its own algorithm only', async () => {
  for (const [key, algs] of [
    [es256, ['RS256', 'EdDSA', 'ES384', 'HS256']],
    [ed25519, ['ES256', 'RS256', 'HS512']],
    [rs256, ['ES256', 'PS256', 'RS512']],
  ] as const) {
    for (const alg of algs as readonly PairAlg[]) await refused(signed(key, claims(), { alg }), alg)
  }
})

test('J-2 none in every spelling, no signature, no alg', async () => {
  for (const alg of [
    'none',
    'None',
    'NONE',
    'nOnE',
    'none ',
    '',
    null,
    undefined,
    0,
    ['ES256'],
    {},
  ]) {
    const input = `${encode({ alg })}.${encode(claims())}`
    for (const end of [`.${signature}`, '.', '']) await refused(input + end)
  }
  for (const token of [
    `${head}.${body}.`,
    `${head}.${body}`,
    `${head}..${signature}`,
    head,
    '.',
    '..',
  ]) {
    await refused(token)
  }
})

test('J-3 the compact form only, its header whole and single', async () => {
  const general = { payload: body, signatures: [{ protected: head, signature }] }
  const flattened = { payload: body, protected: head, signature }
  const split = {
    payload: body,
    protected: encode({ kid: es256.key.kid }),
    header: { alg: 'ES256' },
    signature,
  }
  for (const form of [general, flattened, split]) {
    await refused(JSON.stringify(form))
    await refused(encode(form))
  }
  const doubled = '{"alg":"ES256","alg":"none"}'
  await refused(seal(es256.key, `${encode(doubled)}.${body}`))
  await refused(`${good}.${signature}`)
})

test('J-4 keys that the header brings or points to are not looked at, nor fetched', async () => {
  const { jwk, key } = mallory
  const certificate = ['MIIB']
  for (const header of [
    { jwk },
    { jwk, kid: undefined },
    { jku: nowhere },
    { x5u: nowhere },
    { x5c: certificate },
    { jwk, jku: nowhere, x5u: nowhere, x5c: certificate, kid: es256.key.kid },
    { kid: nowhere, jku: nowhere },
  ]) {
    await refused(forge(key, { alg: 'ES256', ...header }, claims()))
    await refused(
      await sealed(w, forge(key, { alg: 'ES256', ...header }, claims()), 'ECDH-ES', 'A256GCM', {
        ...header,
        cty: 'JWT',
        kid: undefined,
      }),
    )
  }
  assert.equal(visits, 0)
  const harmless = signed(es256, claims(), { jwk, jku: nowhere, x5u: nowhere, x5c: certificate })
  assert.equal((await pushObject(w, 'signs', harmless)).status, 201, 'ignored')
  assert.equal(visits, 0)
})

test('J-10, J-4 a kid is a name among the client’s own keys, nothing else', async () => {
  for (const kid of [
    '../../../etc/passwd',
    '/dev/null',
    "' OR 1=1 --",
    '*)(uid=*',
    nowhere,
    '\0',
    'k'.repeat(12_000),
    mallory.key.kid,
    '__proto__',
    'constructor',
    '',
    7,
    ['a'],
    null,
  ]) {
    await refused(signed(es256, claims(), { kid }), String(kid).slice(0, 40))
    await refused(signed(mallory, claims(), { kid }), String(kid).slice(0, 40))
  }
  assert.equal(visits, 0)
})

test('J-11 base64url and JSON are read one way only', async () => {
  for (const token of [
    `${good}=`,
    `${head}=.${body}.${signature}`,
    `${head}.${body}=.${signature}`,
    ` ${good}`,
    `${good}\n`,
    `${head}.\n${body}.${signature}`,
    `${head}.${body}.${altered(signature, -1)}`,
    `${head}.${body}.${signature.slice(0, -1)}`,
  ]) {
    await refused(token)
  }
  const json = JSON.stringify(claims())
  for (const payload of [
    `\ufeff${json}`,
    json.replace('"write"', '"write","scope":"openid"'),
    json.replace('"write"', '"write","\\u0073cope":"openid"'),
    `${json} x`,
    `[${json}]`,
    '"text"',
    'null',
    '{}',
    json.replace('"write"', `${'['.repeat(10_000)}${']'.repeat(10_000)}`),
    json.replace('"write"', `{"a":${'{"a":'.repeat(30)}1${'}'.repeat(30)}}`),
  ]) {
    await refused(signed(es256, payload), payload.slice(0, 60))
  }
  const notUtf8 = Buffer.concat([
    Buffer.from('{"client_id":"'),
    Buffer.from([0xff, 0xfe]),
    Buffer.from('"}'),
  ])
  await refused(seal(es256.key, `${head}.${notUtf8.toString('base64url')}`))
})

test('J-9 claims of the wrong type, whatever number they pretend to be', async () => {
  const json = JSON.stringify(claims())
  for (const exp of [
    '1e400',
    '-0',
    '-1',
    '"9"',
    '[9999999999]',
    '{}',
    'true',
    '9007199254740993000',
  ]) {
    await refused(signed(es256, json.replace(/"exp":\d+/, `"exp":${exp}`)), exp)
    await refused(signed(es256, json.replace(/"nbf":\d+/, `"nbf":${exp}`)), exp)
  }
  for (const iss of ['["signs"]', '5', '{"signs":1}', 'null', '""']) {
    await refused(signed(es256, json.replace('"iss":"signs"', `"iss":${iss}`)), iss)
  }
})

test('OIDC-40, C-27 the secret of another client signs nothing', async () => {
  await refused(signed(secretSigner('HS256'), claims()))
  await refused(signed(secretSigner('HS256'), objectClaims(w, 'shares')))
})

test('H-6 deep, wide and huge claims are refused quickly', async () => {
  const wide = Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`claim${i}`, null]))
  const deep = `${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}`
  const json = JSON.stringify(claims())
  for (const [token, status] of [
    [signed(es256, json.replace('"write"', `"write","claims":${deep}`)), 400],
    [
      signed(
        es256,
        json.replace('"write"', `"write","authorization_details":[${'{},'.repeat(9000)}{}]`),
      ),
      400,
    ],
    [signed(es256, claims({ state: 's'.repeat(60_000) })), 400],
    [signed(es256, claims({ scope: 'openid', claims: { userinfo: wide } })), undefined],
  ] as const) {
    const { status: answered } = await pushObject(w, 'signs', token)
    if (status !== undefined) assert.equal(answered, status)
    assert.ok(answered < 500)
    assert.ok((await cpuTime(() => pushObject(w, 'signs', token))) < 50)
  }
})

test('T-8 names of Object.prototype as claims change nothing', async () => {
  const before = Reflect.ownKeys(Object.prototype).length
  for (const name of ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'then']) {
    const payload = JSON.stringify(claims()).replace(
      '"write"',
      `"write","${name}":{"x":"polluted"}`,
    )
    assert.equal((await pushObject(w, 'signs', signed(es256, payload))).status, 201, name)
  }
  assert.equal(Reflect.ownKeys(Object.prototype).length, before)
  assert.equal(({} as Record<string, unknown>).x, undefined)
})
