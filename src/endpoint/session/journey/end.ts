import type { HttpRequest } from '../../../base/http.ts'
import type { Json, JsonObject } from '../../../base/json.ts'
import { localized } from '../../../journey/node-setting.ts'
import type { JourneyState } from '../../../journey/state.ts'
import { textIn, valueIn } from '../../../journey/state.ts'
import type { EndStep } from '../../../journey/step.ts'
import { provenUser } from '../../../journey/step.ts'
import type { Realm } from '../../../realm/realm.ts'
import { familiesOf } from '../../../session/family.ts'
import type { Session } from '../../../session/session.ts'
import { replaceSession } from '../../../session/session.ts'
import type { SignIn } from '../../../session/sign-in.ts'
import { signIn } from '../../../session/sign-in.ts'
import { tellFailure, tellSuccess } from '../login-told.ts'
import { cookiesAtEnd, familiesIn, forgetRetries, propertiesTold, sessionTerms } from './at-end.ts'
import type { Wanted } from './place.ts'
import { failurePlace, successPlace } from './place.ts'

/** How a journey ended, for the page and for JSON alike. */
export type End =
  | {
      readonly kind: 'failed'
      /** What its nodes say of it to whoever logs in; undefined: nothing. */
      readonly message: string | undefined
      readonly detail: JsonObject
      readonly place: string | undefined
    }
  | Succeeded

export interface Succeeded {
  readonly kind: 'succeeded'
  /** The session that follows; undefined: none does. */
  readonly signedIn: SignIn | undefined
  /** What the journey sets where none does. */
  readonly cookies: readonly string[]
  /** What its nodes add to the answer. */
  readonly more: JsonObject
  readonly place: string | undefined
}

/** What of the request an end goes by. */
export interface Ending extends Pick<Wanted, 'goto' | 'gotoOnFail'> {
  /** No session is wanted, whatever the journey says. */
  readonly noSession: boolean
  /** The session that this login is in place of, beside the one of the browser's cookie. */
  readonly upgraded?: Session | undefined
  readonly locales: readonly string[]
  /**
   * What whoever sends the same answers once more is told of the session that follows. It names that by its public id:
   * whoever has the store must not have the token, to which the id leads back.
   */
  readonly told: (session: string, end: Pick<Succeeded, 'more' | 'place'>) => Json
}

/**
 * Does what follows from the end of a journey: a session for an account that it proved, if one is wanted. Only with that is
 * the end settled here, in the same commit; otherwise by whoever answers.
 */
export async function conclude(
  realm: Realm,
  http: HttpRequest,
  step: EndStep,
  ending: Ending,
): Promise<End> {
  try {
    return await concluded(realm, http, step, ending)
  } catch (error) {
    await step.giveBack()
    throw error
  }
}

async function concluded(
  realm: Realm,
  http: HttpRequest,
  step: EndStep,
  ending: Ending,
): Promise<End> {
  const { state } = step.ended
  const [user] = await Promise.all([provenUser(realm, step), step.look()])
  const noSession = ending.noSession || step.tree?.noSession === true
  const nobody = step.kind === 'success' && noSession && step.ended.user === undefined
  if (user === undefined && !nobody) {
    tellFailure(realm, http, step)
    return { kind: 'failed', ...failureOf(step, ending), place: failurePlace(realm, ending, state) }
  }
  if (user !== undefined) tellSuccess(realm, http, step.journey, user)
  const place = successPlace(realm, ending, state)
  const terms = sessionTerms(step)
  const more = withoutReserved({ ...state.atEnd.success, ...propertiesTold(step, terms) })
  if (user !== undefined) await forgetRetries(realm, user, step)
  if (user === undefined || noSession) {
    const cookies = cookiesAtEnd(realm, http, step, undefined)
    return { kind: 'succeeded', signedIn: undefined, cookies, more, place }
  }
  const beside = {
    write: (sid: string) => step.write(ending.told(sid, { more, place })),
    isWritten: () => step.isWritten(),
  }
  const families = familiesOf(realm, user, familiesIn(step), ending.upgraded)
  const kept = { ...terms, families, beside }
  if (ending.upgraded !== undefined) await replaceSession(realm, ending.upgraded)
  const { session, cookies } = await signIn(realm, http, user, step.journey, kept)
  const signedIn = { session, cookies: [...cookies, ...cookiesAtEnd(realm, http, step, user)] }
  return { kind: 'succeeded', signedIn, cookies: [], more, place }
}

/** PingAM: what Success Details must not change. */
const reserved: readonly string[] = ['tokenId', 'successUrl', 'realm']

function withoutReserved(details: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(details).filter(([name]) => !reserved.includes(name)))
}

/**
 * What nodes were told to say. Why a node could not do its work is never said, and neither is why one inside a journey
 * that went on could not: that is for the log, and for scripts.
 */
function failureOf(
  { kind, ended: { state, byError } }: EndStep,
  { locales }: Ending,
): { readonly message: string | undefined; readonly detail: JsonObject } {
  const { failure, error } = state.atEnd
  const { message = {}, detail = {} } = (byError ? error : failure) ?? {}
  const own = kind === 'success' || byError ? undefined : messageIn(state)
  return { message: localized(message, locales) ?? own, detail }
}

function messageIn(state: JourneyState): string | undefined {
  const said = valueIn(state, 'errorNode') === undefined ? textIn(state, 'errorMessage') : undefined
  return textIn(state, 'lockoutMessage') ?? said
}
