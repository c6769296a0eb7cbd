import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { People } from '../../test/people.ts'
import { people, request } from '../../test/people.ts'
import type { HttpRequest } from '../base/http.ts'
import type { Realm } from '../realm/realm.ts'
import { deviceCookie, deviceOf, knownDevice, lineOf, numberOfDevice } from './device.ts'
import type { EndUser } from './end-user.ts'

const named = ({ demo }: People, sub: string): EndUser => ({ ...demo, sub })
const other = '00000000-0000-4000-8000-000000000001'

/** What a browser has to show once the user has logged in with it. */
function afterLogin(realm: Realm, user: EndUser, before?: string): string {
  const headers: Record<string, string> =
    before === undefined ? {} : { cookie: `parapet-device=${before}` }
  return /=([^;]*)/.exec(deviceCookie(realm, request('POST', '/', headers), user))?.[1] ?? ''
}

test('C-34 a browser is known after a login, by a number of its own', async () => {
  const { alpha, demo } = await people()
  const one = knownDevice(alpha, afterLogin(alpha, demo), demo)
  const two = knownDevice(alpha, afterLogin(alpha, demo), demo)
  assert.match(String(one), /^[0-9a-f]{16}$/)
  assert.match(String(two), /^[0-9a-f]{16}$/)
  assert.notEqual(one, two)
})

const noProof: [what: string, device: (world: People) => string | undefined][] = [
  ['nothing', () => undefined],
  ['an empty value', () => ''],
  ['another account’s proof', (world) => afterLogin(world.alpha, named(world, other))],
  ['a proof of another realm', ({ root, demo }) => afterLogin(root, demo)],
  ['a shortened proof', ({ alpha, demo }) => afterLogin(alpha, demo).slice(0, -2)],
  ['a lengthened proof', ({ alpha, demo }) => `${afterLogin(alpha, demo)}AA`],
  [
    'a proof older than a year',
    ({ alpha, demo, clock }) => {
      const device = afterLogin(alpha, demo)
      clock.now += 31_536_000
      return device
    },
  ],
  ['a list that is too long', ({ alpha, demo }) => `${'A.'.repeat(5)}${afterLogin(alpha, demo)}`],
]
for (const [what, device] of noProof) {
  test(`C-34 ${what} makes no browser known`, async () => {
    const world = await people()
    assert.equal(knownDevice(world.alpha, device(world), world.demo), undefined)
  })
}

test('C-34 no character of a proof can be another', async () => {
  const { alpha, demo } = await people()
  const proof = afterLogin(alpha, demo)
  for (let i = 0; i < proof.length; i++) {
    const changed = proof.slice(0, i) + (proof[i] === 'A' ? 'B' : 'A') + proof.slice(i + 1)
    assert.equal(knownDevice(alpha, changed, demo), undefined, `at ${i}`)
  }
})

test('C-34 a browser keeps a proof for each of the last five accounts, and names none', async () => {
  const world = await people()
  const { alpha } = world
  const users = Array.from({ length: 6 }, (_, i) => named(world, other.replace(/1$/, String(i))))
  let device: string | undefined
  for (const user of users) device = afterLogin(alpha, user, device)
  device = afterLogin(alpha, users[3] as EndUser, device)
  assert.equal(device.split('.').length, 5)
  const known = users.map((user) => knownDevice(alpha, device, user) !== undefined)
  assert.deepEqual(known, [false, true, true, true, true, true])
  assert.ok(users.every(({ sub }) => !device.includes(sub)))
})

const twice = { cookie: 'parapet-device=a; parapet-device=b' }
const both = { cookie: 'parapet-device=a; __Host-parapet-device=b' }
const https = { origin: 'https://as.example' }
const cookies: [string, Record<string, string>, Partial<HttpRequest>, string | undefined][] = [
  ['http: its plain name', both, {}, 'a'],
  ['https: the prefixed name alone', both, https, 'b'],
  ['two of one name: neither', twice, {}, undefined],
  ['none', {}, {}, undefined],
]
for (const [what, headers, more, is] of cookies) {
  test(`C-34 the device cookie, ${what}`, () => {
    assert.equal(deviceOf(request('GET', '/', headers, '', more)), is)
  })
}

test('C-34 the device cookie is the host’s own, out of reach of scripts and other sites', async () => {
  const { alpha, demo } = await people()
  assert.match(
    deviceCookie(alpha, request('POST', '/', {}, '', https), demo),
    /^__Host-parapet-device=[\w-]{38}; Max-Age=31536000; Path=\/; Secure; HttpOnly; SameSite=Lax$/,
  )
})

test('C-34 the number of a browser is known before it is known whose it is, and is no number of another realm', async () => {
  const { alpha, root, demo, clock } = await people()
  const device = afterLogin(alpha, demo)
  assert.equal(numberOfDevice(alpha, device), knownDevice(alpha, device, demo))
  assert.equal(numberOfDevice(root, device), undefined)
  const before = Buffer.from(device, 'base64url')
  for (let i = 0; i < 12; i++) {
    const changed = Buffer.from(before)
    changed[i] = (changed[i] ?? 0) ^ 1
    assert.equal(numberOfDevice(alpha, changed.toString('base64url')), undefined, `byte ${i}`)
  }
  clock.now += 31_536_000
  assert.equal(numberOfDevice(alpha, device), undefined)
})

test('C-34 however often somebody has logged in, their browsers wait in few lines, none of them that of strangers there', async () => {
  const { alpha, demo } = await people()
  const lines = new Set<string>()
  for (let i = 0; i < 400; i++) {
    const number = knownDevice(alpha, afterLogin(alpha, demo), demo) ?? ''
    lines.add(lineOf(number, '192.0.2.1'))
    assert.equal(lineOf(number, '2001:db8::1'), lineOf(number, '2001:db8::2'))
  }
  assert.ok(lines.size > 1 && lines.size <= 16, String(lines.size))
  assert.ok(!lines.has('192.0.2.1'))
})
