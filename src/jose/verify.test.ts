import assert from 'node:assert/strict'
import { createHmac, sign } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import fc from 'fast-check'
import { encode, forge, makeKey, makeSecret } from '../../test/token.ts'
import type { JwsAlg } from './algorithm.ts'
import { curves, jwsAlgorithms } from './algorithm.ts'
import type { VerifyingKey } from './jwk.ts'
import { importVerifyingKey, publicJwk } from './jwk.ts'
import { signJwt } from './sign.ts'
import { verifyJws } from './verify.ts'

const everyAlg = Object.keys(jwsAlgorithms) as JwsAlg[]
const [es, es2, ed, rs, es512] = await Promise.all([
  makeKey('ES256'),
  makeKey('ES256'),
  makeKey('EdDSA'),
  makeKey('RS256'),
  makeKey('ES512'),
])
const hs = makeSecret('a secret of at least thirty-two bytes')
const mine = [es, ed, rs, es512, hs].map((key) => key.verifying)

async function reasonOf(token: string, keys = mine, allowed = everyAlg): Promise<string> {
  const verdict = await verifyJws(token, keys, allowed)
  return verdict.ok ? 'accepted' : verdict.reason
}

test('J-1 a public key in any clothes is no HMAC secret', async () => {
  const pem = rs.verifying.key.export({ type: 'spki', format: 'pem' }).toString()
  const pkcs1 = rs.verifying.key.export({ type: 'pkcs1', format: 'pem' }).toString()
  const der = rs.verifying.key.export({ type: 'spki', format: 'der' })
  const jwk = JSON.stringify(rs.verifying.key.export({ format: 'jwk' }))
  const secrets = [pem, pkcs1, pem.trim(), ` ${pem}`, `\n${pem}`, `${pem}\n`, der, jwk]
  for (const secret of secrets) {
    for (const kid of [undefined, rs.kid]) {
      const input = `${encode({ alg: 'HS256', kid })}.${encode({ sub: 'a' })}`
      const mac = createHmac('sha256', secret).update(input).digest('base64url')
      const keys = [rs.verifying]
      assert.equal(await reasonOf(`${input}.${mac}`, keys), 'no key fits the alg')
      assert.equal(await reasonOf(`${input}.${mac}`, keys, ['RS256']), 'the alg is not allowed')
      assert.notEqual(await reasonOf(`${input}.${mac}`), 'accepted')
    }
  }
})

test('J-1 a key bound to one alg of its type serves no other', async () => {
  const jwk = rs.verifying.key.export({ format: 'jwk' }) as Record<string, string>
  const bound = importVerifyingKey({ ...jwk, alg: 'PS256' })
  assert.ok(bound.ok)
  const token = forge(rs, { alg: 'RS256' })
  assert.equal(await reasonOf(token, [bound.key]), 'no key fits the alg')
  assert.equal(await reasonOf(token, [rs.verifying]), 'accepted')
})

test('RFC 7515 §A.5 the example that nobody signed is refused, whatever is allowed', async () => {
  const token =
    'eyJhbGciOiJub25lIn0.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.'
  const allowed = [...everyAlg, 'none'] as JwsAlg[]
  assert.equal(await reasonOf(token), 'the alg is not allowed')
  assert.notEqual(await reasonOf(token, mine, allowed), 'accepted')
})

test('J-2 none and its relatives are refused, signed or not', async () => {
  const names = [
    'none',
    'None',
    'NONE',
    'nOnE',
    ' none',
    'none\u0000',
    '',
    'es256',
    'ES256 ',
    'constructor',
  ]
  for (const alg of names) {
    const token = forge(es, { alg })
    assert.equal(await reasonOf(token), 'the alg is not allowed', alg)
    assert.equal(await reasonOf(`${encode({ alg })}.${encode({})}.`), 'the alg is not allowed', alg)
  }
  for (const alg of [undefined, null, ['ES256'], 256, true, { a: 1 }]) {
    assert.equal(await reasonOf(forge(es, { alg })), 'the header is malformed')
  }
})

