import { argon2Verify, argon2Waiting } from '../base/argon2.ts'
import { event } from '../base/log.ts'
import type { Throttle } from '../base/throttle.ts'
import { retryAfter, throttle, throttleKey } from '../base/throttle.ts'
import { delay } from '../base/time.ts'
import type { Realm } from '../realm/realm.ts'
import { OAuthError } from '../spec/error.ts'
import type { Store } from '../store/store.ts'
import type { EndUser } from './end-user.ts'
import { findByUsername, plainUsername } from './end-user.ts'

/** Hash of a password nobody has (its 32 bytes were drawn, not computed): what unknown users cost. */
const nobody =
  '$argon2id$v=19$m=19456,t=2,p=1$26ukGV0JttJnUE/zDzY/Aw$PixVvvi+nt+xNJ0vcqvQaHanDnQHDFELNOjLPXJcvHM'

/** Longer ones are nobody's: hashing takes time by length. Bytes are at most three times as many. */
export const longestPassword = 1024

/** Verifications that may wait for their turn; about a second's worth. */
const queue = 100

const throttles = new WeakMap<Store, Throttle>()

/**
 * The active account of that name and password, else undefined. Unknown names, inactive accounts and
 * wrong passwords take the same time and look the same. Wrong tries are answered ever later per name
 * and source (`peer`), the right one never is; a flood of them is refused (429), and so is work that
 * would have to wait too long (503).
 */
export async function authenticateEndUser(
  realm: Realm,
  username: string,
  password: string,
  peer: string,
): Promise<EndUser | undefined> {
  const wrongTries = throttleOf(realm.settings)
  const key = throttleKey(`${realm.path} ${plainUsername(username.slice(0, 200))}`, peer)
  if (wrongTries.crowded(key, realm.now())) {
    throw new OAuthError('too_many_requests', 'Too many wrong tries', {
      headers: { 'retry-after': String(retryAfter) },
    })
  }
  const user = await findByUsername(realm, username)
  if (argon2Waiting() >= queue) {
    throw new OAuthError('temporarily_unavailable', 'Too many logins at once', {
      headers: { 'retry-after': '1' },
    })
  }
  if (await isPassword(user, password)) {
    wrongTries.passed(key)
    return user
  }
  const held = wrongTries.failed(key, realm.now())
  event('login.wrong', { realm: realm.path, sub: user?.sub, held }, 'warn')
  if (held > 0) await delay(held)
  return undefined
}

/** Verifies even where nothing can match, so that time tells nothing. */
async function isPassword(user: EndUser | undefined, password: string): Promise<boolean> {
  const short = password.length <= longestPassword
  const hash = user !== undefined && user.password !== '' && short ? user.password : nobody
  const matches = await argon2Verify(hash, short ? password : '')
  return matches && user?.status === 'Active'
}

function throttleOf(settings: Store): Throttle {
  const known = throttles.get(settings)
  if (known !== undefined) return known
  const fresh = throttle()
  throttles.set(settings, fresh)
  return fresh
}
