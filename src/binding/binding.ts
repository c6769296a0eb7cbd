/**
 * binding: proofs of possession. What ties an access token to a key of its client, and how a request
 * proves that key, belongs here; who calls and what is granted does not.
 */

/** What a kind of binding means for a token. */
interface Kind {
  /** How the token is presented (RFC 6749 §7.1): `token_type` of every answer that tells of it. */
  readonly token_type: 'Bearer' | 'DPoP'
  /** The member of `cnf` that names the key: RFC 9449 §6.1, RFC 8705 §3.1; undefined where there is none. */
  readonly member: 'jkt' | 'x5t#S256' | undefined
}

/** Every kind that is served. */
const kinds = {
  // RFC 6750: whoever bears it may use it.
  none: { token_type: 'Bearer', member: undefined },
  // RFC 9449: whoever uses it proves its key anew in each request.
  dpop: { token_type: 'DPoP', member: 'jkt' },
  // RFC 8705 §3: whoever uses it has the key of a certificate, which the connection proves.
  mtls: { token_type: 'Bearer', member: 'x5t#S256' },
} as const satisfies Readonly<Record<string, Kind>>

/** How a token says which key it is tied to (RFC 7800 §3.1): the thumbprint of that key. */
type Confirmation<M> = M extends string ? { readonly [name in M]: string } : undefined

/** What a token can be tied to by these kinds: one shape for each, so that none lacks the key it is about. */
export type BindingOf<T extends Readonly<Record<string, Kind>>> = {
  readonly [K in keyof T]: {
    readonly kind: K
    readonly token_type: T[K]['token_type']
    readonly cnf: Confirmation<T[K]['member']>
  }
}[keyof T]

/** What an access token is tied to. */
export type Binding = BindingOf<typeof kinds>

/** A token that is tied to no key. */
export const unbound: Binding = Object.freeze({
  kind: 'none',
  token_type: kinds.none.token_type,
  cnf: undefined,
})

/** The key that a token is tied to, as it stands in records, tokens and introspection (RFC 7800 §3.1). */
export type KeyConfirmation = NonNullable<Binding['cnf']>

/** The binding of a token that names a key, or none. */
export function boundTo(cnf: KeyConfirmation | undefined): Binding {
  if (cnf === undefined) return unbound
  const rows: readonly (readonly [string, Kind])[] = Object.entries(kinds)
  const row = rows.find(([, { member }]) => member !== undefined && Object.hasOwn(cnf, member))
  if (row === undefined) throw new Error('a token is tied to a key of no kind')
  const [kind, { token_type }] = row
  return { kind, token_type, cnf } as Binding
}

/** Whether a request proves the very key that something is tied to. */
export function isBoundTo({ cnf: proven }: Binding, key: KeyConfirmation): boolean {
  const prints = new Map(Object.entries(proven ?? {}))
  return Object.entries(key).every(([member, print]) => prints.get(member) === print)
}
