/** What one response type promises (OAuth 2.0 Multiple Response Type Encoding Practices). */
export interface ResponseType {
  /** The canonical spelling: words in the order of the specification. */
  readonly name: string
  readonly issues: readonly ('code' | 'token' | 'id_token')[]
  readonly default_mode: 'query' | 'fragment'
  /** Grant types a client must be registered for. */
  readonly grants: readonly ('authorization_code' | 'implicit')[]
  /** OIDC Core §3.2.2.1, §3.3.2.1: `nonce` must be sent. */
  readonly nonce_required: boolean
}

const code = ['authorization_code'] as const
const implicit = ['implicit'] as const
const hybrid = ['authorization_code', 'implicit'] as const

/** Every response type served, by canonical name. */
export const responseTypes: readonly ResponseType[] = [
  { name: 'code', issues: ['code'], default_mode: 'query', grants: code, nonce_required: false },
  {
    name: 'token',
    issues: ['token'],
    default_mode: 'fragment',
    grants: implicit,
    nonce_required: false,
  },
  {
    name: 'id_token',
    issues: ['id_token'],
    default_mode: 'fragment',
    grants: implicit,
    nonce_required: true,
  },
  {
    name: 'token id_token',
    issues: ['token', 'id_token'],
    default_mode: 'fragment',
    grants: implicit,
    nonce_required: true,
  },
  {
    name: 'code id_token',
    issues: ['code', 'id_token'],
    default_mode: 'fragment',
    grants: hybrid,
    nonce_required: true,
  },
  {
    name: 'code token',
    issues: ['code', 'token'],
    default_mode: 'fragment',
    grants: hybrid,
    nonce_required: false,
  },
  {
    name: 'code token id_token',
    issues: ['code', 'token', 'id_token'],
    default_mode: 'fragment',
    grants: hybrid,
    nonce_required: true,
  },
  { name: 'none', issues: [], default_mode: 'query', grants: [], nonce_required: false },
]

/** Those that are served, by every spelling: the order of the words does not matter (RFC 6749 §3.1.1). */
export const responseTypeOf: ReadonlyMap<string, ResponseType> = new Map(
  responseTypes.flatMap((type) => orders(type.name.split(' ')).map((text) => [text, type])),
)

function orders(words: readonly string[]): readonly string[] {
  if (words.length < 2) return words
  return words.flatMap((first) =>
    orders(words.filter((word) => word !== first)).map((rest) => `${first} ${rest}`),
  )
}
