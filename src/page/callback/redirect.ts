import { html } from '../../base/html.ts'
import type { CallbackPage } from '../question/question.ts'
import { outputOf, textOf } from '../question/question.ts'

/** Leads to where the journey goes on. What is to be posted there no page of ours posts: its policy keeps forms at home. */
export const redirectPage: CallbackPage = {
  type: 'RedirectCallback',
  submits: true,
  ask(asked) {
    const href = webAddress(textOf(asked, 'redirectUrl'))
    const posts = outputOf(asked, 'redirectMethod') === 'POST'
    const { question } = asked.messages
    if (href === undefined || posts) return null
    return html`<p><a class="button" id="redirect" href="${href}" rel="noreferrer">${question.goThere}</a></p>`
  },
}

/** An address of the web, without somebody's name in it. */
function webAddress(address: string | undefined): string | undefined {
  const url = address === undefined ? null : URL.parse(address)
  if (url === null || !/^https?:$/.test(url.protocol)) return undefined
  return url.username === '' && url.password === '' ? url.href : undefined
}
