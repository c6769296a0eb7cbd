import { booleanAttributePage } from './attribute.ts'
import { choicePage } from './choice.ts'
import { confirmationPage } from './confirmation.ts'
import { hiddenValuePage } from './hidden-value.ts'
import { namePage, textInputPage } from './name.ts'
import { passwordPage } from './password.ts'
import type { CallbackPage } from './question.ts'
import { textOutputPage } from './text-output.ts'

const rows: readonly CallbackPage[] = [
  ...[namePage, passwordPage, textInputPage, textOutputPage],
  ...[choicePage, confirmationPage, hiddenValuePage, booleanAttributePage],
]

/** How each kind of callback is asked, by its name. One that is not here cannot be answered by a page. */
export const callbackPages: Readonly<Record<string, CallbackPage>> = Object.fromEntries(
  rows.map((row) => [row.type, row]),
)
