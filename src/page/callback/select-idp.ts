import { html } from '../../base/html.ts'
import type { Json } from '../../base/json.ts'
import { isObject, member } from '../../base/json.ts'
import type { CallbackPage } from '../question/question.ts'
import { outputOf } from '../question/question.ts'

/** PingAM: how the account of this very server is called among the identity providers. */
const local = 'localAuthentication'

/** Who is to say who somebody is. This server asks no others, so the account here is all there is to choose. */
export const selectIdPPage: CallbackPage = {
  type: 'SelectIdPCallback',
  ask(asked) {
    const providers = outputOf(asked, 'providers')
    const named = Array.isArray(providers) ? (providers as readonly Json[]).filter(isObject) : []
    if (!named.some((each) => member(each, 'provider') === local)) return null
    return html`<input type="hidden" name="${asked.name}" value="${local}">`
  },
}
