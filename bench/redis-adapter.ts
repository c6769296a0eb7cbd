import { Redis } from 'ioredis'
import type { Adapter, AdapterPayload } from 'oidc-provider'

/** Kinds that hang on a grant and end with it. */
const ofGrant: ReadonlySet<string> = new Set([
  ...['AccessToken', 'AuthorizationCode', 'RefreshToken', 'DeviceCode'],
  'BackchannelAuthenticationRequest',
])

/** Kinds that are used once: a hash, so that `consumed` is set without reading. */
const usedOnce: ReadonlySet<string> = new Set([
  ...['AuthorizationCode', 'RefreshToken', 'DeviceCode', 'PushedAuthorizationRequest'],
  'BackchannelAuthenticationRequest',
])

/** A store for oidc-provider in a Redis, as its documentation asks for: one round trip for each call but a revocation. */
export function redisAdapter(url: string): (model: string) => Adapter {
  const redis = new Redis(url, { enableAutoPipelining: true })
  return (model) => adapterOf(redis, model)
}

function adapterOf(redis: Redis, model: string): Adapter {
  const keyOf = (id: string): string => `oidc:${model}:${id}`
  const find = finder(redis, usedOnce.has(model))
  return {
    find: (id) => find(keyOf(id)),
    async findByUid(uid) {
      const id = await redis.get(`oidc:uid:${uid}`)
      return id === null ? undefined : find(keyOf(id))
    },
    findByUserCode: async () => undefined,
    upsert: (id, payload, expiresIn = 3600) => put(redis, model, id, payload, expiresIn),
    async consume(id) {
      await redis.hset(keyOf(id), 'consumed', Math.floor(Date.now() / 1000))
    },
    async destroy(id) {
      await redis.del(keyOf(id))
    },
    async revokeByGrantId(grantId) {
      const keys = await redis.lrange(`oidc:grant:${grantId}`, 0, -1)
      await redis.del(`oidc:grant:${grantId}`, ...keys)
    },
  }
}

function finder(redis: Redis, hashed: boolean) {
  return async (key: string): Promise<AdapterPayload | undefined> => {
    if (!hashed) {
      const text = await redis.get(key)
      return text === null ? undefined : (JSON.parse(text) as AdapterPayload)
    }
    const { payload, ...rest } = await redis.hgetall(key)
    return payload === undefined
      ? undefined
      : { ...rest, ...(JSON.parse(payload) as AdapterPayload) }
  }
}

async function put(
  redis: Redis,
  model: string,
  id: string,
  payload: AdapterPayload,
  expiresIn: number,
): Promise<void> {
  const writes = redis.multi()
  const key = `oidc:${model}:${id}`
  if (usedOnce.has(model)) writes.hset(key, { payload: JSON.stringify(payload) })
  else writes.set(key, JSON.stringify(payload))
  writes.expire(key, expiresIn)
  if (ofGrant.has(model) && payload.grantId !== undefined) {
    writes.rpush(`oidc:grant:${payload.grantId}`, key)
    writes.expire(`oidc:grant:${payload.grantId}`, expiresIn, 'GT')
  }
  if (model === 'Session' && payload.uid !== undefined)
    writes.set(`oidc:uid:${payload.uid}`, id, 'EX', expiresIn)
  await writes.exec()
}