test('J-4 keys and addresses in the header are ignored and nothing is fetched', async (t) => {
  let visits = 0
  const server = createServer((_, response) => response.end(JSON.stringify({ keys: [jwk] })))
  t.after(() => server.close())
  server.on('connection', () => visits++)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks`
  const jwk = publicJwk(es2.verifying.key.export({ format: 'jwk' }) as Record<string, string>)
  const x5c = [es2.verifying.key.export({ type: 'spki', format: 'der' }).toString('base64')]
  for (const more of [
    { jwk },
    { jku: url },
    { x5u: url },
    { x5c },
    { jwk, jku: url, x5u: url, x5c },
  ]) {
    const header = { alg: 'ES256', ...more }
    assert.equal(await reasonOf(forge(es2, header)), 'the signature is wrong')
    assert.equal(await reasonOf(forge(es, header)), 'accepted')
  }
  assert.equal(visits, 0)
})

test('J-8 ECDSA signatures of zeros, ones, orders and in DER are refused', async () => {
  const orders = { ES256: curves['P-256'].order, ES512: curves['P-521'].order }
  for (const [alg, order] of Object.entries(orders)) {
    const input = `${encode({ alg })}.${encode({ sub: 'a' })}`
    const size = 2 * order.length
    const forms = [Buffer.concat([order, order]), Buffer.alloc(size), Buffer.alloc(size, 255)]
    for (const bytes of [...forms, Buffer.alloc(size, 1)]) {
      const token = `${input}.${bytes.toString('base64url')}`
      assert.equal(await reasonOf(token), 'the signature is wrong', alg)
    }
  }
  const input = `${encode({ alg: 'ES256' })}.${encode({ sub: 'a' })}`
  const der = sign('sha256', Buffer.from(input), es.key)
  assert.equal(await reasonOf(`${input}.${der.toString('base64url')}`), 'the signature is wrong')
})

test('J-8 an Ed25519 signature whose S has the group order added is refused', async () => {
  const token = forge(ed, { alg: 'EdDSA' })
  const [header, payload, signature] = token.split('.') as [string, string, string]
  const bytes = Buffer.from(signature, 'base64url')
  const order = (1n << 252n) + 27742317777372353535851937790883648493n
  const s = BigInt(`0x${Buffer.from(bytes.subarray(32)).reverse().toString('hex')}`)
  const twin = Buffer.from((s + order).toString(16).padStart(64, '0'), 'hex').reverse()
  const changed = Buffer.concat([bytes.subarray(0, 32), twin]).toString('base64url')
  assert.equal(await reasonOf(token), 'accepted')
  assert.equal(await reasonOf(`${header}.${payload}.${changed}`), 'the signature is wrong')
})

test('J-9 an HMAC is verified by a secret given, and by nothing a header looks up', async () => {
  const other = makeSecret('another secret of thirty-two bytes and more')
  for (const kid of [undefined, '', 'toString', '__proto__', es.kid]) {
    assert.equal(await reasonOf(forge(other, { alg: 'HS256', kid })), 'the signature is wrong')
    assert.equal(await reasonOf(forge(hs, { alg: 'HS256', kid })), 'accepted')
    const keys = [es.verifying]
    assert.notEqual(await reasonOf(forge(other, { alg: 'HS256', kid }), keys), 'accepted')
    assert.notEqual(await reasonOf(forge(other, { alg: 'HS256', kid }), []), 'accepted')
  }
})

test('J-10 a kid selects among the given keys and reaches nothing else', async () => {
  const kids = [
    '../../../etc/passwd',
    '/dev/null',
    "' OR 1=1 --",
    '*)(uid=*))(|(uid=*',
    'http://127.0.0.1/key',
    'file:///dev/null',
    `${es.kid}\u0000`,
    `${es.kid?.toUpperCase()}`,
    '',
    '__proto__',
    'constructor',
    es2.kid,
  ]
  for (const kid of kids) {
    assert.equal(await reasonOf(forge(es, { alg: 'ES256', kid })), 'the kid is unknown', kid)
  }
  assert.equal(await reasonOf(forge(es, { alg: 'ES256', kid: es.kid })), 'accepted')
  assert.equal(await reasonOf(forge(es, { alg: 'ES256', kid: ed.kid })), 'no key fits the alg')
  assert.equal(
    await reasonOf(forge(es, { alg: 'ES256', kid: [es.kid] })),
    'the header is malformed',
  )
  const huge = forge(es, { alg: 'ES256', kid: 'x'.repeat(20_000) })
  assert.equal(await reasonOf(huge), 'the header is malformed')
  const enormous = forge(es, { alg: 'ES256', kid: 'x'.repeat(2 ** 20) })
  assert.equal(await reasonOf(enormous), 'the token is too long')
})

test('RFC 7515 §6 without kid at most eight fitting keys are tried', async () => {
  const others = Array<VerifyingKey>(7).fill(es2.verifying)
  const noise = Array<VerifyingKey>(50).fill(ed.verifying)
  const token = forge(es, { alg: 'ES256' })
  assert.equal(await reasonOf(token, [...noise, ...others, es.verifying]), 'accepted')
  const nine = [...others, es2.verifying, es.verifying]
  assert.equal(await reasonOf(token, nine), 'the signature is wrong')
  assert.equal(await reasonOf(forge(es, { alg: 'ES256', kid: es.kid }), nine), 'accepted')
})

test('K-4 no mutation of a token is accepted (1,000 for each key)', async () => {
  const claims = { iss: 'myClient', sub: 'myClient', jti: 'Ab-_0', exp: 4102444800 }
  const alphabet = fc.constantFrom(...'ABCXYZabcxyz0189-_.=+/ \n{"\u0000ü')
  for (const key of [es, ed, rs, hs]) {
    const token = await signJwt(key, { typ: 'JWT' }, claims)
    const at = fc.nat({ max: token.length })
    const mutation = fc.oneof(
      fc.tuple(at, alphabet).map(([i, c]) => token.slice(0, i) + c + token.slice(i + 1)),
      fc.tuple(at, alphabet).map(([i, c]) => token.slice(0, i) + c + token.slice(i)),
      fc.tuple(at, fc.nat({ max: 8 })).map(([i, n]) => token.slice(0, i) + token.slice(i + n)),
      fc
        .tuple(at, at, at)
        .map(([i, j, k]) => token.slice(0, i) + token.slice(j, k) + token.slice(i)),
      fc.tuple(at, at).map(([i, j]) => token.slice(i) + token.slice(0, j)),
      fc.string().map((text) => token + text),
    )
    await fc.assert(
      fc.asyncProperty(mutation, async (changed) => {
        const verdict = await verifyJws(changed, mine, everyAlg)
        assert.equal(verdict.ok, changed === token)
      }),
      { numRuns: 1000 },
    )
  }
})
