import type { JsonObject } from '../../base/json.ts'
import { findJourney, journeyNames } from '../../journey/find.ts'
import type { Problem } from '../../protocol/problem.ts'
import { readSettings } from '../../protocol/setting.ts'
import type { OAuth2Provider } from '../../realm/oauth2-provider.ts'
import { oauth2Provider } from '../../realm/oauth2-provider.ts'
import type { Realm } from '../../realm/realm.ts'
import { isForeign } from '../kept/journey.ts'

type Field = keyof OAuth2Provider
type Rule = (entry: string, provider: OAuth2Provider, realm: Realm) => boolean

/** What entries of lists and single texts have to be by what stands elsewhere. */
const rules: readonly (readonly [field: Field, wants: string, rule: Rule])[] = [
  ['defaultACR', 'in loaMapping', (acr, { loaMapping }) => Object.hasOwn(loaMapping, acr)],
  ['loaMapping', 'an enabled journey', isEnabled],
  ['defaultJourney', 'an enabled journey', isDefault],
  ['journeys', 'a journey there is', isThere],
  ['tlsClientCertificateTrustedHeader', 'a header name', isOwn],
]

/** What is wrong with a realm's settings beyond their types. */
export function settingProblems(realm: Realm, document: JsonObject): Problem[] {
  const { values: provider } = readSettings(oauth2Provider, document)
  return rules.flatMap(([field, wants, rule]) => {
    const { section, name } = oauth2Provider[field]
    return entriesOf(provider[field]).flatMap(([place, entry]) =>
      rule(entry, provider, realm)
        ? []
        : [{ path: `${section}.${name}${place}`, text: `must be ${wants}` }],
    )
  })
}

/** The session may come in a header named like its cookie. */
function isOwn(name: string, { cookieName }: OAuth2Provider): boolean {
  return name === '' || name.toLowerCase() !== cookieName.toLowerCase()
}

function entriesOf(value: OAuth2Provider[Field]): readonly (readonly [string, string])[] {
  if (typeof value === 'string') return [['', value]]
  if (typeof value !== 'object') return []
  return Object.values(value as readonly string[]).map((entry, i) => [`[${i}]`, entry])
}

/** A journey that may come is kept until it does. */
function isEnabled(name: string, provider: OAuth2Provider, realm: Realm): boolean {
  return isForeign({ ...realm, provider }, name) || isJourney(name, provider, realm)
}

/** What is the default by now may stay, though it is not here yet, or no longer. */
function isDefault(name: string, provider: OAuth2Provider, realm: Realm): boolean {
  return name === realm.provider.defaultJourney || isJourney(name, provider, realm)
}

/** One of those that are there from the start, or was saved under such a name. */
function isThere(name: string, _provider: OAuth2Provider, realm: Realm): boolean {
  return journeyNames.includes(name) || realm.journeys.has(name)
}

function isJourney(name: string, provider: OAuth2Provider, realm: Realm): boolean {
  return findJourney({ ...realm, provider }, name) !== undefined
}
