import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server'
import { base64url } from '../../../base/bytes.ts'
import { member, parseJsonObject } from '../../../base/json.ts'

/** What came back in the hidden value (PingAM: `webAuthnOutcome`). */
export type PasskeyAnswer =
  /** The client has not asked its user yet. */
  | { readonly kind: 'none' }
  | { readonly kind: 'unsupported' }
  /** The browser, or whoever sits before it, would not; in the browser's words. */
  | { readonly kind: 'error'; readonly error: string }
  | {
      readonly kind: 'credential'
      readonly text: string
      /** Where the key is: `platform`, or `cross-platform`; absent: the client does not say. */
      readonly attachment?: string
    }

/** What a client leaves there that did nothing. */
const untouched = new Set(['', 'false', 'webAuthnOutcome'])

/** The state carries it from here on. */
const longestError = 500

/** Reads it: text as PingAM's older clients write it, or JSON with that text in it. */
export function readAnswer(value: string): PasskeyAnswer {
  if (untouched.has(value)) return { kind: 'none' }
  const json = parseJsonObject(value)
  const error = json && member(json, 'error')
  if (typeof error === 'string') return readAnswer(asError(error))
  const legacy = json && member(json, 'legacyData')
  const text = typeof legacy === 'string' ? legacy : value
  if (text === 'unsupported') return { kind: 'unsupported' }
  if (text.startsWith('ERROR'))
    return { kind: 'error', error: errorNamed(text.replace(/^ERROR(::)?/, '')) }
  const attachment = json && member(json, 'authenticatorAttachment')
  const known = attachment === 'platform' || attachment === 'cross-platform'
  return { kind: 'credential', text, ...(known ? { attachment } : {}) }
}

/** `<name>:<message>`; what has no name is PingAM's `UnknownError`. */
function errorNamed(said: string): string {
  const [name = '', ...message] = said.split(':')
  const named =
    message.length === 0
      ? `UnknownError:${said}`
      : `${name.trim() === '' ? 'UnknownError' : name}:${message.join(':')}`
  return named.slice(0, longestError)
}

function asError(error: string): string {
  return /^(unsupported$|ERROR)/.test(error) ? error : `ERROR::${error}`
}

/** `clientDataJSON::<attestation as bytes with a sign>::<credential id>[::<device name>]`. */
const registrationForm = /^(\{.*?\})::([-\d,]+)::([\w-]+)(?:::(.*))?$/s

/** A new credential as the library wants it, and what its owner calls it; undefined for another text. */
export function registrationIn(
  text: string,
): { readonly response: RegistrationResponseJSON; readonly deviceName: string } | undefined {
  const [, clientData = '', attestation = '', id = '', deviceName = ''] =
    registrationForm.exec(text) ?? []
  const attestationObject = bytesIn(attestation)
  if (attestationObject === undefined) return undefined
  const response = {
    clientDataJSON: base64url(Buffer.from(clientData)),
    attestationObject: base64url(attestationObject),
  }
  return { deviceName, response: { ...credential(id), response } }
}

/** `clientDataJSON::<authenticator data>::<signature>::<credential id>[::<user handle>]`. */
const authenticationForm = /^(\{.*?\})::([-\d,]+)::([-\d,]+)::([\w-]+)(?:::(.*))?$/s

/** Whose credential answered, as far as it says, and the answer as the library wants it. */
export function authenticationIn(
  text: string,
): { readonly response: AuthenticationResponseJSON; readonly userHandle: string } | undefined {
  const [, clientData = '', data = '', signed = '', id = '', userHandle = ''] =
    authenticationForm.exec(text) ?? []
  const [authenticatorData, signature] = [bytesIn(data), bytesIn(signed)]
  if (authenticatorData === undefined || signature === undefined) return undefined
  const response = {
    clientDataJSON: base64url(Buffer.from(clientData)),
    authenticatorData: base64url(authenticatorData),
    signature: base64url(signature),
  }
  return { userHandle, response: { ...credential(id), response } }
}

function credential(id: string): {
  readonly id: string
  readonly rawId: string
  readonly type: 'public-key'
  readonly clientExtensionResults: Record<string, never>
} {
  return { id, rawId: id, type: 'public-key', clientExtensionResults: {} }
}

/** Bytes with a sign, as JavaScript's `Int8Array` writes them; undefined for anything else. */
function bytesIn(text: string): Buffer | undefined {
  const numbers = text.split(',').map(Number)
  const fit = text !== '' && numbers.every((n) => Number.isInteger(n) && n >= -128 && n <= 255)
  return fit ? Buffer.from(numbers.map((n) => n & 255)) : undefined
}
