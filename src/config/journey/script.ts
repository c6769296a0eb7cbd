import type { Json, JsonObject } from '../../base/json.ts'
import { member } from '../../base/json.ts'
import { event } from '../../base/log.ts'
import type { JsonSchema } from '../../protocol/schema.ts'
import { namesBelow, readJourneyDocument } from '../../realm/journey/document.ts'
import { scriptsFolder } from '../../realm/journey/list.ts'
import type { Realm } from '../../realm/realm.ts'
import { documentKind } from './document-kind.ts'
import type { Asked, Stand, Taken } from './row.ts'
import {
  bareScript,
  scriptProblems,
  scriptRows,
  unservedInScript,
  withSource,
} from './script-input.ts'

const template: JsonObject = {
  ...{ name: '', description: null, script: '', default: false },
  ...{ language: 'JAVASCRIPT', context: 'AUTHENTICATION_TREE_DECISION_NODE' },
  evaluatorVersion: '2.0',
}

/** Scripts of a realm by their ids (PingAM: scripts). Those of contexts in which nothing here runs any are kept. */
export const scriptKind = documentKind({
  name: 'script',
  member: 'scripts',
  folder: scriptsFolder,
  most: { documents: 1000, bytes: 262_144 },
  schema: {
    type: 'object',
    properties: Object.fromEntries(
      Object.entries(scriptRows).map(([name, { read, about }]): [string, JsonSchema] => [
        name,
        { ...read.schema, description: about },
      ]),
    ),
  },
  template,
  defaults: { default: false, description: null },
  isId: (id) => /^(?!\.{1,2}$)[^/\x00-\x1f\x7f]{1,128}$/.test(id),
  inherentIds: [],
  inherent: () => undefined,
  bare: (_id, document) => bareScript(document),
  take,
  clash: async (realm, id, before, after) =>
    isCalledAnew(before, after) ? holderOf(realm, id, member(after, 'name')) : undefined,
  isHidden: (path) => path === 'script',
  kept: () => [],
  unserved: async (_realm, _id, document) => unservedInScript(document),
  tellSaved: ({ realm, id, created, by, changes }) =>
    event('script.saved', { realm: realm.path, script: id, created, by, changes }),
  tellDeleted: ({ realm, id, by, changes }) =>
    event('script.deleted', { realm: realm.path, script: id, by, changes }),
})

async function take({ realm, id, input, before, change }: Asked): Promise<Taken> {
  const bare = bareScript(input)
  const document = change.trusted === true ? withSource(bare) : bare
  const problems = scriptProblems(document)
  if (problems.length > 0) return { outcome: 'invalid', problems }
  const name = member(document, 'name') as string
  if (isCalledAnew(before, document) && (await holderOf(realm, id, name)) !== undefined)
    return { outcome: 'invalid', problems: [{ path: 'name', text: nameTaken(realm, name) }] }
  return { outcome: 'taken', document }
}

/** PingAM's words. */
function nameTaken({ path }: Pick<Realm, 'path'>, name: string): string {
  return `Script with name ${name} already exist in realm ${path}`
}

function isCalledAnew(before: Stand, after: JsonObject): boolean {
  return member(before ?? {}, 'name') !== member(after, 'name')
}

/** Which other script has a name: scripts call each other by them. */
async function holderOf(
  realm: Realm,
  own: string,
  name: Json | undefined,
): Promise<string | undefined> {
  const ids = (await namesBelow(realm, scriptsFolder)).filter((id) => id !== own)
  const all = await Promise.all(
    ids.map((id) => readJourneyDocument(realm, `${scriptsFolder}/${id}`)),
  )
  return ids.find((_, i) => all[i]?.document?.name === name)
}
