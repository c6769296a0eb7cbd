import type { Json } from '../base/json.ts'
import type { Ready } from '../base/ready.ts'
import { whenReady } from '../base/ready.ts'
import type { Realm } from '../realm/realm.ts'
import type { EndUser } from '../user/end-user.ts'
import { findEndUser } from '../user/end-user.ts'
import type { Callback } from './callback/callback.ts'
import type { Ended } from './engine/end.ts'
import { textIn } from './state.ts'
import type { Tree } from './tree.ts'

/** One step as whoever logs in is told it. */
export interface AskedStep {
  readonly kind: 'ask'
  readonly authId: string
  readonly callbacks: readonly Callback[]
  readonly header?: string | undefined
  readonly description?: string | undefined
  readonly stage?: string | undefined
  /** It goes on for whoever comes with the link that was sent. */
  readonly suspended: boolean
}

/** The end of a journey. */
export interface EndStep {
  readonly kind: 'success' | 'failure'
  readonly journey: string
  readonly tree: Tree | undefined
  readonly ended: Ended
  /** Looks ahead at what `write` writes over, which then takes one commit and no look. */
  look(): Promise<void>
  /** Remembers for a moment what is told of it, for whoever sends the same answers once more. */
  write(told: Json): Promise<void>
  /** Whether that is there, after `write` has failed. Where it is not it will not be, and the same answers may be tried again. */
  isWritten(): Promise<boolean>
  /** `write`, which fails only where that is not there, or nobody can tell. */
  settle(told: Json): Promise<void>
  /** What follows from it could not be done, and nothing is written: the same answers may be tried again. */
  giveBack(): Promise<void>
}

/** What one step of a journey comes to. */
export type Step =
  | AskedStep
  | EndStep
  /** The same answers were given before; what `settle` was told of their end. */
  | { readonly kind: 'again'; readonly told: Json }
  /** It is over, was answered otherwise, or is no longer the same journey. */
  | { readonly kind: 'over' }
  /** The same answers are being worked on. */
  | { readonly kind: 'busy' }

/** The name that a journey was tried with, as far as it came to that. */
export function nameTried({ ended }: EndStep): string | undefined {
  return textIn(ended.state, 'username')
}

/** The active account a journey has proven; undefined when there is none, or all of it was ended meanwhile. */
export function provenUser(realm: Realm, { kind, ended }: EndStep): Ready<EndUser | undefined> {
  const { user } = ended
  if (kind !== 'success' || user === undefined) return undefined
  return whenReady(findEndUser(realm, user.sub), (found) =>
    found?.status === 'Active' && found.epoch === user.epoch ? found : undefined,
  )
}
