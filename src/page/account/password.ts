import type { Html } from '../../base/html.ts'
import { attributes, html } from '../../base/html.ts'
import type { AccountNotice, AccountPage } from './account.ts'
import { accountForm } from './form.ts'

/** Which field a notice is about. */
const blamed: Readonly<Partial<Record<AccountNotice, string>>> = {
  wrong_password: 'current',
  bad_password: 'new',
  not_the_same: 'again',
}

/** Asks for the old password, and for the new one twice. */
export function passwordSection(page: AccountPage): Html {
  const { messages, shortest, userName } = page
  if (shortest === undefined) return html``
  const words = messages.account
  const fields = [
    field(page, 'current', words.currentPassword, 'current-password'),
    field(page, 'new', words.newPassword, 'new-password', 'policy'),
    field(page, 'again', words.newPasswordAgain, 'new-password'),
  ]
  return html`<h2>${words.password}</h2>
${accountForm(
  page,
  'password',
  html`<input type="text" name="username" autocomplete="username" value="${userName}" hidden>
<p class="aside" id="policy">${words.policy(shortest)}</p>
${fields}<button class="primary" type="submit" id="change_password">${words.changePassword}</button>
`,
)}`
}

function field(
  { notice }: AccountPage,
  name: string,
  label: string,
  autocomplete: string,
  about?: string,
): Html {
  const wrong = notice !== undefined && blamed[notice.name] === name
  const described = [wrong && notice.name, about].filter((id) => typeof id === 'string')
  return html`<div class="field">
<label for="${name}">${label}</label>
<input ${attributes({
    id: name,
    name,
    type: 'password',
    autocomplete,
    required: true,
    autofocus: wrong,
    'aria-invalid': wrong ? 'true' : undefined,
    'aria-describedby': described.length > 0 ? described.join(' ') : undefined,
  })}>
</div>\n`
}
