import assert from 'node:assert/strict'
import { test } from 'node:test'
import { letterBox, suspendedIdIn } from '../../../../test/letters.ts'
import { people, request } from '../../../../test/people.ts'
import { tree, withTrees } from '../../../../test/trees.ts'
import { undelayed } from '../../../../test/undelayed.ts'
import type { HttpResponse } from '../../../base/http.ts'
import { success } from '../../../journey/built-in/journey.ts'
import { passwordChecked } from '../../../journey/built-in/part/part.ts'
import type { Realm } from '../../../realm/realm.ts'
import { endSession, readSession } from '../../../session/session.ts'
import { sessionsOf } from '../../../session/sessions-of.ts'
import type { Store } from '../../../store/store.ts'
import { StoreUnavailable } from '../../../store/store.ts'
import { authenticate } from '../authenticate.ts'

const { alpha, demo, clock } = await people()
const box = letterBox()
const letter = { emailTemplateName: 'resetPassword', objectLookup: true }
const realm = await withTrees(
  { ...alpha, mail: box.mail },
  {
    ByLetter: tree({
      name: { type: 'UsernameCollectorNode', to: { outcome: 'link' } },
      link: { type: 'EmailSuspendNode', settings: letter, to: { outcome: 'word' } },
      word: { type: 'PasswordCollectorNode', to: { outcome: success } },
    }),
    Two: tree({
      name: { type: 'UsernameCollectorNode', to: { outcome: 'word' } },
      word: { type: 'PasswordCollectorNode', to: { outcome: 'check' } },
      check: passwordChecked('count'),
      count: { type: 'IncrementLoginCountNode', to: { outcome: success } },
    }),
  },
)

const verbs = ['get', 'insert', 'replace', 'delete'] as const

/** What becomes of a call that fails: nothing, it is done, or it is once it is told to land. */
const failures = {
  'to do something': 'never',
  'to say that it has done something': 'before',
  'to do something before it gives up': 'later',
} as const
type When = (typeof failures)[keyof typeof failures]

interface Failing {
  readonly realm: Realm
  failed(): boolean
  land(): Promise<void>
}

/** The realm, of whose store `many` calls fail from the `at`-th on. */
function failing(at: number, when: When, many = 1): Failing {
  let calls = 0
  const late: (() => Promise<unknown>)[] = []
  const wrapped = (store: Store): Store => ({
    ...store,
    ...Object.fromEntries(
      verbs.map((verb) => [
        verb,
        async (...args: readonly unknown[]): Promise<unknown> => {
          calls += 1
          const work = async (): Promise<unknown> => Reflect.apply(store[verb], store, args)
          if (calls < at || calls >= at + many) return work()
          if (when === 'before') await work()
          if (when === 'later') late.push(work)
          throw new StoreUnavailable('a test says so')
        },
      ]),
    ),
  })
  const { records, settings } = realm
  const its = { ...realm, records: wrapped(records), settings: wrapped(settings) }
  const land = async (): Promise<void> => {
    for (const work of late) await work()
  }
  return { realm: its, failed: () => calls >= at, land }
}

// biome-ignore lint/suspicious/noExplicitAny: answers are looked into freely
type Read = any

async function post(at: Realm, query: string, body: unknown, cookie = ''): Promise<HttpResponse> {
  const headers = { 'accept-api-version': 'resource=2.1', 'content-type': 'application/json' }
  const sent = { ...headers, ...(cookie === '' ? {} : { cookie }) }
  return authenticate.handle(
    at,
    request('POST', `/authenticate?${query}`, sent, JSON.stringify(body)),
  )
}

const read = ({ body }: HttpResponse): Read => JSON.parse(String(body))

function filled({ authId, callbacks }: Read, value: string): unknown {
  return { authId, callbacks: [{ ...callbacks[0], input: [{ name: 'IDToken1', value }] }] }
}

/** As whoever tries again where they are told to. */
async function patiently(send: () => Promise<HttpResponse>): Promise<Read> {
  const answer = await send()
  return answer.status === 503 ? patiently(send) : read(answer)
}

