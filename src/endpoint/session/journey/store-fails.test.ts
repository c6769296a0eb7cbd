import assert from 'node:assert/strict'
import { test } from 'node:test'
import { people, request } from '../../../../test/people.ts'
import { tree, withTrees } from '../../../../test/trees.ts'
import type { HttpResponse } from '../../../base/http.ts'
import { success } from '../../../journey/built-in/journey.ts'
import { passwordChecked } from '../../../journey/built-in/part/part.ts'
import type { Realm } from '../../../realm/realm.ts'
import { readSession } from '../../../session/session.ts'
import { sessionsOf } from '../../../session/sessions-of.ts'
import type { Store } from '../../../store/store.ts'
import { StoreUnavailable } from '../../../store/store.ts'
import { authenticate } from '../authenticate.ts'

const { alpha, demo } = await people()
const realm = await withTrees(alpha, {
  Two: tree({
    name: { type: 'UsernameCollectorNode', to: { outcome: 'word' } },
    word: { type: 'PasswordCollectorNode', to: { outcome: 'check' } },
    check: passwordChecked('count'),
    count: { type: 'IncrementLoginCountNode', to: { outcome: success } },
  }),
})

const verbs = ['get', 'insert', 'replace', 'delete'] as const

/** The realm, of whose store one call fails: the `at`-th, before it is done or, `behind`, when it is. */
function failing(at: number, behind: boolean): { readonly realm: Realm; failed(): boolean } {
  let calls = 0
  const wrapped = (store: Store): Store => ({
    ...store,
    ...Object.fromEntries(
      verbs.map((verb) => [
        verb,
        async (...args: readonly unknown[]): Promise<unknown> => {
          calls += 1
          const now = calls === at
          if (now && !behind) throw new StoreUnavailable('a test says so')
          const done: unknown = await Reflect.apply(store[verb], store, args)
          if (now) throw new StoreUnavailable('a test says so')
          return done
        },
      ]),
    ),
  })
  const { records, settings } = realm
  const its = { ...realm, records: wrapped(records), settings: wrapped(settings) }
  return { realm: its, failed: () => calls >= at }
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

for (const behind of [false, true])
  test(`T-3 wherever the store fails ${behind ? 'to say that it has done' : 'to do'} something at the end of a journey, the same answers lead to its session once it is there again`, async () => {
    for (let at = 1; ; at += 1) {
      const { last, older } = await beforeTheEnd()
      const before = await sessionsOf(realm, demo.sub)
      const cookie = `iPlanetDirectoryPro=${older}`
      const { realm: broken, failed } = failing(at, behind)
      await post(broken, '', last, cookie).catch((error: unknown) => {
        assert.ok(error instanceof StoreUnavailable, String(error))
      })
      const again = read(await post(realm, '', last, cookie))
      assert.ok(await readSession(realm, String(again.tokenId)), `${at}: ${JSON.stringify(again)}`)
      assert.equal(await readSession(realm, older), undefined, `${at}: the session from before`)
      // One in place of the other, and none whose token nobody has.
      assert.equal((await sessionsOf(realm, demo.sub)).length, before.length, `${at}`)
      if (!failed()) return
    }
  })
