import type { Realm } from '../realm/realm.ts'
import type { Change } from './kind.ts'

/** Whose right a write rests on, that of a person over a realm (C-29). */
export interface Authority {
  /** The realm whose administrator it is, at or above the one that is written to; undefined: none, it is about the account of whoever asks. */
  readonly administers: string | undefined
  /** The roles of the account. */
  readonly roles: readonly string[]
  /** Of a service account, which has no roles: what its token is for. */
  readonly scopes?: readonly string[]
}

/** Whether a write may have what reaches beyond a realm: by an administrator of the root, or by the machine's own doors. */
export function ofOperator({ authority }: Change): boolean {
  return authority === undefined || authority.administers === '/'
}

/** Whether a write may give an account that role: nobody gives what they do not have but an administrator of the root (C-29). */
export function mayGive(change: Change, role: string): boolean {
  const { authority } = change
  if (authority === undefined || authority.administers === '/') return true
  return authority.administers !== undefined && authority.roles.includes(role)
}

/**
 * Whether an account of a realm is that of whoever asks. An id says who somebody is within a realm only:
 * an account of another one may have the same. Who has no right over a realm asks in their own.
 */
export function isTheirOwn(
  { sub: theirs, authority }: Pick<Change, 'sub' | 'authority'>,
  asked: Pick<Realm, 'path'>,
  { sub, realm }: { readonly sub: string; readonly realm: string },
): boolean {
  return sub === theirs && realm === (authority?.administers ?? asked.path)
}
