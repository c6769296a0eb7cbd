import type { Form } from '../../../base/form.ts'
import { validGoto } from '../../../journey/goto.ts'
import type { JourneyState } from '../../../journey/state.ts'
import { textIn } from '../../../journey/state.ts'
import type { Realm } from '../../../realm/realm.ts'
import { isTrue } from './asked.ts'

/** Where whoever asks for a login wants to go after it, as far as it is a place that a login may lead to. */
export interface Wanted {
  readonly goto: string | undefined
  readonly gotoOnFail: string | undefined
  /** PingAM: `locale`. */
  readonly locale: string | undefined
  /** They are to log in whatever their browser has (PingAM: `ForceAuth`). */
  readonly forced: boolean
}

export function wantedIn(realm: Realm, query: Form): Wanted {
  const place = (name: string): string | undefined => {
    const sent = query.get(name)
    return sent === undefined ? undefined : validGoto(realm, sent)
  }
  const locale = query.get('locale')
  return {
    ...{ goto: place('goto'), gotoOnFail: place('gotoOnFail') },
    forced: isTrue(query, 'ForceAuth'),
    locale: /^[A-Za-z]{2,8}(?:[-_][A-Za-z\d]{1,8}){0,4}$/.test(locale ?? '') ? locale : undefined,
  }
}

/** Where a login leads: as it was asked, else as its journey says, else the realm; undefined: nowhere in particular. */
export function successPlace(
  { provider }: Realm,
  { goto }: Pick<Wanted, 'goto'>,
  state?: JourneyState,
): string | undefined {
  return goto ?? placeIn(state, 'successUrl') ?? provider.loginSuccessUrl.find(isPlace)
}

/** The same for one that failed. */
export function failurePlace(
  { provider }: Realm,
  { gotoOnFail }: Pick<Wanted, 'gotoOnFail'>,
  state?: JourneyState,
): string | undefined {
  return gotoOnFail ?? placeIn(state, 'failureUrl') ?? provider.loginFailureUrl.find(isPlace)
}

function placeIn(state: JourneyState | undefined, name: string): string | undefined {
  const text = state && textIn(state, name)
  return text !== undefined && isPlace(text) ? text : undefined
}

/** What a browser may be sent to: of any site, since an administrator says so, but never a script. */
function isPlace(text: string): boolean {
  return (
    /^(?:https?:\/\/|\/(?![/\\]))[\x21-\x5b\x5d-\x7e]*$/.test(text) &&
    URL.canParse(text, 'http://a')
  )
}
