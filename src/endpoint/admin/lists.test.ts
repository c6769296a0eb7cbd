import assert from 'node:assert/strict'
import { test } from 'node:test'
import { administrator } from '../../../test/administrator.ts'
import { authenticator, passkeyOn } from '../../../test/authenticator.ts'
import { bodyOf, origin, world } from '../../../test/world.ts'
import { saveConsent } from '../../authorization/save-consent.ts'
import type { JsonObject } from '../../base/json.ts'
import { findClient } from '../../client/client.ts'
import type { AuthorizationRequest } from '../../protocol/authorization-request.ts'
import { createSession } from '../../session/session.ts'
import { addPasskey } from '../../user/factor/passkey.ts'

const w = await world()
const admin = await administrator(w)
const realm = await w.realm()
const { sub } = w.demo
const names = ['a', 'b', 'c', 'd']

for (const name of names) {
  await admin('PUT', `/realm-config/services/${name}`, { _id: name })
  await admin('PUT', `/groups/${name}`, { members: { uniqueMember: ['demo'] } })
  await admin('PUT', `${origin}/openidm/config/${name}`, { x: name })
  await admin('PUT', `/policies/${name}`, { _id: name })
  await consent(name)
  await addPasskey(realm, sub, passkeyOn(authenticator(origin), sub), 9)
  await createSession(realm, w.demo, 'Login')
}

/** A consent of the user that was saved, to a client made for it. */
async function consent(name: string): Promise<void> {
  await admin('PUT', `/realm-config/agents/OAuth2Client/${name}`, {})
  const [now, session] = [await w.realm(), await createSession(realm, w.demo, 'Login')]
  const client = await findClient(now, name)
  assert.ok(client !== undefined)
  await saveConsent(now, client, session, { scope: ['openid'] } as unknown as AuthorizationRequest)
}

/** Where a list is, what is in each entry beside its id, and by which filter all are found. */
const lists: readonly (readonly [what: string, at: string, member: string, filter?: string])[] = [
  ['the services of a realm', '/realm-config/services', 'name'],
  ['the applications of a user', `/users/${sub}/oauth2/applications`, 'name'],
  ['the devices of a user', `/users/${sub}/devices/2fa/webauthn`, 'deviceName'],
  ['the groups of a user', `/users/${sub}/groups`, 'username'],
  ['the sessions of a user', '/sessions', 'sessionHandle', 'username eq "demo"'],
  ['what is kept of PingIDM', `${origin}/openidm/config`, 'x'],
  ['what is not served', '/parapet/unserved', 'kind'],
  ['what is only kept', '/policies', '_id'],
]
for (const [what, at, named, filter = 'true'] of lists) {
  const asked = async (more: Readonly<Record<string, string>> = {}) => {
    const query = new URLSearchParams({ _queryFilter: filter, ...more })
    const answer = await admin('GET', `${at}?${query}`)
    assert.equal(answer.status, 200, String(answer.body))
    const { result, pagedResultsCookie } = bodyOf(answer)
    return { result: result as readonly JsonObject[], cookie: pagedResultsCookie as string | null }
  }
  const idOf = (each: JsonObject): unknown => each._id ?? each.sessionHandle

  test(`PingAM: rest-api-crest-query ${what} are listed by pages, by cookie and by offset`, async () => {
    const whole = (await asked()).result.map(idOf)
    assert.ok(whole.length >= names.length, String(whole.length))
    const paged: unknown[] = []
    for (let cookie: string | null | undefined; cookie !== null && paged.length < 99; ) {
      const more: Record<string, string> = cookie ? { _pagedResultsCookie: cookie } : {}
      const page = await asked({ _pageSize: '3', ...more })
      assert.ok(page.result.length <= 3)
      paged.push(...page.result.map(idOf))
      cookie = page.cookie
    }
    assert.deepEqual(paged, whole)
    const behind = await asked({ _pagedResultsOffset: '2' })
    assert.deepEqual(behind.result.map(idOf), whole.slice(2))
    const wrong = await admin(
      'GET',
      `${at}?${new URLSearchParams({ _queryFilter: filter, _pageSize: 'x' })}`,
    )
    assert.equal(wrong.status, 400)
  })

  test(`PingAM: rest-api-crest-query ${what} are ordered by _sortKeys, and have the members of _fields`, async () => {
    const key = at === '/sessions' ? 'sessionHandle' : '_id'
    const up = (await asked({ _sortKeys: key })).result.map(idOf)
    const down = (await asked({ _sortKeys: `-${key}` })).result.map(idOf)
    assert.deepEqual(down, up.toReversed())
    const { result } = await asked({ _fields: named })
    for (const each of result) {
      assert.ok(Object.hasOwn(each, named))
      assert.deepEqual(
        Object.keys(each).filter((name) => !['_id', '_rev', named].includes(name)),
        [],
      )
    }
  })

  test(`PingAM: rest-api-crest-query ${what} are found by _queryFilter`, async () => {
    const [first] = (await asked()).result
    const wanted = `${named} eq ${JSON.stringify(first?.[named])}`
    const all = filter === 'true' ? wanted : `${filter} and ${wanted}`
    const query = new URLSearchParams({ _queryFilter: all })
    const { result } = bodyOf(await admin('GET', `${at}?${query}`)) as { result: JsonObject[] }
    assert.ok(result.length > 0)
    for (const each of result) assert.equal(each[named], first?.[named])
    const none = new URLSearchParams({ _queryFilter: `${filter} and ${named} eq "nothing"` })
    assert.deepEqual(bodyOf(await admin('GET', `${at}?${none}`)).result, [])
  })
}
