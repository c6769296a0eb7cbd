import type { CallbackPage } from '../question/question.ts'
import { consentMappingPage, termsPage } from './agreement.ts'
import { booleanAttributePage, numberAttributePage, stringAttributePage } from './attribute.ts'
import { choicePage } from './choice.ts'
import { confirmationPage } from './confirmation.ts'
import { deviceProfilePage } from './device-profile.ts'
import { hiddenValuePage } from './hidden-value.ts'
import { kbaCreatePage } from './kba-create.ts'
import { metadataPage } from './metadata.ts'
import { namePage, textInputPage } from './name.ts'
import { passwordPage } from './password.ts'
import { pollingWaitPage } from './polling-wait.ts'
import { redirectPage } from './redirect.ts'
import { selectIdPPage } from './select-idp.ts'
import { suspendedTextPage, textOutputPage } from './text-output.ts'
import { validatedPasswordPage, validatedUsernamePage } from './validated.ts'

const rows: readonly CallbackPage[] = [
  ...[namePage, passwordPage, textInputPage, textOutputPage, suspendedTextPage],
  ...[choicePage, confirmationPage, hiddenValuePage, metadataPage, pollingWaitPage, redirectPage],
  ...[stringAttributePage, numberAttributePage, booleanAttributePage],
  ...[validatedUsernamePage, validatedPasswordPage, kbaCreatePage, termsPage],
  ...[selectIdPPage, consentMappingPage, deviceProfilePage],
]

/** How each kind of callback is asked, by its name. One that is not here cannot be answered by a page. */
export const callbackPages: Readonly<Record<string, CallbackPage>> = Object.fromEntries(
  rows.map((row) => [row.type, row]),
)
