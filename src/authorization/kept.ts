import type { AuthorizationParameters, KeptAsSent } from '../protocol/authorization-request.ts'
import { keptAsSent } from '../protocol/authorization-request.ts'

type Sent = { -readonly [K in KeptAsSent]?: AuthorizationParameters[K] }

/** Takes over what is kept as it was sent; every spread of one that may be absent would cost an object. */
export function keep(from: Sent, to: Sent): void {
  for (const name of keptAsSent) keepOne(name, from, to)
}

function keepOne<K extends KeptAsSent>(name: K, from: Pick<Sent, K>, to: Pick<Sent, K>): void {
  const value = from[name]
  if (value !== undefined) to[name] = value
}
