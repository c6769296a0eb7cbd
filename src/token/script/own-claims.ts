/**
 * What every token says of itself, which no script says otherwise: who made it, for whom, until when and bound to what; how,
 * when and in which session somebody logged in (RFC 9068 §2.2.1, RFC 9470 §3); who acts (RFC 8693 §4.1); and what one kind of
 * token has that another may not pass for (RFC 8725 §3.12, OIDC Core §2, RFC 8417 §2.2).
 */
const ofEveryToken =
  'iss sub aud exp iat nbf jti cnf acr amr auth_time sid nonce azp act at_hash c_hash s_hash events typ ' +
  'subname realm tokenName auditTrackingId __proto__'

/** Names that a script cannot set: those of every token, and those of its kind. */
export function ownClaims(ofKind: string): ReadonlySet<string> {
  return new Set(`${ofEveryToken} ${ofKind}`.split(' '))
}
