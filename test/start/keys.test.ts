import assert from 'node:assert/strict'
import { createPublicKey, type JsonWebKey, verify } from 'node:crypto'
import { chmod, cp, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, type TestContext, test } from 'node:test'
import {
  ask,
  coded,
  codeOf,
  codeParameters,
  cookieOf,
  granted,
  json,
  logIn,
  oauth2,
  open,
  pushed,
  refreshParameters,
  visit,
} from '../party.ts'
import { type RunningServer, startServer } from '../server.ts'
import { jsonOf, type Wire, wire } from '../wire.ts'
import { directory, fingerprint, refusal } from './refused.ts'

/** A key no store of these tests is sealed with. */
const other = 'QW5vdGhlciBrZXkgYWx0b2dldGhlciwgMzIgYnl0ZXM'

/** A demo's data, made once. */
let template: string

before(async () => {
  template = await mkdtemp(join(tmpdir(), 'parapet-keys-'))
  await serving(template, {}, async () => undefined)
})

after(() => rm(template, { recursive: true, force: true }))

async function copy(t: TestContext): Promise<string> {
  const data = await directory(t)
  await cp(template, data, { recursive: true })
  return data
}

/** Takes the key out of the directory, for PARAPET_KEY. */
async function takeKey(data: string): Promise<string> {
  const file = join(data, 'parapet.key')
  const key = await readFile(file, 'utf8')
  await rm(file)
  return key.trim()
}

type Environment = Readonly<Record<string, string>>

/** Runs something with a server on the directory. `end`: how it goes. */
async function serving<T>(
  data: string,
  env: Environment,
  run: (w: Wire) => Promise<T>,
  end: 'stop' | 'kill' = 'stop',
): Promise<T> {
  const server: RunningServer = await startServer({ demo: true, data, env })
  const w = wire(Number(new URL(server.origin).port))
  try {
    return await run(w)
  } finally {
    w.close()
    await server[end]()
  }
}

/** What people and clients hold when a server goes. */
interface Holdings {
  readonly token: string
  readonly id_token: string
  readonly access_token: string
  readonly refresh_token: string
  readonly request_uri: string
  readonly code: string
}

async function hold(w: Wire): Promise<Holdings> {
  const token = await logIn(w)
  const cookie = cookieOf(token)
  const grant = await granted(w, open, cookie)
  return {
    token,
    id_token: String(grant.id_token),
    access_token: String(grant.access_token),
    refresh_token: String(grant.refresh_token),
    request_uri: await pushed(w, open),
    code: await coded(w, open, cookie),
  }
}

/** Everything held is still worth what it was. */
async function allGood(w: Wire, held: Holdings): Promise<void> {
  const jwks = jsonOf(await w.call('GET', `${oauth2}/connect/jwk_uri`))
  assert.ok(isSigned(held.id_token, jwks.keys as JsonWebKey[]), 'the ID token verifies')
  const validated = await w.call('POST', `${json}/sessions?_action=validate`, {
    headers: { 'accept-api-version': 'resource=3.1, protocol=1.0' },
    json: { tokenId: held.token },
  })
  assert.equal(jsonOf(validated).valid, true, validated.text)
  const authorization = `Bearer ${held.access_token}`
  jsonOf(await w.call('GET', `${oauth2}/userinfo`, { headers: { authorization } }))
  const opened = await visit(w, open, held.request_uri, cookieOf(held.token))
  assert.ok(codeOf(opened), opened.text)
  jsonOf(await ask(w, open, '/access_token', codeParameters(held.code)))
  jsonOf(await ask(w, open, '/access_token', refreshParameters(held.refresh_token)))
}

/** RFC 7515 §5.2, by the key that the token names; RS256, the demo's. */
function isSigned(token: string, keys: readonly JsonWebKey[]): boolean {
  const [header = '', payload = '', signature = ''] = token.split('.')
  const { kid, alg } = JSON.parse(Buffer.from(header, 'base64url').toString())
  assert.equal(alg, 'RS256')
  const named = keys.filter((key) => key.kid === kid)
  assert.equal(named.length, 1)
  const key = createPublicKey({ key: named[0] as JsonWebKey, format: 'jwk' })
  const signed = Buffer.from(`${header}.${payload}`)
  return verify('sha256', signed, key, Buffer.from(signature, 'base64url'))
}

test('house: a wrong PARAPET_KEY refuses to start, says so and changes nothing', async (t) => {
  const data = await copy(t)
  const key = await takeKey(data)
  const held = await serving(data, { PARAPET_KEY: key }, hold)
  const before = await fingerprint(data)
  assert.deepEqual(Object.keys(before), [
    'records.db',
    'records.mark',
    'settings.db',
    'settings.mark',
  ])
  const wrong: readonly [string, RegExp][] = [
    [`1:${other}`, /key version 1 is not the key with which the settings are sealed/],
    [key.replace('1:', '2:'), /key version 1, with which the settings are sealed, is not given/],
    ['', /settings\.db is sealed, but its key file .*parapet\.key is missing.*PARAPET_KEY/],
  ]
  for (const [PARAPET_KEY, why] of wrong) {
    const said = await refusal({ demo: true, data, env: { PARAPET_KEY } })
    assert.match(said, why)
    assert.ok(!said.includes(PARAPET_KEY.slice(2) || '\0'), 'no key is printed')
    assert.deepEqual(await fingerprint(data), before)
  }
  await serving(data, { PARAPET_KEY: key }, (w) => allGood(w, held))
})

test('T-2 SIGKILL, then a wrong key, then the right one: ID tokens verify, sessions and grants live on', async (t) => {
  const data = await copy(t)
  const key = await takeKey(data)
  const held = await serving(data, { PARAPET_KEY: key }, hold, 'kill')
  const PARAPET_KEY = `1:${other}`
  assert.match(await refusal({ demo: true, data, env: { PARAPET_KEY } }), /is not the key/)
  await serving(data, { PARAPET_KEY: key }, (w) => allGood(w, held))
})

test('house: a key file that is missing, another or open to others refuses to start', async (t) => {
  const data = await copy(t)
  const held = await serving(data, {}, hold)
  const file = join(data, 'parapet.key')
  const key = await readFile(file, 'utf8')
  const attempt = { demo: true, data }

  await rename(file, `${file}.away`)
  const without = await fingerprint(data)
  assert.match(await refusal(attempt), /its key file .*parapet\.key is missing: bring it back/)
  assert.deepEqual(await fingerprint(data), without, 'no other key is made')
  await rm(`${file}.away`)

  await writeFile(file, `1:${other}\n`, { mode: 0o600 })
  assert.match(await refusal(attempt), /key version 1 is not the key/)
  await writeFile(file, key)
  await chmod(file, 0o644)
  assert.match(await refusal(attempt), /may be read by others than its owner: chmod 600/)
  await chmod(file, 0o600)
  await serving(data, {}, (w) => allGood(w, held))
})

test('house: a new key beside the old one: all that was made under the old one lives on', async (t) => {
  const data = await copy(t)
  const key = await takeKey(data)
  const old = await serving(data, { PARAPET_KEY: key }, hold)
  const both = { PARAPET_KEY: `2:${other},${key}` }
  const young = await serving(data, both, async (w) => {
    await allGood(w, old)
    return hold(w)
  })
  await serving(data, both, (w) => allGood(w, young))
  assert.match(
    await refusal({ demo: true, data, env: { PARAPET_KEY: `2:${other}` } }),
    /key version 1, with which the settings are sealed, is not given/,
  )
})
