import type { Realm } from '../../realm/realm.ts'

/** RFC 6750 §3: what a resource answers whoever has no token, or none that counts. */
export function bearerChallenge(realm: Realm, error?: string): string {
  const code = error === undefined ? '' : `, error="${error}"`
  return `Bearer realm="${realm.path}"${code}`
}

/** The same as what an error is answered with. */
export function challenge(
  realm: Realm,
  error: string,
): { readonly headers: Readonly<Record<string, string>> } {
  return { headers: { 'www-authenticate': bearerChallenge(realm, error) } }
}
