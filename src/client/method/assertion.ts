import type { Form } from '../../base/form.ts'
import type { HttpRequest } from '../../base/http.ts'
import type { Ready } from '../../base/ready.ts'
import type { JwsAlg } from '../../jose/algorithm.ts'
import type { UnverifiedJws } from '../../jose/compact.ts'
import { parseJws } from '../../jose/compact.ts'
import type { AudienceRule, ClaimRules } from '../../jose/jwt.ts'
import { checkClaims } from '../../jose/jwt.ts'
import type { JwsVerdict } from '../../jose/verify.ts'
import type { OAuthError } from '../../protocol/error.ts'
import { aliasOf } from '../../realm/mtls-alias.ts'
import type { Realm } from '../../realm/realm.ts'
import { fullPath } from '../../realm/tree.ts'
import type { Client } from '../client.ts'
import { singleUse, spendEnded } from '../single-use.ts'
import { permits } from '../terms/row.ts'
import type { Terms } from '../terms.ts'
import { termsOf } from '../terms.ts'
import { assertions, watchJwt } from '../watched-jwt.ts'
import { refused, refusedClaims, refusedSignature, usedBefore } from './assertion-refusal.ts'
import type { Credentials, Proof, Sign, Unproven } from './method.ts'
import { nobody } from './method.ts'

/** C-11: what `private_key_jwt` may be signed with. */
export const pairAlgorithms = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
] as const satisfies readonly JwsAlg[]

/** C-11: what `client_secret_jwt` may be made with. */
export const secretAlgorithms = ['HS256', 'HS384', 'HS512'] as const satisfies readonly JwsAlg[]

/** Both. */
export const assertionAlgorithms: readonly JwsAlg[] = [...pairAlgorithms, ...secretAlgorithms]

const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

/** RFC 7521 §4.2: either of its two fields announces an assertion, so that half of one is not passed over. */
export const assertionSigns: readonly Sign[] = [
  { field: 'client_assertion' },
  { field: 'client_assertion_type' },
]

/** Seconds: how far two clocks may differ (C-1), and how far `exp` may lie ahead. */
export const skew = 30
export const longestLife = 3600

let last: { readonly form: Form; readonly made: Credentials } | undefined

/** The assertion of a form (RFC 7521 §4.2), taken apart once; undefined when there is none. */
export function presentedAssertion(form: Form): Credentials | undefined {
  // Two methods ask one after the other.
  if (last?.form === form) return last.made
  const proof = form.get('client_assertion')
  const type = form.get('client_assertion_type')
  if (proof === undefined && type === undefined) return undefined
  last = { form, made: readAssertion(proof, type) }
  return last.made
}

function readAssertion(proof: string | undefined, type: string | undefined): Credentials {
  if (proof === undefined) return nobody('assertion-missing')
  if (type !== assertionType) return nobody('assertion-type')
  const jws = parseJws(proof)
  if (!jws.ok) return nobody('assertion-unreadable')
  return { client_id: subjectOf(jws), proof, jws }
}

/** Whom an assertion claims to speak for, before anything is proven. */
function subjectOf({ claims }: UnverifiedJws): string | undefined {
  return typeof claims.sub === 'string' ? claims.sub : undefined
}

/** Whether an assertion says that it was made with a shared secret. */
export function isMac({ jws }: Credentials): boolean {
  return secretAlgorithms.some((alg) => alg === jws?.alg)
}

/** How a method checks the signature of an assertion. */
export interface AssertionCheck {
  readonly algorithms: readonly JwsAlg[]
  readonly verify: (
    realm: Realm,
    client: Client,
    jws: UnverifiedJws,
    algorithms: readonly JwsAlg[],
  ) => Ready<JwsVerdict>
}

