import assert from 'node:assert/strict'
import { createCipheriv, createDecipheriv, createHmac } from 'node:crypto'
import { test } from 'node:test'
import { altered } from '../../test/altered.ts'
import { people, start } from '../../test/people.ts'
import { base64url } from '../base/bytes.ts'
import type { Realm } from '../realm/realm.ts'
import { openAuthId, openSuspendedId, sealAuthId as seal, suspendedIdOf } from './auth-id.ts'
import type { Progress, Reference } from './engine/record.ts'
import { emptyState } from './state.ts'

const { alpha, root, clock } = await people()
const state = {
  ...emptyState,
  shared: { username: 'demo@here' },
  secure: { password: 'marker!Ch4ng31t' },
}
const progress: Progress = {
  ...{ journey: 'Login', index: ['service', 'Login'], bound: 'browser', until: start + 300 },
  position: {
    frames: [{ tree: 'Login', version: '1', node: 'check', catches: false }],
    ...{ state, asked: [], onPage: false, suspended: false },
  },
}
const id = Buffer.from('000102030405060708090a0b0c0d0e0f', 'hex')
const reference: Reference = { id, step: 0, initial: progress }
const opened = {
  ...reference,
  initial: JSON.parse(JSON.stringify(progress)),
  journey: 'Login',
  bound: 'browser',
}
const sealAuthId = (realm: Realm, of: Progress) => seal(realm, reference, of)

test('PingAM: authId is an HS256 JWT of otk, authIndexType, authIndexValue, realm and sessionId', () => {
  const authId = sealAuthId(alpha, progress)
  const [head = '', claims = ''] = authId.split('.')
  const parsed = JSON.parse(Buffer.from(claims, 'base64url').toString())
  assert.deepEqual(JSON.parse(Buffer.from(head, 'base64url').toString()), {
    typ: 'JWT',
    alg: 'HS256',
  })
  assert.deepEqual(Object.keys(parsed), [
    'authIndexValue',
    'otk',
    'authIndexType',
    'realm',
    'sessionId',
    'exp',
    'iat',
  ])
  assert.deepEqual(
    [parsed.authIndexType, parsed.authIndexValue, parsed.realm],
    ['service', 'Login', '/alpha'],
  )
  assert.deepEqual([parsed.iat, parsed.exp], [start, start + 300])
  assert.deepEqual(openAuthId(alpha, authId), opened)
})

test('what was answered so far cannot be read from it, and no two are alike', () => {
  const authId = sealAuthId(alpha, progress)
  const bytes = Buffer.from(authId.split('.')[1] as string, 'base64url').toString()
  const sealed = Buffer.from(JSON.parse(bytes).sessionId, 'base64url').toString('latin1')
  // What base64url cannot spell by chance.
  for (const text of [bytes, sealed]) assert.doesNotMatch(text, /marker!|demo@|"check"|browser/)
  assert.notEqual(authId, sealAuthId(alpha, progress))
})

test('PingAM: after five minutes it has expired', () => {
  const authId = sealAuthId(alpha, progress)
  clock.now = start + 299
  assert.deepEqual(openAuthId(alpha, authId), opened)
  clock.now = start + 300
  assert.equal(openAuthId(alpha, authId), 'expired')
  clock.now = start
})

test('B-3 J-2 whatever was changed, of another realm or signed otherwise opens nothing', () => {
  const authId = sealAuthId(alpha, progress)
  const [head = '', claims = '', mac = ''] = authId.split('.')
  assert.equal(openAuthId(root, authId), undefined)
  for (let i = 0; i < authId.length; i++) {
    assert.equal(openAuthId(alpha, altered(authId, i)), undefined, String(i))
  }
  const none = base64url(Buffer.from('{"typ":"JWT","alg":"none"}'))
  const texts = [
    '',
    '.',
    '..',
    head,
    `${head}.${claims}`,
    `${head}.${claims}.`,
    `${none}.${claims}.`,
    `${authId}=`,
    `${authId}.`,
    ` ${authId}`,
    'x'.repeat(100_000),
  ]
  for (const text of texts) assert.equal(openAuthId(alpha, text), undefined)
  for (const key of ['', mac, 'test']) {
    const forged = createHmac('sha256', key).update(`${head}.${claims}`).digest()
    assert.equal(openAuthId(alpha, `${head}.${claims}.${base64url(forged)}`), undefined)
  }
})

