import type { Html } from '../../base/html.ts'
import { html } from '../../base/html.ts'
import type { AccountPage } from './account.ts'
import { accountForm, listButton, timeText } from './form.ts'

/** A session as its user can tell it from others. */
export interface SessionView {
  /** Names it to who may end it; opens nothing. */
  readonly handle: string
  /** Empty where nothing is known. */
  readonly device: string
  readonly address: string
  readonly since: number
  readonly lastUsed: number
  /** The one this page is looked at with. */
  readonly own: boolean
}

/** Where somebody is logged in as this user. */
export function sessionsSection(page: AccountPage): Html {
  const words = page.messages.account
  const others = page.sessions.filter(({ own }) => !own)
  const list = html`<ul class="asked" id="sessions">\n${page.sessions.map((each, at) => item(page, each, at))}</ul>\n`
  const all = html`<button type="submit" name="session" value="others" id="end_others">${words.endOthers}</button>\n`
  return html`<h2>${words.sessions}</h2>
<p class="aside">${words.sessionsAdvice}</p>
${accountForm(page, 'session', html`${list}${others.length > 1 && all}`)}`
}

function item({ messages, timeZone }: AccountPage, session: SessionView, at: number): Html {
  const { device, address, since, lastUsed, own, handle } = session
  const words = messages.account
  const name = device === '' ? words.unknownDevice : device
  const began = words.loggedIn(timeText(since, messages.lang, timeZone))
  const used = words.lastUsed(timeText(lastUsed, messages.lang, timeZone))
  const end = { name: 'session', value: handle, at, text: words.end, what: name }
  return html`<li><div class="about"><bdi class="name">${name}</bdi>${address && html` · <bdi>${address}</bdi>`} <span class="values">${began} ${used}</span></div>${own ? html`<strong id="this_one">${words.thisOne}</strong>` : listButton(end)}</li>\n`
}
