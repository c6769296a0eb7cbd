import assert from 'node:assert/strict'
import { readdir } from 'node:fs/promises'
import { test } from 'node:test'
import { argon2Hash } from '../../src/base/argon2.ts'
import { random } from '../../src/base/random.ts'
import { now } from '../../src/base/time.ts'
import { openStores } from '../../src/store/index.ts'
import { changeEndUser, findByUsername } from '../../src/user/end-user.ts'
import { administrator, ask, closed, json, logIn, pushParameters } from '../party.ts'
import { adminPassword, startServer } from '../server.ts'
import { freePorts, jsonOf, type Wire, wire } from '../wire.ts'
import { basic } from '../world.ts'
import { directory, refusal } from './refused.ts'

/** Reached through whatever ends TLS before it. */
const world = { HOST: '0.0.0.0', PARAPET_BASE_URL: 'https://as.example.test:8443' }

const exposing: readonly Readonly<Record<string, string>>[] = [
  { HOST: '0.0.0.0' },
  { HOST: '::' },
  { HOST: '0' },
  { HOST: '192.0.2.1' },
  { HOST: 'as.example.test' },
  { PARAPET_BASE_URL: 'https://as.example.test' },
  { PARAPET_BASE_URL: 'http://localhost:8080,https://as.example.test' },
  { PARAPET_TRUSTED_PROXIES: '127.0.0.1' },
]

for (const env of exposing) {
  test(`house: --demo with ${JSON.stringify(env)} is refused and makes nothing`, async (t) => {
    const data = await directory(t)
    const said = await refusal({ demo: true, data, env })
    assert.match(said, /--demo is for this machine only, and others can reach the server by /)
    assert.deepEqual(await readdir(data), [])
  })
}

test('house: without an administrator and without a password for one nothing is served', async (t) => {
  const data = await directory(t)
  const none = { demo: false, data, env: { PARAPET_ADMIN_PASSWORD: '' } }
  assert.match(
    await refusal(none),
    /no administrator yet: give a password for amadmin in PARAPET_ADMIN_PASSWORD/,
  )
  const first = await startServer({ demo: false, data })
  const w = wire(portOf(first.origin))
  await logIn(w, ['amadmin', adminPassword], '/am/json/realms/root')
  w.close()
  assert.equal(await first.stop(), 0)
  // Once there is one, the password is needed no more, and is not changed by another one given.
  const again = await startServer({ ...none, env: { PARAPET_ADMIN_PASSWORD: 'another one' } })
  const v = wire(portOf(again.origin))
  await logIn(v, ['amadmin', adminPassword], '/am/json/realms/root')
  v.close()
  assert.equal(await again.stop(), 0)
  const last = await startServer(none)
  assert.equal(await last.stop(), 0)
})

test('house: the first administrator’s password is held against the rules for any other, and later starts do not look at it', async (t) => {
  const data = await directory(t)
  for (const [password, told] of [
    ['Password1', 'must not be one that very many people have'],
    ['AmAdmin ', 'must be another one than the user name'],
  ] as const) {
    const said = await refusal({ demo: false, data, env: { PARAPET_ADMIN_PASSWORD: password } })
    assert.equal(said.trim(), `parapet: the password of amadmin in PARAPET_ADMIN_PASSWORD ${told}`)
  }
  const first = await startServer({ demo: false, data })
  assert.equal(await first.stop(), 0)
  const later = { demo: false, data, env: { PARAPET_ADMIN_PASSWORD: 'Password1' } }
  assert.equal(await (await startServer(later)).stop(), 0)
})

test('house: a store the demo seeded is served to the world when its seeds are changed', async (t) => {
  const data = await directory(t)
  const demo = await startServer({ demo: true, data })
  assert.equal(await demo.stop(), 0)
  const [port = 0] = await freePorts(1)
  const attempt = { demo: false, data, env: { ...world, PORT: String(port) } }
  const seeds = ['alpha', 'bravo'].flatMap((name) => [
    `user demo of /${name}`,
    `client myClient of /${name}`,
  ])
  const named = (remaining: readonly string[]): RegExp =>
    new RegExp(`credentials of the demo that everybody knows \\(${remaining.join(', ')}\\)`)
  assert.match(await refusal(attempt), named(seeds))
  const behindProxy = { ...attempt, env: { PARAPET_BASE_URL: world.PARAPET_BASE_URL } }
  assert.match(await refusal(behindProxy), named(seeds))

  await changePasswords(data, 'a better password')
  assert.match(await refusal(attempt), named(seeds.filter((seed) => seed.startsWith('client'))))

  const here = await startServer({ demo: false, data })
  const w = wire(portOf(here.origin))
  for (const name of ['alpha', 'bravo']) await changeSecret(w, name, 'a better secret')
  w.close()
  assert.equal(await here.stop(), 0)

  const served = await startServer(attempt)
  const v = wire(port, world.PARAPET_BASE_URL)
  await logIn(v, ['demo', 'a better password'])
  await assert.rejects(logIn(v), /401/)
  const better = { headers: { authorization: basic('myClient', 'a better secret') } }
  jsonOf(await ask(v, closed, '/par', pushParameters, better), 201)
  assert.equal((await ask(v, closed, '/par', pushParameters)).status, 401)
  v.close()
  assert.equal(await served.stop(), 0)
})

function portOf(origin: string): number {
  return Number(new URL(origin).port)
}

/** There is no API for accounts yet: straight into the store. */
async function changePasswords(data: string, password: string): Promise<void> {
  const { settings, close } = await openStores({
    url: `sqlite:${data}`,
    keyText: undefined,
    now,
    random,
  })
  for (const path of ['/alpha', '/bravo']) {
    const realm = { path, settings, provider: { passwordChangeEndsGrants: true } }
    const { sub } = (await findByUsername(realm, 'demo')) ?? assert.fail()
    assert.ok(await changeEndUser(realm, sub, { password: await argon2Hash(password, random(16)) }))
  }
  await close()
}

async function changeSecret(w: Wire, name: string, userpassword: string): Promise<void> {
  const administer = await administrator(w)
  const path = '/agents/OAuth2Client/myClient'
  const at = json.replace('alpha', name)
  const document = jsonOf(await administer('GET', path, undefined, at)) as Record<string, object>
  const core = { ...document.coreOAuth2ClientConfig, userpassword }
  const changed = { ...document, coreOAuth2ClientConfig: core }
  jsonOf(await administer('PUT', path, changed, at))
}
