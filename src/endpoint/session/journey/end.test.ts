import assert from 'node:assert/strict'
import { test } from 'node:test'
import { people, request } from '../../../../test/people.ts'
import type { JourneyState } from '../../../journey/state.ts'
import { emptyState } from '../../../journey/state.ts'
import type { EndStep } from '../../../journey/step.ts'
import type { Tree } from '../../../journey/tree.ts'
import { readTree } from '../../../journey/tree.ts'
import { nobodys } from '../../../journey/walking.ts'
import type { Realm } from '../../../realm/realm.ts'
import type { Ending } from './end.ts'
import { conclude } from './end.ts'

const { alpha, demo } = await people()
const http = request('POST', '/authenticate')

interface Ended extends Partial<JourneyState> {
  readonly kind?: 'success' | 'failure'
  readonly byError?: boolean
  readonly tree?: Tree
}

function step({ kind = 'failure', byError = false, tree, ...state }: Ended): EndStep {
  const whole = { ...emptyState, ...state }
  const ended = { kind, state: whole, user: whole.user, byError }
  return { ...{ kind, journey: 'Login', tree, ended }, ...nobodys }
}

const wanted = {
  ...{ goto: undefined, gotoOnFail: undefined, noSession: false },
  locales: ['de', 'en'],
  told: () => null,
}

const end = (of: Ended, more: Partial<typeof wanted> = {}, realm: Realm = alpha) =>
  conclude(realm, http, step(of), { ...wanted, ...more })

const message = { en: 'No.', de: 'Nein.' }
const failures: readonly (readonly [title: string, told: unknown, of: Ended])[] = [
  ['nothing', undefined, {}],
  ['what a node says', 'User Locked Out.', { shared: { errorMessage: 'User Locked Out.' } }],
  [
    'that somebody is locked out, before all else',
    'Locked.',
    { shared: { errorMessage: 'x', lockoutMessage: 'Locked.' } },
  ],
  [
    'Failure Details, in the language asked for',
    'Nein.',
    { shared: { errorMessage: 'x' }, atEnd: { failure: { message } } },
  ],
  ['Error Details only of an error', undefined, { atEnd: { error: { message } } }],
  ['Error Details of an error', 'Nein.', { byError: true, atEnd: { error: { message } } }],
  [
    'nothing of an error without them',
    undefined,
    { byError: true, shared: { errorMessage: 'x' }, atEnd: { failure: { message } } },
  ],
  [
    'nothing of what failed in a journey inside',
    undefined,
    { shared: { errorMessage: 'a host is not known', errorNode: { id: 'a' } } },
  ],
  [
    'nothing of a success without anybody',
    undefined,
    { kind: 'success', shared: { errorMessage: 'x' } },
  ],
]
for (const [title, told, of] of failures) {
  test(`PingAM: a failure tells ${title}`, async () => {
    const ended = await end(of)
    assert.deepEqual([ended.kind, ended.kind === 'failed' && ended.message], ['failed', told])
  })
}

test('PingAM: a failure has the details that its journey gave it', async () => {
  const detail = { hint: 'call us', failureUrl: 'https://evil.example/' }
  const ended = await end({ atEnd: { failure: { detail } } })
  assert.ok(ended.kind === 'failed')
  assert.deepEqual([ended.detail, ended.place], [detail, undefined])
})

const own = { shared: { successUrl: 'https://a.example/in', failureUrl: '/am/out' } }
const realm: Realm = {
  ...alpha,
  provider: {
    ...alpha.provider,
    loginSuccessUrl: ['ios|app', 'https://realm.example/in'],
    loginFailureUrl: ['/out'],
  },
}

test('PingAM: a login leads where it was asked to, else where its journey says, else the realm', async () => {
  const user = { sub: demo.sub, epoch: 0 }
  const place = async (of: Ended, goto: string | undefined, at: Realm): Promise<unknown> => {
    const ended = await end(
      { kind: 'success', user, ...of },
      { goto, noSession: true } as never,
      at,
    )
    return ended.place
  }
  assert.equal(await place(own, '/am/x', realm), '/am/x')
  assert.equal(await place(own, undefined, realm), 'https://a.example/in')
  assert.equal(await place({}, undefined, realm), 'https://realm.example/in')
  assert.equal(await place({}, undefined, alpha), undefined)
  for (const successUrl of ['javascript:alert(1)', '//a.example', '/\\a.example', 'data:x', 'a b'])
    assert.equal(await place({ shared: { successUrl } }, undefined, alpha), undefined, successUrl)
})

test('PingAM: and so does one that failed', async () => {
  const place = async (of: Ended, gotoOnFail: string | undefined, at: Realm): Promise<unknown> =>
    (await end(of, { gotoOnFail } as never, at)).place
  assert.equal(await place(own, '/am/x', realm), '/am/x')
  assert.equal(await place(own, undefined, realm), '/am/out')
  assert.equal(await place({}, undefined, realm), '/out')
  assert.equal(await place({}, undefined, alpha), undefined)
})

test('PingAM: Success Details add to the answer, and change nothing in it', async () => {
  const success = { tier: 'gold', tokenId: 'x', successUrl: 'x', realm: 'x' }
  const user = { sub: demo.sub, epoch: 0 }
  const ended = await end({ kind: 'success', user, atEnd: { success } })
  assert.ok(ended.kind === 'succeeded')
  assert.deepEqual(ended.more, { tier: 'gold' })
})

test('PingAM: a journey without a session ends without one, and may end without anybody', async () => {
  const tree = readTree('Forgotten', { noSession: true })
  const user = { sub: demo.sub, epoch: 0 }
  const before = alpha.records.changeCount()
  for (const one of [{ tree, user }, { tree }]) {
    const ended = await end({ kind: 'success', ...one })
    assert.deepEqual(
      [ended.kind, ended.kind === 'succeeded' && ended.signedIn],
      ['succeeded', undefined],
    )
  }
  assert.equal((await end({ kind: 'success' })).kind, 'failed')
  const gone = { sub: demo.sub, epoch: 7 }
  assert.equal((await end({ kind: 'success', tree, user: gone })).kind, 'failed')
  assert.equal(alpha.records.changeCount(), before)
})

test('house: the end of a login is settled beside its session, so that both can share a commit', async () => {
  const settled = Promise.withResolvers<unknown>()
  const records: Realm['records'] = {
    ...alpha.records,
    async insert(...given) {
      await settled.promise
      return alpha.records.insert(...given)
    },
  }
  const user = { sub: demo.sub, epoch: 0 }
  const login: EndStep = {
    ...step({ kind: 'success', user }),
    write: async (told) => settled.resolve(told),
  }
  const told: Ending['told'] = (session, { place }) => ({ session, place: place ?? null })
  const ended = await conclude({ ...alpha, records }, http, login, { ...wanted, told })
  assert.ok(ended.kind === 'succeeded')
  assert.ok(ended.signedIn)
  const { sid } = ended.signedIn.session
  assert.deepEqual(await settled.promise, { session: sid, place: null })
})
