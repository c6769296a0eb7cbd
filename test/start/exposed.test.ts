import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { encodeForm } from '../../src/base/form.ts'
import { random } from '../../src/base/random.ts'
import { banner } from '../../src/demo/banner.ts'
import { markDemo, populateDemo, remainingSeeds } from '../../src/demo/populate.ts'
import { credentialsOf, knownCredentials, newSeed } from '../../src/demo/seed.ts'
import { readServerSettings } from '../../src/server/settings.ts'
import { type Running, start } from '../../src/start.ts'
import { memoryStore } from '../../src/store/memory/memory.ts'
import { basic, pushForm } from '../world.ts'

let running: Running

before(async () => {
  // Reached by whoever reaches the machine, and made as cheaply as a test may.
  const { settings } = readServerSettings({ HOST: '0.0.0.0', PORT: '0', PARAPET_STORE: 'memory:' })
  assert.ok(settings)
  running = await start(settings, 'exposed', { hashCost: { memoryCost: 8, timeCost: 1 } })
})
after(() => running.stop(0))

test('house: an exposed demo has passwords of its own, and no page of it shows one', async () => {
  const { origin, filled, adminPassword = '' } = running
  assert.ok(filled?.isNew)
  const { password, secretOf } = filled.credentials
  const secret = secretOf('myClient') ?? ''
  for (const drawn of [password, secret, adminPassword]) assert.match(drawn, /^[\w-]{20}$/)
  const par = `${origin}/am/oauth2/realms/root/realms/alpha/par`
  const push = (header: string) =>
    fetch(par, {
      method: 'POST',
      headers: { authorization: header },
      body: new URLSearchParams(pushForm()),
    })
  assert.equal((await push(basic('myClient', secret))).status, 201)
  assert.equal((await push(basic())).status, 401)

  const chosen = encodeForm([
    ['realm', 'alpha'],
    ['client_id', 'myClient'],
    ['scope', 'openid'],
    ['pkce', 'on'],
  ])
  const form = { 'content-type': 'application/x-www-form-urlencoded' }
  const pages = [
    await fetch(origin),
    await fetch(`${origin}/demo`),
    await fetch(`${origin}/demo/push`, { method: 'POST', headers: form, body: chosen }),
    await fetch(`${origin}/demo/callback?code=abc&client_id=myClient`),
  ]
  const texts = await Promise.all(pages.map((page) => page.text()))
  assert.match(texts[2] ?? '', /id="continue"/)
  const encoded = Buffer.from(`myClient:${secret}`).toString('base64')
  for (const text of texts) {
    for (const each of [
      password,
      secret,
      adminPassword,
      encoded,
      knownCredentials.password,
      'mySecret',
    ])
      assert.ok(!text.includes(each), each)
  }
})

test('house: what an exposed demo made is said once, and is the same at every start', async () => {
  const { origin, world, realms, filled, adminPassword } = running
  assert.ok(filled)
  const { password, secretOf } = filled.credentials
  const first = banner(origin, adminPassword, filled)
  for (const said of [password, secretOf('myClient') ?? '', adminPassword ?? ''])
    assert.ok(first.includes(said))
  const again = await populateDemo(world.settings, realms, origin)
  assert.deepEqual([again?.isNew, again?.credentials.password], [false, password])
  const later = banner(origin, undefined, again)
  assert.match(later, /with the password shown at the first start/)
  assert.ok(!later.includes(password) && !later.includes(secretOf('myClient') ?? ''))
  assert.deepEqual(await remainingSeeds(world.settings, realms), [])
})

test('house: a demo with the passwords of the documentation is none that may be exposed', async () => {
  const settings = memoryStore(() => 1)
  await markDemo(settings)
  await assert.rejects(markDemo(settings, newSeed(random)), /that everybody knows: take another/)
  const { password } = credentialsOf(newSeed(random))
  assert.notEqual(password, credentialsOf(newSeed(random)).password)
})
