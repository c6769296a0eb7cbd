import type { JsonObject } from '../base/json.ts'
import { findJourney } from '../journey/journeys.ts'
import { isGrantType } from '../protocol/grant-type.ts'
import type { Problem } from '../protocol/problem.ts'
import { readSettings } from '../protocol/setting.ts'
import { originProblem } from '../protocol/value/uri.ts'
import type { OAuth2Provider } from '../realm/oauth2-provider.ts'
import { oauth2Provider } from '../realm/oauth2-provider.ts'
import type { Realm } from '../realm/realm.ts'
import { contrastWanted, isLocalisedAddress, isLogo, isReadable } from './brand-rules.ts'

type Field = keyof OAuth2Provider
type Rule = (entry: string, provider: OAuth2Provider, realm: Realm) => boolean
/** In words; or in words for this very entry. */
type Wants = string | ((entry: string) => string)

const scope = /^[\x21\x23-\x5b\x5d-\x7e]{1,256}$/
const token = /^[!#$%&'*+.^_`|~\dA-Za-z-]{1,64}$/

/** What entries of lists and single texts have to be, beyond being text. */
const rules: readonly (readonly [field: Field, wants: Wants, rule: Rule])[] = [
  ['grantTypes', 'a grant type', isGrantType],
  ['supportedScopes', 'a scope', scopeEntry],
  ['defaultScopes', 'a scope', scopeEntry],
  ['allowedAudienceValues', 'one line of text', (text) => /^[\x21-\x7e]{1,2048}$/.test(text)],
  ['defaultACR', 'in loaMapping', (acr, { loaMapping }) => Object.hasOwn(loaMapping, acr)],
  ['loginButton', 'one line of text', (text) => /^[^\p{Cc}]{1,100}$/u.test(text)],
  ['brandName', 'one line of text', (text) => /^[^\p{Cc}]{1,100}$/u.test(text)],
  ['brandLogo', 'an https address or a picture of at most 32 KiB', isLogo],
  ['brandAccent', contrastWanted('brandAccent'), isReadable('brandAccent')],
  ['brandAccentDark', contrastWanted('brandAccentDark'), isReadable('brandAccentDark')],
  ['brandHelp', 'an https address', isLocalisedAddress],
  ['brandPrivacy', 'an https address', isLocalisedAddress],
  ['loaMapping', 'an enabled journey', isJourney],
  ['defaultJourney', 'an enabled journey', isJourney],
  ['journeys', 'a journey there is', isJourney],
  ['corsOrigins', 'a web origin', (origin) => originProblem(origin) === undefined],
  ['corsHeaders', 'a header name', (name) => token.test(name)],
  ['tlsClientCertificateTrustedHeader', 'a header name', isOwn],
  ['cookieName', 'a cookie name', (name) => token.test(name) && !/^(?:__|amlbcookie$)/i.test(name)],
  ['jwksPrivateAddresses', 'a host and port', (host) => /^[\w.\-[\]:]{1,260}$/.test(host)],
]

/** What is wrong with a realm's settings beyond their types. */
export function settingProblems(realm: Realm, document: JsonObject): Problem[] {
  const { values: provider } = readSettings(oauth2Provider, document)
  return rules.flatMap(([field, wants, rule]) => {
    const { section, name } = oauth2Provider[field]
    return entriesOf(provider[field]).flatMap(([place, entry]) =>
      rule(entry, provider, realm)
        ? []
        : [{ path: `${section}.${name}${place}`, text: `must be ${wantsOf(wants, entry)}` }],
    )
  })
}

function wantsOf(wants: Wants, entry: string): string {
  return typeof wants === 'string' ? wants : wants(entry)
}

/**
 * A header that carries nothing else, so that nothing else is taken for a certificate, and no proxy that
 * is told to set it hides what this server reads there. The session may come in one named like its cookie.
 */
function isOwn(name: string, { cookieName }: OAuth2Provider): boolean {
  const plain = name.toLowerCase()
  if (name === '') return true
  return token.test(name) && !taken.test(name) && plain !== cookieName.toLowerCase()
}

/** Fields of HTTP (RFC 9110, 9111, 9112, 9440), of browsers, of proxies, of FAPI and DPoP, and AM's. */
const taken = new RegExp(
  `^(?:${[
    'accept.*|access-control-.*|age|allow|alt-.*|authorization|cache-control|client-cert-chain',
    'connection|content-.*|cookie.*|date|dnt|dpop.*|early-data|etag|expect|expires|forwarded|from|host',
    'idempotency-key|if-.*|keep-alive|last-.*|link|location|max-forwards|origin.*|pragma|prefer|priority',
    'proxy-.*|purpose|range|referer|retry-after|sec-.*|server|set-cookie.*|strict-.*|te|trace.*|trailer',
    'transfer-encoding|upgrade.*|user-agent|vary|via|warning|www-authenticate',
    'x-fapi-.*|x-forwarded-.*|x-forwarded|x-openam-.*|x-real-ip|x-request.*|x-correlation-.*',
  ].join('|')})$`,
  'i',
)

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
