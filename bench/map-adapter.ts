import type { Adapter, AdapterPayload } from 'oidc-provider'

interface Entry {
  readonly payload: AdapterPayload
  readonly until: number
}

const entries = new Map<string, Entry>()
const uids = new Map<string, string>()

/** Expired entries go once in a while. */
setInterval(() => {
  const now = Date.now()
  for (const [key, entry] of entries) if (entry.until < now) entries.delete(key)
}, 5000).unref()

/** The least an in-memory store for oidc-provider can be. */
export function mapAdapter(model: string): Adapter {
  const keyOf = (id: string): string => `${model}:${id}`
  const find = async (id: string): Promise<AdapterPayload | undefined> =>
    entries.get(keyOf(id))?.payload
  return {
    find,
    findByUid: async (uid) => find(uids.get(uid) ?? ''),
    findByUserCode: async () => undefined,
    async upsert(id, payload, expiresIn) {
      entries.set(keyOf(id), { payload, until: Date.now() + (expiresIn ?? 3600) * 1000 })
      if (model === 'Session' && payload.uid !== undefined) uids.set(payload.uid, id)
    },
    async consume(id) {
      const entry = entries.get(keyOf(id))
      if (entry !== undefined) entry.payload.consumed = Math.floor(Date.now() / 1000)
    },
    async destroy(id) {
      entries.delete(keyOf(id))
    },
    async revokeByGrantId(grantId) {
      for (const [key, { payload }] of entries) if (payload.grantId === grantId) entries.delete(key)
    },
  }
}
