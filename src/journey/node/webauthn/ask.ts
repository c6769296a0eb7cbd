import { base64url, fromBase64url } from '../../../base/bytes.ts'
import type { Json, JsonObject } from '../../../base/json.ts'
import { isObject, member } from '../../../base/json.ts'
import { isSub } from '../../../user/account/key.ts'
import type { EndUser } from '../../../user/end-user.ts'
import type { Passkey } from '../../../user/factor/passkey.ts'
import {
  hiddenValueCallback,
  messageTypes,
  metadataCallback,
  textOutputCallback,
} from '../../callback/basic.ts'
import type { Asked } from '../../callback/callback.ts'
import type { Turn } from '../../journey.ts'
import { NodeError } from '../../journey.ts'
import type { JourneyState } from '../../state.ts'
import { valueIn } from '../../state.ts'
import { scriptOf } from './script.ts'

/** A challenge: 32 bytes, as clients get them and as an answer has them. */
export interface Challenge {
  readonly told: string
  readonly expected: string
}

/** A new one for this step. It is kept with the step, so that it counts once, like the step. */
export function newChallenge({ realm }: Turn): Challenge {
  const bytes = realm.random(32)
  return { told: bytes.toString('base64'), expected: base64url(bytes) }
}

/** What a step keeps of its challenge. */
export function kept({ expected }: Challenge): JsonObject {
  return { challenge: expected }
}

/** The challenge that this step's question had; undefined where it asked none. */
export function challengeOf({ kept: own }: Turn): string | undefined {
  const challenge = isObject(own) ? member(own, 'challenge') : undefined
  return typeof challenge === 'string' ? challenge : undefined
}

/**
 * The callbacks of a passkey (PingAM): as data, or as scripts for PingAM's own pages, of which the second showed that
 * something is waited for.
 */
export function passkeyCallbacks(data: JsonObject, asScript: boolean): readonly Asked[] {
  const { script } = messageTypes
  const told = asScript
    ? [textOutputCallback(scriptOf(data), script), textOutputCallback(spinner, script)]
    : [metadataCallback(data)]
  return [...told, hiddenValueCallback('webAuthnOutcome', 'false')]
}

const spinner = `;(function () {
  if (document.getElementById('loginButton_0')) return
  var button = document.createElement('input')
  button.id = 'loginButton_0'
  button.type = 'submit'
  button.hidden = true
  var fields = document.querySelector('#wrapper fieldset')
  if (fields) fields.appendChild(button)
})()
`

/** Credentials as PingAM's clients read them: a list, and the same as JavaScript. */
export function credentialList(devices: readonly Passkey[]): {
  readonly list: Json
  readonly text: string
} {
  const list = devices.map(({ credentialId }) => ({
    type: 'public-key',
    id: [...new Int8Array(fromBase64url(credentialId) ?? [])],
  }))
  const text = list
    .map(({ id }) => `{ "type": "public-key", "id": new Int8Array([${id.join(', ')}]).buffer }`)
    .join(',')
  return { list, text }
}

/**
 * What a node before wants asked beside (PingAM: `webAuthnExtensions`; WebAuthn §9).
 *
 * @throws NodeError where that is no object.
 */
export function extensionsIn(state: JourneyState): JsonObject {
  const extensions = valueIn(state, 'webAuthnExtensions') ?? {}
  if (!isObject(extensions)) throw new NodeError('Extensions must be a map')
  return extensions
}

/** What authenticators keep to know their users by, and give back: the text of it, not what it stands for. */
export function userHandleOf({ sub }: EndUser): string {
  return base64url(Buffer.from(sub))
}

/** The `sub` in a user handle: clients give it back as it was, or decoded. */
export function subIn(userHandle: string): string {
  return isSub(userHandle) ? userHandle : (fromBase64url(userHandle)?.toString() ?? '')
}
