import assert from 'node:assert/strict'
import { test } from 'node:test'
import { byRow, byWords, type Saying } from '../../../test/term-oracle.ts'
import { endingsTried, settingsTried } from '../../../test/term-settings.ts'
import { clientMetadata } from '../../protocol/client-metadata.ts'
import { profiles } from '../../protocol/profile.ts'
import { readSettings } from '../../protocol/setting.ts'
import { oauth2Provider } from '../../realm/oauth2-provider.ts'
import { terms, termsOf } from '../terms.ts'
import type { Term } from './row.ts'

const ofRealm = readSettings(oauth2Provider, {}).values
const ofClient = readSettings(clientMetadata, {}).values

type Values = Readonly<Record<string, unknown>>

/** Everything that one setting is tried with. */
function tried(name: string, usual: unknown): readonly unknown[] {
  if (typeof usual === 'boolean') return [false, true]
  if (typeof usual === 'number') return [0, 7, 90]
  const values = settingsTried[name] ?? endingsTried.find(([end]) => end.test(name))?.[1]
  assert.ok(values !== undefined, `nothing is said of what ${name} is tried with`)
  return values
}

/** Every combination of what these settings are tried with. */
function combinations(names: readonly string[], usual: Values): readonly Values[] {
  let all: readonly Values[] = [{}]
  for (const name of names) {
    const values = tried(name, usual[name]).filter(
      // A realm says something of its own, always.
      (value) => !(usual === ofRealm && value === ''),
    )
    all = all.flatMap((others) => values.map((value) => ({ ...others, [name]: value })))
  }
  return all
}

/** What can be compared: order says nothing, and of an answer only what it is made with. */
function plain(value: unknown): unknown {
  if (value instanceof Set || Array.isArray(value)) return [...value].sort()
  if (typeof value !== 'object' || value === null) return value
  const { signing, alg, enc } = value as Values
  return { signing: plain(signing), alg: plain(alg), enc: plain(enc) }
}

for (const [name, row] of Object.entries<Term<unknown>>(terms))
  test(`house: ${name} is what its row says of every profile, realm and client: ${row.combine}`, () => {
    const oracle = byRow[name] ?? byWords[row.combine]
    assert.ok(oracle !== undefined, `test/term-oracle.ts does not know what “${row.combine}” means`)
    const realms = combinations(row.realm ?? [], ofRealm)
    const clients = combinations(row.client ?? [], ofClient)
    for (const profile of Object.values(profiles))
      for (const realm of realms)
        for (const client of clients) {
          const said: Saying = { profile: { ...profile }, realm, client }
          const provider = { ...ofRealm, ...realm } as typeof ofRealm
          const metadata = { ...ofClient, ...client } as typeof ofClient
          const held = termsOf({ provider, profile }, metadata)[name as keyof typeof terms]
          const where = JSON.stringify([profile.name, realm, client])
          assert.deepEqual(plain(held), plain(oracle(said, row)), where)
        }
  })
