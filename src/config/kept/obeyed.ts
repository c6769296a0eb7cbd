import { builtInTemplates } from '../../mail/built-in.ts'
import { corsFolder } from '../../realm/cors.ts'
import type { Realm } from '../../realm/realm.ts'
import type { Item } from '../kind.ts'

/** Whether something acts on it after all: where web origins may call from is known to every realm. */
export function isObeyed(path: string): boolean {
  return path === corsFolder || path.startsWith(`${corsFolder}/configuration/`)
}

/** What journeys go by: letters, questions, terms. */
const ofJourneys = /^openidm\/config\/(?:emailTemplate\/[^/]+|selfservice\.(?:kba|terms))$/

/** What scripts go by: their caches. */
const ofScripts = /^realm-config\/services\/cache-manager(?:\/caches\/[^/]+)?$/

/** Whether something goes by it, so that it is not only kept. */
export function isRead(path: string): boolean {
  return isObeyed(path) || ofJourneys.test(path) || ofScripts.test(path)
}

/** A template of letters that nobody has saved another one of (PingIDM has them as well). */
export function fromTheStart({ path: realm }: Realm, path: string): Item | undefined {
  const [, name = ''] = /^openidm\/config\/emailTemplate\/([^/]+)$/.exec(path) ?? []
  if (realm !== '/' || !Object.hasOwn(builtInTemplates, name)) return undefined
  const value = { _id: `emailTemplate/${name}`, ...builtInTemplates[name] }
  return { id: path, rev: '0', value }
}