/** Verifies a client assertion (RFC 7523 §3, RFC 10070). */
export async function verifyAssertion(
  check: AssertionCheck,
  realm: Realm,
  client: Client,
  { jws }: Credentials,
  http: HttpRequest,
): Promise<Proof | Unproven> {
  if (jws === undefined) return refused(realm, client, 'no assertion', 'assertion-missing')
  if (foreignKind(jws.typ, jws.claims))
    return refused(realm, client, 'a JWT of another kind', 'assertion-kind')
  const terms = termsOf(realm, client)
  const algorithms = check.algorithms.filter((alg) => permits(terms.assertion_algorithms, alg))
  const verdict = await check.verify(realm, client, jws, algorithms)
  if (!verdict.ok) return refusedSignature(realm, client, verdict, jws.alg, algorithms)
  const rules: ClaimRules = {
    now: realm.timeOfDay(),
    skew,
    required: ['iss', 'sub', 'aud', 'exp', 'jti'],
    issuers: [client.client_id],
    subject: client.client_id,
    audience: audienceRules[terms.assertion_audience](realm, http),
    maxLifetime: longestLife,
    madeAfter: realm.accepted,
  }
  const claims = checkClaims(verdict.claims, rules)
  if (!claims.ok) {
    const { jti, exp } = claims.ended ?? {}
    if (jti !== undefined && exp !== undefined)
      await spendEnded(realm, ['assertion', client.client_id, jti], exp + skew + 1)
    return refusedClaims(realm, client, claims, verdict.claims, rules)
  }
  const { jti, exp } = claims as { jti: string; exp: number }
  if (jti.length > 512) return refused(realm, client, 'jti is too long', 'assertion-jti-long')
  if (terms.watched !== undefined)
    watchJwt(terms, assertions, jws, ({ assertion_audience: tier }) => {
      return { ...rules, audience: audienceRules[tier](realm, http) }
    })
  const used = (): OAuthError => usedBefore(realm, client)
  return { singleUse: singleUse(realm, ['assertion', client.client_id, jti], exp + skew + 1, used) }
}

/** K-12: tokens that are something else by their type or claims are no assertions. */
function foreignKind(typ: string, claims: Readonly<Record<string, unknown>>): boolean {
  if (typ !== '' && typ !== 'jwt' && typ !== 'client-authentication+jwt') return true
  return claimsOfOtherKinds(claims)
}

/** Claims that only JWTs of other kinds have. */
export function claimsOfOtherKinds(claims: Readonly<Record<string, unknown>>): boolean {
  return ['response_type', 'redirect_uri', 'tokenName', 'events', 'htu', 'cts', 'nonce'].some(
    (name) => Object.hasOwn(claims, name),
  )
}

/** C-1: three tiers. */
const audienceRules: Readonly<
  Record<Terms['assertion_audience'], (realm: Realm, http: HttpRequest) => AudienceRule>
> = {
  // FAPI 2.0 §5.3.2.1
  'issuer-string': ({ issuer }) => ({ values: [issuer], form: 'string' }),
  // RFC 10070
  issuer: ({ issuer }) => ({ values: [issuer], form: 'single' }),
  // RFC 7523 §3
  legacy: (realm, http) => ({ values: legacyAudiences(realm, http), form: 'only' }),
}

/**
 * Issuer, token URL and the called URL, in the forms this realm's address has; explicit default ports
 * equal none. A path that names this realm only by its query or host is another realm's elsewhere,
 * so the called URL counts with its query.
 */
export function legacyAudiences(realm: Realm, http: HttpRequest): readonly string[] {
  const called = http.origin + http.path + (http.query === '' ? '' : `?${http.query}`)
  return [...ownAudiences(realm), ...portForms(called)]
}

const audiences = new WeakMap<Realm, readonly string[]>()

function ownAudiences(realm: Realm): readonly string[] {
  const known = audiences.get(realm)
  if (known !== undefined) return known
  const forms = [realm.issuer, `${realm.url}/oauth2${fullPath(realm.path)}`]
  if (realm.path !== '/') forms.push(`${realm.url}/oauth2${realm.path}`)
  const endpoints = forms.flatMap((issuer) => [`${issuer}/access_token`, `${issuer}/par`])
  const { alias } = realm.certificates
  const aliases = alias === undefined ? [] : endpoints.flatMap((url) => aliasOf(realm, url) ?? [])
  const others = realm.provider.allowedAudienceValues
  const made = [...forms, ...endpoints, ...aliases, ...others].flatMap(portForms)
  audiences.set(realm, made)
  return made
}

/** With and without the scheme's own port. */
export function portForms(url: string): readonly string[] {
  const parts = /^(https?:\/\/[^/?#:[\]]+|https?:\/\/\[[^/?#\]]+\])(:\d+)?(?=[/?#]|$)/.exec(url)
  const [all = '', host = '', port] = parts ?? []
  const own = host.startsWith('https:') ? ':443' : ':80'
  if (parts === null || (port !== undefined && port !== own)) return [url]
  const rest = url.slice(all.length)
  return [host + rest, host + own + rest]
}
