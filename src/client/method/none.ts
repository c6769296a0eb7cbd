import type { Method } from './method.ts'
import { onlyNamed } from './method.ts'

/** RFC 6749 §2.1: a public client names itself and proves nothing. */
export const none: Method = {
  name: 'none',
  announcedBy: [],
  presented: (_http, form) => onlyNamed(form),
  verify: (_realm, client) =>
    client.clientType === 'Public' ? {} : { why: 'client-credentials-missing' },
}
