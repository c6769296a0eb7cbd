import type { Method } from './method.ts'

/** RFC 6749 §2.1: a public client names itself and proves nothing. */
export const none: Method = {
  name: 'none',
  presented: (_http, form) => {
    const client_id = form.get('client_id')
    return client_id === undefined ? undefined : { client_id, proof: '' }
  },
  verify: (_realm, client) => (client.clientType === 'Public' ? {} : undefined),
}
