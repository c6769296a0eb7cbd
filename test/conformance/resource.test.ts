import assert from 'node:assert/strict'
import { hash } from 'node:crypto'
import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { request } from 'node:https'
import { after, test } from 'node:test'
import type { JsonObject } from '../../src/base/json.ts'
import { selfSigned } from '../certificate.ts'
import { proofKey, proofOf } from '../dpop.ts'
import { startResource } from './resource.ts'

const origin = 'https://localhost:0'
const [key, other] = [await proofKey(), await proofKey()]
const [mine, theirs] = [selfSigned('mine'), selfSigned('theirs')]
const now = Math.floor(Date.now() / 1000)

/** What the server says of each token that it knows. */
const said = new Map<string, JsonObject>()
const introspect = async (text: string): Promise<JsonObject> => said.get(text) ?? { active: false }
const api = await startResource({ origin, introspect, ...selfSigned('localhost') })
after(() => api.close())

function token(cnf?: JsonObject, more: JsonObject = {}): string {
  const text = `token-${said.size}`
  said.set(text, { active: true, sub: 's', ...(cnf && { cnf }), ...more })
  return text
}

const tied = token({ jkt: key.jkt })

function proofFor(text: string, by = key, more = {}): string {
  const ath = hash('sha256', text, 'base64url')
  return proofOf(by, { htm: 'GET', htu: `${origin}/accounts`, iat: now, ath, ...more })
}

type Headers = Readonly<Record<string, string | string[]>>

async function ask(headers: Headers, shown: object = {}, path = '/accounts') {
  const options = { headers, agent: false, rejectUnauthorized: false, ...shown }
  const asked = request(`https://localhost:${api.port}${path}`, options).end()
  const [response] = (await once(asked, 'response')) as [IncomingMessage]
  response.resume()
  await once(response, 'end')
  return response
}

const certificateOf = ({ cert }: typeof mine) =>
  hash('sha256', Buffer.from(cert.replace(/-----.*?-----/g, ''), 'base64'), 'base64url')

test('RFC 9449 §7.1 a token of a key is taken with a proof of it, once, and an interaction id comes back, or a new one', async () => {
  const headers = {
    authorization: `DPoP ${tied}`,
    dpop: proofFor(tied),
    'x-fapi-interaction-id': 'i',
  }
  const first = await ask(headers, {}, '/accounts?page=1')
  assert.deepEqual([first.statusCode, first.headers['x-fapi-interaction-id']], [200, 'i'])
  const second = await ask(headers)
  assert.equal(second.statusCode, 401)
  const { 'x-fapi-interaction-id': _, ...unnamed } = headers
  const made = [await ask(unnamed), await ask(unnamed)].map(
    (answer) => answer.headers['x-fapi-interaction-id'],
  )
  for (const id of made) assert.match(String(id), /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/)
  assert.notEqual(made[0], made[1])
  assert.match(String(second.headers['www-authenticate']), /^DPoP algs="PS256/)
})

test('RFC 8705 §3 a token of a certificate is taken on a connection that shows it', async () => {
  const authorization = `Bearer ${token({ 'x5t#S256': certificateOf(mine) })}`
  assert.equal((await ask({ authorization }, mine)).statusCode, 200)
  for (const shown of [theirs, {}])
    assert.equal((await ask({ authorization }, shown)).statusCode, 401)
})

test('house: a resource of the suite’s takes no other token', async () => {
  const dpop = (text: string, proof: string | string[] = proofFor(text), scheme = 'DPoP') => ({
    ...{ authorization: `${scheme} ${text}`, dpop: proof },
  })
  const cnf = { jkt: key.jkt }
  const wrong: readonly Headers[] = [
    {},
    { authorization: `DPoP ${tied}` },
    { authorization: `Bearer ${token()}` },
    dpop(tied, proofFor(tied), 'Bearer'),
    dpop(tied, proofFor(tied, other)),
    dpop(tied, [proofFor(tied), proofFor(tied)]),
    dpop(tied, proofFor('another')),
    ...[{ htm: 'POST' }, { htu: `${origin}/other` }, { iat: now - 3600 }].map((more) =>
      dpop(tied, proofFor(tied, key, more)),
    ),
    dpop(token(cnf, { active: false })),
    dpop('x'),
  ]
  const answers = await Promise.all(wrong.map((headers) => ask(headers)))
  assert.deepEqual(
    answers.map(({ statusCode }) => statusCode),
    wrong.map(() => 401),
  )
  assert.equal((await ask(dpop(tied))).statusCode, 200)
})
