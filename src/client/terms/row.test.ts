import assert from 'node:assert/strict'
import { test } from 'node:test'
import { clientMetadata } from '../../protocol/client-metadata.ts'
import type { Profile } from '../../protocol/profile.ts'
import { profiles } from '../../protocol/profile.ts'
import { readSettings } from '../../protocol/setting.ts'
import { oauth2Provider } from '../../realm/oauth2-provider.ts'
import { terms, termsOf, termsOffered } from '../terms.ts'
import type { Term } from './row.ts'

const ofRealm = readSettings(oauth2Provider, {}).values
const ofClient = readSettings(clientMetadata, {}).values

/** Notes which members are read. */
function watched<T extends object>(object: T): { readonly object: T; readonly read: Set<string> } {
  const read = new Set<string>()
  const get = (target: T, key: string | symbol): unknown => {
    if (typeof key === 'string') read.add(key)
    return Reflect.get(target, key)
  }
  return { object: new Proxy(object, { get }), read }
}

for (const [name, row] of Object.entries<Term<unknown>>(terms)) {
  test(`house: the row ${name} reads no setting that it does not name, and says what it is`, () => {
    assert.ok(row.says.endsWith('.') && row.section !== '' && row.combine !== '')
    for (const own of Object.values<Profile>(profiles)) {
      const seen = [watched<Profile>(own), watched(ofRealm), watched(ofClient)] as const
      row.of(seen[0].object, seen[1].object, seen[2].object)
      row.of(seen[0].object, seen[1].object, undefined)
      const named = [row.profile, row.realm, row.client] as const
      for (const [i, { read }] of seen.entries()) {
        const known = new Set<string>(named[i])
        assert.deepEqual(
          [...read].filter((key) => !known.has(key)),
          [],
        )
      }
    }
  })
}

test('house: terms are made once, anew when settings, profile or registration change, and nobody alters them', () => {
  const realm = { provider: ofRealm, profile: profiles.ping }
  const made = termsOf(realm, ofClient)
  assert.equal(termsOf({ ...realm }, ofClient), made)
  assert.equal(termsOf({ ...realm, profile: profiles.fapi2 }, ofClient).require_pushed, true)
  const provider = { ...ofRealm, codeLifetime: 1 }
  assert.equal(termsOf({ ...realm, provider }, ofClient).code_lifetime, 1)
  const another = { ...ofClient, authorizationCodeLifetime: 2 }
  assert.equal(termsOf({ ...realm, provider }, another).code_lifetime, 2)
  assert.equal(termsOffered(realm), termsOffered(realm))
  assert.equal(termsOffered({ ...realm, profile: profiles.fapi2 }).require_pushed, true)
  assert.ok(Object.isFrozen(made))
})
