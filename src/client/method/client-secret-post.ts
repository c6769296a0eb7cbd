import { verifyBySecret } from '../secret.ts'
import type { Method } from './method.ts'

/** RFC 6749 §2.3.1: id and secret in the body. */
export const clientSecretPost: Method = {
  name: 'client_secret_post',
  announcedBy: [{ field: 'client_secret' }],
  guessable: true,
  presented: (_http, form) => {
    const proof = form.get('client_secret')
    return proof === undefined ? undefined : { client_id: form.get('client_id'), proof }
  },
  verify: verifyBySecret,
}
