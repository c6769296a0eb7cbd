import type { HttpRequest } from '../../base/http.ts'
import { parseJson } from '../../base/json.ts'
import { event } from '../../base/log.ts'
import { memo } from '../../base/memo.ts'
import type { UnverifiedJws } from '../../jose/compact.ts'
import { parseJws } from '../../jose/compact.ts'
import type { VerifyingKey } from '../../jose/jwk.ts'
import { readKeySet } from '../../jose/jwks.ts'
import { checkClaims } from '../../jose/jwt.ts'
import { verifyJws } from '../../jose/verify.ts'
import { OAuthError } from '../../protocol/error.ts'
import type { ReasonName } from '../../protocol/reason/index.ts'
import { aliasOf } from '../../realm/mtls-alias.ts'
import type { Realm } from '../../realm/realm.ts'
import { fullPath } from '../../realm/tree.ts'
import { jwtProblems } from '../jwt-problem.ts'
import {
  claimsOfOtherKinds,
  longestLife,
  pairAlgorithms,
  portForms,
  skew,
} from '../method/assertion.ts'
import type { SingleUse } from '../single-use.ts'
import { singleUse, spendEnded } from '../single-use.ts'
import { permits } from '../terms/row.ts'
import { countTry, hold, sourceCounters } from '../wrong-tries.ts'
import type { StoredServiceAccount } from './account.ts'
import { findServiceAccount } from './account.ts'
import { serviceAccountClient } from './as-client.ts'

/** A service account that has just proven itself. */
export interface ProvenServiceAccount {
  readonly stored: StoredServiceAccount
  /** The assertion's `jti`, for the write that issues something. */
  readonly singleUse: SingleUse
}

/**
 * Verifies an assertion by which a service account asks for tokens (RFC 7523 §3). Whatever is wrong is
 * answered alike, so that nobody learns which accounts there are, and wrong tries are held back (C-34).
 *
 * @throws OAuthError invalid_grant.
 */
export async function proveServiceAccount(
  realm: Realm,
  http: HttpRequest,
  assertion: string,
): Promise<ProvenServiceAccount> {
  const jws = parseJws(assertion)
  const named = jws.ok && typeof jws.claims.sub === 'string' ? jws.claims.sub : ''
  const stored = await findServiceAccount(realm, named)
  const proven = jws.ok ? await proof(realm, jws, stored) : jws.reason
  if (typeof proven !== 'string') return proven
  const id = stored?.account.id
  event('service_account.refused', { realm: realm.path, account: id, reason: proven }, 'warn')
  // One count for all ids: another one for those that there are would tell them from the rest.
  const counters = sourceCounters(realm, serviceAccountClient, http.peer)
  // It is signed by the account, and too old only since an operator accepted a store: nobody guesses.
  if (proven !== 'made too long ago') await hold(await countTry(realm, undefined, counters))
  throw invalidGrant(proven)
}

function invalidGrant(reason: Unproven): OAuthError {
  return new OAuthError('invalid_grant', 'The assertion does not prove a service account.', {
    why: whyOf(reason),
    reason,
  })
}

const own = {
  'no such account, or it is not active': 'service-account-unknown',
  'a JWT of another kind': 'grant-assertion-kind',
  'jti is too long': 'grant-assertion-jti-long',
  'assertion used before': 'grant-assertion-replayed',
} as const satisfies Readonly<Record<string, ReasonName>>

type Own = keyof typeof own

/** Why an assertion proves nobody. */
type Unproven = Own | keyof typeof jwtProblems

function isOwn(reason: Unproven): reason is Own {
  return Object.hasOwn(own, reason)
}

function whyOf(reason: Unproven): ReasonName {
  return isOwn(reason) ? own[reason] : `grant-assertion-${jwtProblems[reason]}`
}

/** What was proven, else why not. */
async function proof(
  realm: Realm,
  jws: UnverifiedJws,
  stored: StoredServiceAccount | undefined,
): Promise<ProvenServiceAccount | Unproven> {
  if (stored?.account.status !== 'Active') return 'no such account, or it is not active'
  if (!types.has(jws.typ) || claimsOfOtherKinds(jws.claims)) return 'a JWT of another kind'
  const { assertion_algorithms } = realm.profile
  const algorithms =
    assertion_algorithms === 'registered'
      ? pairAlgorithms
      : pairAlgorithms.filter((alg) => permits(assertion_algorithms, alg))
  const verdict = await verifyJws(jws, keysOf(stored), algorithms)
  if (!verdict.ok) return verdict.reason
  const { id } = stored.account
  const claims = checkClaims(verdict.claims, {
    now: realm.timeOfDay(),
    skew,
    required: ['iss', 'sub', 'aud', 'exp', 'jti'],
    issuers: [id],
    subject: id,
    audience: { values: audiencesOf(realm), form: 'only' },
    maxLifetime: longestLife,
    madeAfter: realm.accepted,
  })
  const what = (jti: string): readonly string[] => [serviceAccountClient, id, jti]
  if (!claims.ok) {
    const { jti, exp } = claims.ended ?? {}
    if (jti !== undefined && exp !== undefined) await spendEnded(realm, what(jti), exp + skew + 1)
    return claims.reason
  }
  const { jti, exp } = claims as { jti: string; exp: number }
  if (jti.length > 512) return 'jti is too long'
  const used = (): OAuthError => invalidGrant('assertion used before')
  return { stored, singleUse: singleUse(realm, what(jti), exp + skew + 1, used) }
}

/** K-12. Ping's tools name no type. */
const types: ReadonlySet<string> = new Set(['', 'jwt', 'authorization-grant+jwt'])

const keysOf = memo(({ account }: StoredServiceAccount): readonly VerifyingKey[] => {
  const set = readKeySet(parseJson(account.jwks))
  return set.ok ? set.keys : []
})

const audiencesOf = memo((realm: Realm): readonly string[] => {
  const issuers = new Set([
    realm.issuer,
    `${realm.url}/oauth2`,
    `${realm.url}/oauth2${fullPath('/')}`,
  ])
  return [...issuers]
    .flatMap((issuer) => {
      const endpoint = `${issuer}/access_token`
      return [issuer, endpoint, aliasOf(realm, endpoint) ?? []].flat()
    })
    .flatMap((url) => [...portForms(url), ...withPortTwice(url)])
})

/** frodo 3 writes a port that is no default twice. That is nobody's address, so it can mean nobody else. */
function withPortTwice(url: string): readonly string[] {
  const [all, host, port] = /^(https?:\/\/[^/?#]+?)(:\d+)(?=\/)/.exec(url) ?? []
  return all === undefined ? [] : [`${host}${port}${port}${url.slice(all.length)}`]
}
