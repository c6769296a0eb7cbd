import { withoutOpenSetting } from '../../config/difference.ts'

/**
 * Names whose values open something or belong to somebody. Endpoints never put such values into an
 * event; this is the second line, for the day one does.
 */
const secretNames = new Set([
  ...['authorization', 'cookie', 'set-cookie', 'dpop', 'key', 'keys', 'jwk', 'jwks', 'd', 'k'],
  ...[
    'code',
    'code_verifier',
    'code_challenge',
    'state',
    'nonce',
    'csrf',
    'request',
    'request_uri',
  ],
  ...['token', 'tokenid', 'authid', 'iplanetdirectorypro', 'handle', 'goto', 'query', 'body'],
  ...['consent_request', 'consent_response', 'sessionupgradessotokenid'],
  ...['login_hint', 'username', 'headers', 'rawheaders'],
])

const secretPart = /secret|passw|assertion|verifier|credential|_token$|token_hint$|private/

export const masked = '[masked]'
const longest = 4096
const deepest = 4

/** Fields of an event with secret ones masked, long texts cut, and nothing in them that recurs. */
export function maskFields(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return maskObject(fields, 0)
}

function maskObject(object: object, depth: number): Record<string, unknown> {
  const out: Record<string, unknown> = {}
  for (const name of Object.keys(object)) {
    const value = (object as Readonly<Record<string, unknown>>)[name]
    out[name] = value !== undefined && isSecret(name) ? masked : maskValue(value, depth)
  }
  return out
}

/** A value by the same rules, whatever its name. */
export function maskValue(value: unknown, depth = 0): unknown {
  switch (typeof value) {
    case 'string':
      return value.length > longest ? `${value.slice(0, longest)}…` : value
    case 'object':
      if (value === null) return null
      if (value instanceof Error) return maskValue(value.stack ?? value.message, depth)
      if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`
      if (depth >= deepest) return '[deep]'
      return Array.isArray(value)
        ? value.slice(0, 100).map((entry) => maskValue(entry, depth + 1))
        : maskObject(value, depth + 1)
    case 'bigint':
    case 'symbol':
    case 'function':
      return String(value)
    case 'boolean':
    case 'number':
    case 'undefined':
      return value
  }
}

const judged = new Map<string, boolean>()

/** Whether a name is one of those. Field names are few; a flood of others is judged anew each time. */
export function isSecret(name: string): boolean {
  const known = judged.get(name)
  if (known !== undefined) return known
  const lower = withoutOpenSetting(name).toLowerCase()
  // Of a path into an object the last part says what stands there.
  const last = lower.slice(lower.lastIndexOf('.') + 1)
  const secret = secretNames.has(last) || secretPart.test(lower)
  if (judged.size < 1000) judged.set(name, secret)
  return secret
}
