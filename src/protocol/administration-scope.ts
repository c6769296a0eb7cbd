/**
 * Scopes that let their holder administer this server (PingAM: service accounts of Advanced Identity Cloud).
 * Each of the two reaches accounts and what proves them, so each is the whole power.
 */
export const administrationScopes = {
  /** At `/am/json`. */
  json: 'fr:am:*',
  /** At `/openidm`. */
  openidm: 'fr:idm:*',
} as const

/** Whether a scope is of that family, whatever of it is served: nobody is granted one as an ordinary scope. */
export function isAdministrationScope(name: string): boolean {
  return /^fr:/i.test(name)
}
