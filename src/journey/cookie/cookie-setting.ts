import { flag, oneOf, text } from '../../protocol/setting.ts'
import type { Realm } from '../../realm/realm.ts'
import type { Turn } from '../journey.ts'
import { NodeError } from '../journey.ts'
import { nodeSetting, wholeOrText } from '../node-setting.ts'

const token = /^[!#$%&'*+.^_`|~\dA-Za-z-]{1,64}$/

/** Names that mean something already. */
const taken = /^(?:__(?:Host|Secure)-|amlbcookie$|iplanetdirectorypro$|parapet-)/i

/** Whether a cookie of that name is one of this server's, or the session of the realm. */
export function isOwnName({ provider }: Pick<Realm, 'provider'>, name: string): boolean {
  return taken.test(name) || name.toLowerCase() === provider.cookieName.toLowerCase()
}

/**
 * A name that a node may give a cookie.
 *
 * @throws NodeError for any other.
 */
export function cookieNameOf({ realm }: Turn, name: string): string {
  if (!token.test(name) || isOwnName(realm, name))
    throw new NodeError(`a cookie cannot be called ${JSON.stringify(name)} here`)
  return name
}

export const sameSite = oneOf('LAX', 'STRICT', 'NONE')

const hours = wholeOrText(1, 87_600)

/** What both nodes of persistent cookies go by. */
export const persistentCookieSettings = {
  idleTimeout: nodeSetting('Idle Timeout', hours, 5, 'Hours without use after which it is none.'),
  useSecureCookie: nodeSetting('Use Secure Cookie', flag, true, 'Over https only.'),
  useHttpOnlyCookie: nodeSetting('Use HTTP Only Cookie', flag, true, 'Not for scripts of pages.'),
  sameSite: nodeSetting('Same Site', sameSite, 'LAX', 'Which requests of other sites carry it.'),
  hmacSigningKey: nodeSetting('HMAC Signing Key', text, '', 'Beside the realm’s own secret.', {
    secret: true,
  }),
  hmacSigningKeySecretLabelIdentifier: nodeSetting(
    ...(['HMAC Signing Key Secret Label Identifier', text, '', 'Tells keys apart.'] as const),
  ),
  persistentCookieName: nodeSetting('Persistent Cookie Name', text, 'session-jwt', 'Its name.'),
} as const

export const maxLife = nodeSetting('Max Life', hours, 5, 'Hours after which it is none.')

/** What a proof is bound to beside its name. */
export function boundTo(values: {
  readonly hmacSigningKey: string
  readonly hmacSigningKeySecretLabelIdentifier: string
}): string {
  return JSON.stringify([values.hmacSigningKey, values.hmacSigningKeySecretLabelIdentifier])
}