/** The sealed part as versions wrote and read it that had all of a journey in it. */
function before(realm: Realm, otk: string, sealed?: Buffer): Buffer {
  const key = realm.secret('auth-id state')
  if (sealed === undefined) {
    const cipher = createCipheriv('aes-256-gcm', key, Buffer.alloc(12)).setAAD(Buffer.from(otk))
    const text = Buffer.concat([cipher.update('{"journey":"Login"}'), cipher.final()])
    return Buffer.concat([Buffer.alloc(12), text, cipher.getAuthTag()])
  }
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, 12))
  decipher.setAAD(Buffer.from(otk)).setAuthTag(sealed.subarray(-16))
  return Buffer.concat([decipher.update(sealed.subarray(12, -16)), decipher.final()])
}

test('house: one of a version before has expired, and one of this version is none to that', () => {
  const [head = '', claims = ''] = sealAuthId(alpha, progress).split('.')
  const own = JSON.parse(Buffer.from(claims, 'base64url').toString())
  assert.throws(() => before(alpha, own.otk, Buffer.from(own.sessionId, 'base64url')))
  const sessionId = base64url(before(alpha, own.otk))
  const signed = `${head}.${base64url(Buffer.from(JSON.stringify({ ...own, sessionId })))}`
  const mac = createHmac('sha256', alpha.secret('auth-id')).update(signed).digest()
  assert.equal(openAuthId(alpha, `${signed}.${base64url(mac)}`), 'expired')
})

test('a sealed state serves only in the authId it was made for', () => {
  const parts = (authId: string) =>
    JSON.parse(Buffer.from(authId.split('.')[1] as string, 'base64url').toString())
  const mine = parts(sealAuthId(alpha, progress))
  const other = parts(sealAuthId(alpha, progress))
  const sign = (realm: Realm, claims: object) => {
    const head = base64url(Buffer.from('{"typ":"JWT","alg":"HS256"}'))
    const signed = `${head}.${base64url(Buffer.from(JSON.stringify(claims)))}`
    const mac = createHmac('sha256', realm.secret('auth-id')).update(signed).digest()
    return `${signed}.${base64url(mac)}`
  }
  assert.deepEqual(openAuthId(alpha, sign(alpha, mine)), opened)
  assert.equal(openAuthId(alpha, sign(alpha, { ...mine, sessionId: other.sessionId })), undefined)
  for (const sessionId of ['', 'AAAA', 7, null]) {
    assert.equal(openAuthId(alpha, sign(alpha, { ...mine, sessionId })), undefined)
  }
})

test('B-3 a link that resumes a journey is of its realm, and any other text is none', () => {
  const suspended = { id, step: 70_000 }
  for (const text of [
    suspendedIdOf(alpha, suspended),
    suspendedIdOf(alpha, suspended, 'demo@example.com'),
  ]) {
    const { isSentTo: _, ...opened } = openSuspendedId(alpha, text) ?? {}
    assert.deepEqual(opened, suspended)
    assert.equal(openSuspendedId(root, text), undefined)
    for (let i = 0; i < text.length; i++)
      assert.equal(openSuspendedId(alpha, altered(text, i)), undefined, String(i))
    for (const other of ['', 'x', `${text}A`, text.slice(1), text.slice(0, 44), text.slice(-44)])
      if (other !== text) assert.equal(openSuspendedId(alpha, other), undefined)
  }
})

test('B-3 a link knows to which address it went, whatever its case; one that was made for none may have gone to any', () => {
  const text = suspendedIdOf(alpha, { id, step: 1 }, 'Demo@example.com')
  const link = openSuspendedId(alpha, text)
  assert.deepEqual(
    ['demo@example.com', 'other@example.com', ''].map((address) => link?.isSentTo(address)),
    [true, false, false],
  )
  const later = openSuspendedId(alpha, suspendedIdOf(alpha, { id, step: 2 }, 'demo@example.com'))
  assert.equal(later?.isSentTo('demo@example.com'), true)
  const before = openSuspendedId(alpha, suspendedIdOf(alpha, { id, step: 1 }))
  assert.equal(before?.isSentTo('any@example.com'), true)
})
