import type { BuiltIn } from './journey.ts'
import { login, password } from './login.ts'
import { passkey, passkeyRegistration } from './passkey.ts'

/** The journeys that every realm has from the start, by their names. */
export const builtInJourneys: Readonly<Record<string, BuiltIn>> = {
  Login: login,
  Password: password,
  Passkey: passkey,
  PasskeyRegistration: passkeyRegistration,
}
