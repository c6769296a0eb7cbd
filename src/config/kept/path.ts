import type { Problem } from '../../protocol/problem.ts'
import { canBeKept } from '../../realm/kept.ts'
import type { Realm } from '../../realm/realm.ts'

/** Where documents of AM's may be kept. Of the server as a whole (`global-config`) only the root has any. */
export const keptFolders: readonly string[] = [
  'realm-config',
  'global-config',
  'policies',
  'applications',
  'resourcetypes',
  'applicationtypes',
  'conditiontypes',
  'decisioncombiners',
  'subjectattributes',
  'subjecttypes',
  'libraries',
  'contexts',
]

/** Where PingIDM's configuration is kept: of the server as a whole, at URLs of its own. */
export const keptOfIdm = 'openidm/config'

/** What has a row of its own, or is served in some other way: nothing is kept in its place. */
const served = [
  /^realm-config\/agents\/(?:OAuth2Client|RemoteConsentAgent)(?:\/|$)/,
  /^realm-config\/services\/oauth-oidc(?:\/|$)/,
  /^realm-config\/authentication\/authenticationtrees\/(?:trees|nodes)(?:\/|$)/,
  /^realm-config\/authentication$/,
  /^scripts(?:\/|$)/,
  /^global-config\/realms(?:\/|$)/,
  /^openidm\/(?!config\/)/,
]

/** Whether there is a row for what stands at a path. */
export function isServed(path: string): boolean {
  return served.some((each) => each.test(path))
}

/** Names from a URL: each a segment that can stand there again. */
export function pathProblems(realm: Realm, path: string): readonly Problem[] {
  const names = path.split('/')
  const sound =
    canBeKept(realm.path, path) &&
    names.length >= 2 &&
    names.length <= 10 &&
    names.every(
      (name) => name !== '' && name !== '.' && name !== '..' && !/[\x00-\x1f\x7f]/.test(name),
    )
  const [folder = ''] = names
  const folders = [...keptFolders, 'openidm']
  if (!sound || !folders.includes(folder))
    return [{ path: '_id', text: `must be a path below ${folders.join(', ')}` }]
  if (['global-config', 'openidm'].includes(folder) && realm.path !== '/')
    return [{ path: '_id', text: 'must be of the root, since it is of the server as a whole' }]
  if (isServed(path))
    return [{ path: '_id', text: 'must be a path of something that is not served' }]
  return []
}
