/**
 * Names of properties that the session itself has (PingAM: system session properties). What was proven stands there, so
 * neither journeys nor clients set any of them.
 */
export const ofTheSession: ReadonlySet<string> = new Set(
  (
    'AMCtxId AuthLevel AuthType CharSet CookieSupport FullLoginURL Host HostName IndexType Locale Organization ' +
    'Principal Principals Service UserId UserProfile UserToken authInstant clientType loginURL successURL ' +
    'sun.am.UniversalIdentifier NodeType'
  ).split(' '),
)