/** Up to the last step, as somebody who is logged in already; what is sent then, and with which cookie. */
async function beforeTheEnd(): Promise<{ readonly last: unknown; readonly older: string }> {
  const query = 'authIndexType=service&authIndexValue=Two&ForceAuth=true'
  const login = async (): Promise<unknown> => {
    const name = read(await post(realm, query, {}))
    return filled(read(await post(realm, '', filled(name, 'demo'))), 'Ch4ng31t')
  }
  const older = String(read(await post(realm, '', await login())).tokenId)
  return { last: await login(), older }
}

for (const [name, when] of Object.entries(failures))
  for (const many of [1, 3, 12])
    test(`T-3 wherever the store fails ${name} at the end of a journey${many > 1 ? `, and ${many} times in all` : ''}, the same answers lead to its session once it is there again`, async () => {
      for (let at = 1; ; at += 1) {
        const { last, older } = await beforeTheEnd()
        const before = await sessionsOf(realm, demo.sub)
        const cookie = `iPlanetDirectoryPro=${older}`
        const { realm: broken, failed, land } = failing(at, when, many)
        const again = await undelayed(async () => {
          await post(broken, '', last, cookie).catch((error: unknown) => {
            assert.ok(error instanceof StoreUnavailable, String(error))
          })
          await land()
          return patiently(() => post(realm, '', last, cookie))
        })
        const session = await readSession(realm, String(again.tokenId))
        assert.ok(session, `${at}: ${JSON.stringify(again)}`)
        assert.equal(read(await post(realm, '', last, cookie)).tokenId, again.tokenId)
        assert.equal(await readSession(realm, older), undefined, `${at}: the session from before`)
        // One in place of the other, and none whose token nobody has.
        assert.equal((await sessionsOf(realm, demo.sub)).length, before.length, `${at}`)
        // Lists have an end.
        await endSession(realm, session)
        if (!failed()) return
      }
    })

for (const [name, when] of Object.entries(failures))
  for (const many of [1, 3])
    test(`T-3 wherever the store fails ${name} as a link from a letter is used${many > 1 ? `, and ${many} times in all` : ''}, whoever comes with it again goes on`, async () => {
      for (let at = 1; ; at += 1) {
        const query = 'authIndexType=service&authIndexValue=ByLetter&ForceAuth=true'
        await post(realm, '', filled(read(await post(realm, query, {})), 'demo'))
        const resumes = `suspendedId=${suspendedIdIn(await box.link())}`
        const { realm: broken, failed, land } = failing(at, when, many)
        const went = await undelayed(async () => {
          const first = await post(broken, resumes, {}).catch((error: unknown) => {
            assert.ok(error instanceof StoreUnavailable, String(error))
          })
          await land()
          return first?.status === 200 ? read(first) : patiently(() => post(realm, resumes, {}))
        })
        assert.ok(went.authId, `${at}: ${JSON.stringify(went)}`)
        // Once it has, nobody else does.
        assert.equal((await post(realm, resumes, {})).status, 401, `${at}`)
        if (!failed()) return
        clock.now += 3600
      }
    })

test('house: a session and the end of its journey are under way together, so that they share a commit', async () => {
  const { last } = await beforeTheEnd()
  const under = new Set<string>()
  const together: (readonly string[])[] = []
  const slow =
    (name: string, verb: (...args: never[]) => unknown) =>
    async (...args: never[]): Promise<unknown> => {
      under.add(name)
      together.push([...under])
      await new Promise((resolve) => setTimeout(resolve, 2))
      under.delete(name)
      return verb(...args)
    }
  const { get, insert, replace } = realm.records
  const records = {
    ...realm.records,
    ...{ get: slow('get', get), insert: slow('insert', insert), replace: slow('replace', replace) },
  } as Store
  assert.ok(read(await post({ ...realm, records }, '', last)).tokenId)
  assert.deepEqual(together.at(-1), ['insert', 'replace'])
})
