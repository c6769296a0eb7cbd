import type { Json, JsonObject } from '../../../base/json.ts'
import { isObject, member, parseJsonObject } from '../../../base/json.ts'

/** Whether that is what PingAM tells clients of a passkey that is to be made, or shown. */
export function isPasskeyData(data: Json | undefined): boolean {
  if (!isObject(data) || member(data, '_type') !== 'WebAuthn') return false
  const action = member(data, '_action')
  return action === 'webauthn_registration' || action === 'webauthn_authentication'
}

/** The line by which PingAM's clients find in a script what it is about; nothing may follow it there. */
const contextLine = /^var scriptContext = (.*)$/m

/** What such a script says; undefined for any other text. */
export function dataInScript(script: string): JsonObject | undefined {
  const text = script.startsWith(opening) ? contextLine.exec(script)?.[1] : undefined
  const data = text === undefined ? undefined : parseJsonObject(text)
  return isPasskeyData(data) ? data : undefined
}

const opening = '// webAuthnOutcome'

/**
 * The same as a script for PingAM's own pages (PingAM: `asScript`). They run it as it stands; it puts the answer into
 * their hidden field and presses their button.
 */
export function scriptOf(data: JsonObject): string {
  const context = JSON.stringify(data).replaceAll('<', '\\u003c')
  const asks = member(data, '_action') === 'webauthn_registration' ? register : authenticate
  return `${opening}\nvar scriptContext = ${context}\n${begin}${asks}${end}`
}

const begin = `;(function (data) {
  function done(value) {
    document.getElementById('webAuthnOutcome').value = value
    document.getElementById('loginButton_0').click()
  }
  function bytes(text) {
    return Uint8Array.from(text, function (sign) { return sign.charCodeAt(0) })
  }
  function numbers(buffer) { return new Int8Array(buffer).toString() }
  function text(buffer) { return new TextDecoder().decode(buffer) }
  function listed(list) {
    return list.map(function (each) { return { type: each.type, id: new Int8Array(each.id) } })
  }
  if (!window.PublicKeyCredential) return done('unsupported')
`

const register = `  navigator.credentials.create({ publicKey: {
    challenge: bytes(atob(data.challenge)),
    rp: { id: data._relyingPartyId, name: data.relyingPartyName },
    user: { id: bytes(data.userId), name: data.userName, displayName: data.displayName },
    pubKeyCredParams: data._pubKeyCredParams,
    attestation: data.attestationPreference,
    timeout: Number(data.timeout),
    excludeCredentials: listed(data._excludeCredentials),
    authenticatorSelection: data._authenticatorSelection,
    extensions: data.extensions
  } }).then(function (made) {
    var response = made.response
    done([text(response.clientDataJSON), numbers(response.attestationObject), made.id].join('::'))
  })`

const authenticate = `  navigator.credentials.get({ publicKey: {
    challenge: bytes(atob(data.challenge)),
    rpId: data._relyingPartyId,
    allowCredentials: listed(data._allowCredentials),
    timeout: Number(data.timeout),
    userVerification: data.userVerification,
    extensions: data.extensions
  } }).then(function (found) {
    var response = found.response
    var parts = [text(response.clientDataJSON), numbers(response.authenticatorData)]
    parts.push(numbers(response.signature), found.id)
    if (response.userHandle) parts.push(text(response.userHandle))
    done(parts.join('::'))
  })`

const end = `.catch(function (error) { done('ERROR::' + error.name + ':' + error.message) })
})(scriptContext)
`
