import type { HttpRequest } from '../../base/http.ts'
import { header } from '../../base/http.ts'
import type { Ready } from '../../base/ready.ts'
import type { Realm } from '../../realm/realm.ts'
import { expiredCookie } from '../../session/cookie.ts'
import { findNode } from '../find.ts'
import { boundTo } from './cookie-setting.ts'
import { nodeIds } from './node-ids.ts'
import { isProof, readProof } from './proof.ts'
import { cookiesIn } from './told.ts'

/** As many cookies that may be proofs are looked at; whoever has more of them has made them. */
const mostLooked = 8

/** The nodes that set and renew such cookies. */
const setting = ['SetPersistentCookieNode', 'PersistentCookieDecisionNode']

/**
 * The `Set-Cookie` values by which a browser in which somebody logs out forgets what would let them in again unasked
 * (PingAM: at a logout the persistent cookies of the session go). Those of others stay, and those of other realms.
 */
export async function forgottenProofs(
  realm: Realm,
  http: HttpRequest,
  isTheirs: (sub: string) => Ready<boolean>,
): Promise<readonly string[]> {
  const proofs = proofsOf(http)
  if (proofs.length === 0) return []
  const kinds = await kindsIn(realm)
  const names = new Set<string>()
  for (const [name, text] of proofs)
    for (const bound of kinds.get(name) ?? []) {
      const proven = await readProof(realm, { name, bound }, text, undefined)
      if (proven !== undefined && (await isTheirs(proven.user.sub))) names.add(name)
    }
  return [...names].map((name) => expiredCookie(http, name))
}

/** The same of all of them, of whatever realm and account. */
export function allProofsForgotten(http: HttpRequest): readonly string[] {
  return [...new Set(proofsOf(http).map(([name]) => name))].map((name) => expiredCookie(http, name))
}

function proofsOf(http: HttpRequest): readonly (readonly [name: string, value: string])[] {
  return cookiesIn(header(http, 'cookie') ?? '')
    .filter(([, value]) => isProof(value))
    .slice(0, mostLooked)
}

/** What persistent cookies are called in a realm, each with what its proofs may be bound to. */
async function kindsIn(realm: Realm): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const kinds = new Map<string, Set<string>>()
  for (const type of setting)
    for await (const id of nodeIds(realm, type)) {
      const values = (await findNode(realm, type, id))?.values as Values | undefined
      if (values === undefined) continue
      const { persistentCookieName: name } = values
      kinds.set(name, (kinds.get(name) ?? new Set()).add(boundTo(values)))
    }
  return kinds
}

type Values = Parameters<typeof boundTo>[0] & { readonly persistentCookieName: string }
