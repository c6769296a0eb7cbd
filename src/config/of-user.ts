import type { Realm } from '../realm/realm.ts'
import type { EndUser } from '../user/end-user.ts'
import { findByUsername, findEndUser } from '../user/end-user.ts'
import type { Removed, Saved } from './kind.ts'

/** An account by its `sub` or its name: administrators know either. */
export async function findUser(
  realm: Pick<Realm, 'path' | 'settings'>,
  named: string,
): Promise<EndUser | undefined> {
  return (await findEndUser(realm, named)) ?? findByUsername(realm, named)
}

/** Lists of what hangs on users are kept by user. */
export const userMissing = {
  outcome: 'unsupported',
  text: 'Lists are kept by user: the filter must say username eq "…"',
} as const

/** What `save` answers of a kind that people make by what they do. */
export function notByHand(text: string): Saved {
  return { outcome: 'forbidden', problem: { path: '', text } }
}

export const notYours: Removed = {
  outcome: 'forbidden',
  problem: { path: '', text: "it is somebody else's" },
}
