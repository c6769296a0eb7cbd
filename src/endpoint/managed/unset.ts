import type { JsonObject } from '../../base/json.ts'
import { usualKba } from '../../journey/person/idm-configuration.ts'

/**
 * Documents that every PingIDM has, as they are where nothing was configured: tools that read all of a tenant take it
 * for a fault when one is not there.
 */
const unset: Readonly<Record<string, JsonObject>> = {
  access: { configs: [] },
  alphaOrgPrivileges: { privileges: [] },
  audit: {},
  authentication: {},
  bravoOrgPrivileges: { privileges: [] },
  'external.email': {},
  managed: { objects: [] },
  privilegeAssignments: { privilegeAssignments: [] },
  'selfservice.kba': usualKba,
  'selfservice.terms': { active: '', versions: [] },
  'servletfilter/cors': {},
  sync: { mappings: [] },
  'ui-configuration': {},
  'ui/configuration': {},
  'ui/themerealm': { realm: {} },
}

/** The document of that id while nobody has saved another one; undefined where there is none. */
export function unsetDocument(id: string): JsonObject | undefined {
  return Object.hasOwn(unset, id) ? { _id: id, ...unset[id] } : undefined
}
