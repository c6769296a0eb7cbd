import type { Realm } from '../realm/realm.ts'
import { sealAuthId } from './auth-id.ts'
import { callbacksOf } from './engine/number.ts'
import type { Progress, Reference } from './engine/record.ts'
import type { Walked } from './engine/walk.ts'
import type { AskedStep } from './step.ts'

/** Where it stands; a link lives as long as its node says, else as the realm says. */
export function progressAt(
  realm: Realm,
  before: Omit<Progress, 'position'>,
  { position, minutes }: Extract<Walked, { kind: 'ask' }>,
): Progress {
  const { journey, index, bound, until, targetLevel } = before
  const waiting = (minutes ?? realm.provider.journeySuspendedDuration) * 60
  const { lasting, ...state } = position.state
  const { set, add = 0 } = lasting ?? {}
  const over = (set === undefined ? until : realm.now() + set * 60) + add * 60
  return {
    ...{ journey, bound, targetLevel, position: { ...position, state } },
    ...(index === undefined ? {} : { index }),
    until: position.suspended ? realm.now() + waiting : over,
  }
}

/** The step at which a journey stands, as it is told. */
export function asking(realm: Realm, reference: Reference, progress: Progress): AskedStep {
  const { asked, onPage, header, description, stage, suspended } = progress.position
  return {
    kind: 'ask',
    authId: sealAuthId(realm, reference, progress),
    callbacks: callbacksOf(asked, onPage),
    ...{ header, description, stage, suspended },
  }
}
