import { admissionReasons } from './admission.ts'
import { assertionReasons } from './assertion.ts'
import { certificateBindingReasons } from './certificate-binding.ts'
import { clientAuthenticationReasons } from './client-authentication.ts'
import { dpopReasons } from './dpop.ts'
import { formReasons } from './form.ts'
import { parameterReasons } from './parameter.ts'
import { redirectionReasons } from './redirection.ts'
import { referenceReasons } from './reference.ts'
import { requestObjectReasons } from './request-object.ts'
import { serviceAccountReasons } from './service-account.ts'
import { tokenReasons } from './token.ts'
import { remoteConsentReasons } from './visit/remote-consent.ts'
import { visitReasons } from './visit.ts'

/** Every reason why a request is refused; an error names its row by `why`. */
export const reasons = {
  ...formReasons,
  ...redirectionReasons,
  ...parameterReasons,
  ...clientAuthenticationReasons,
  ...dpopReasons,
  ...certificateBindingReasons,
  ...assertionReasons,
  ...requestObjectReasons,
  ...referenceReasons,
  ...visitReasons,
  ...remoteConsentReasons,
  ...tokenReasons,
  ...serviceAccountReasons,
  ...admissionReasons,
} as const

export type ReasonName = keyof typeof reasons
