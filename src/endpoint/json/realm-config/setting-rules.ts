import type { JsonObject } from '../../../base/json.ts'
import { originProblem } from '../../../client/uri.ts'
import { findJourney } from '../../../journey/journeys.ts'
import type { OAuth2Provider } from '../../../realm/oauth2-provider.ts'
import { oauth2Provider } from '../../../realm/oauth2-provider.ts'
import type { Realm } from '../../../realm/realm.ts'
import { grantTypes, unservedGrantTypes } from '../../../spec/grant-type.ts'
import { readSettings } from '../../../spec/setting.ts'

type Field = keyof OAuth2Provider
type Rule = (entry: string, provider: OAuth2Provider, realm: Realm) => boolean

const scope = /^[\x21\x23-\x5b\x5d-\x7e]{1,256}$/
const token = /^[!#$%&'*+.^_`|~\dA-Za-z-]{1,64}$/

/** What entries of lists and single texts have to be, beyond being text. */
const rules: readonly (readonly [field: Field, wants: string, rule: Rule])[] = [
  ['grantTypes', 'a grant type', (name) => [...grantTypes, ...unservedGrantTypes].includes(name)],
  ['supportedScopes', 'a scope', scopeEntry],
  ['defaultScopes', 'a scope', scopeEntry],
  ['allowedAudienceValues', 'one line of text', (text) => /^[\x21-\x7e]{1,2048}$/.test(text)],
  ['defaultACR', 'in loaMapping', (acr, { loaMapping }) => Object.hasOwn(loaMapping, acr)],
  ['loginButton', 'one line of text', (text) => /^[^\p{Cc}]{1,100}$/u.test(text)],
  ['loaMapping', 'an enabled journey', isJourney],
  ['defaultJourney', 'an enabled journey', isJourney],
  ['journeys', 'a journey there is', isJourney],
  ['corsOrigins', 'a web origin', (origin) => originProblem(origin) === undefined],
  ['corsHeaders', 'a header name', (name) => token.test(name)],
  ['tlsClientCertificateTrustedHeader', 'a header name', (name) => name === '' || isOwn(name)],
  ['cookieName', 'a cookie name', (name) => token.test(name) && !/^(?:__|amlbcookie$)/i.test(name)],
  ['jwksPrivateAddresses', 'a host and port', (host) => /^[\w.\-[\]:]{1,260}$/.test(host)],
]

/** What is wrong with a realm's settings beyond their types, each with its path. */
export function settingProblems(realm: Realm, document: JsonObject): string[] {
  const { values: provider } = readSettings(oauth2Provider, document)
  return rules.flatMap(([field, wants, rule]) => {
    const { section, name } = oauth2Provider[field]
    return entriesOf(provider[field]).flatMap(([place, entry]) =>
      rule(entry, provider, realm) ? [] : [`${section}.${name}${place}: must be ${wants}`],
    )
  })
}

/** A header that carries nothing else. */
function isOwn(name: string): boolean {
  const others = /^(?:authorization|cookie|host|origin|forwarded|dpop|content-.*|x-forwarded-.*)$/i
  return token.test(name) && !others.test(name)
}

function entriesOf(value: OAuth2Provider[Field]): readonly (readonly [string, string])[] {
  if (typeof value === 'string') return [['', value]]
  if (typeof value !== 'object') return []
  return Object.values(value as readonly string[]).map((entry, i) => [`[${i}]`, entry])
}

function scopeEntry(entry: string): boolean {
  return scope.test(entry.split('|', 1)[0] as string) && !/[\x00-\x1f\x7f]/.test(entry)
}

function isJourney(name: string, provider: OAuth2Provider, realm: Realm): boolean {
  return findJourney({ ...realm, provider }, name) !== undefined
}
