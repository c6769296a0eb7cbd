import { utf8 } from '../../base/bytes.ts'
import { decodeFormText } from '../../base/form.ts'
import type { HttpRequest } from '../../base/http.ts'
import { header, headerCount } from '../../base/http.ts'
import { OAuthError } from '../../protocol/error.ts'
import { verifyBySecret } from '../secret.ts'
import type { Credentials, Method } from './method.ts'
import { nobody } from './method.ts'

/** RFC 6749 §2.3.1: HTTP Basic over form-encoded id and secret. */
export const clientSecretBasic: Method = {
  name: 'client_secret_basic',
  announcedBy: [{ header: 'authorization' }],
  guessable: true,
  presented: basicCredentials,
  verify: verifyBySecret,
}

const unreadable = nobody('authorization-unreadable')

function basicCredentials(http: HttpRequest): Credentials | undefined {
  const value = header(http, 'authorization')
  if (value === undefined) return undefined
  if (headerCount(http, 'authorization') > 1)
    throw new OAuthError('invalid_request', 'Client authentication failed', {
      why: 'authorization-repeated',
    })
  // K-10: the scheme's case may vary and one space follows; nothing else is tolerated.
  const match = /^basic ([A-Za-z0-9+/]+={0,2})$/i.exec(value)
  if (match === null) return unreadable
  const text = utf8(Buffer.from(match[1] as string, 'base64'))
  if (text === undefined) return unreadable
  const pair = split(text)
  if (pair?.[0] === undefined || pair[1] === undefined) return unreadable
  return { client_id: pair[0], proof: pair[1] }
}

/** At the first colon; PingAM's own page encodes that colon too, so `%3A` does when there is none. */
function split(text: string): [string | undefined, string | undefined] | undefined {
  const colon = text.indexOf(':')
  if (colon >= 0)
    return [decodeFormText(text.slice(0, colon)), decodeFormText(text.slice(colon + 1))]
  const whole = decodeFormText(text)
  const inner = whole?.indexOf(':') ?? -1
  return whole === undefined || inner < 0
    ? undefined
    : [whole.slice(0, inner), whole.slice(inner + 1)]
}
