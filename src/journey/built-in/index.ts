import { forgottenUsername } from './forgotten-username.ts'
import type { BuiltIn } from './journey.ts'
import { login, password } from './login.ts'
import { passkey, passkeyRegistration } from './passkey.ts'
import { progressiveProfile } from './progressive-profile.ts'
import { registration } from './registration.ts'
import { resetPassword } from './reset-password.ts'
import { updateEmail } from './update-email.ts'
import { updatePassword } from './update-password.ts'

/** The journeys that every realm has from the start, by their names. */
export const builtInJourneys: Readonly<Record<string, BuiltIn>> = {
  Login: login,
  Password: password,
  Passkey: passkey,
  PasskeyRegistration: passkeyRegistration,
  // By AIC’s names, but for the last. None of them runs until the realm's settings, or an administrator, enable it.
  Registration: registration,
  ResetPassword: resetPassword,
  ForgottenUsername: forgottenUsername,
  UpdatePassword: updatePassword,
  ProgressiveProfile: progressiveProfile,
  UpdateEmail: updateEmail,
}
