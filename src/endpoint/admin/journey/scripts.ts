import { Script } from 'node:vm'
import type { HttpRequest, HttpResponse } from '../../../base/http.ts'
import { json } from '../../../base/http.ts'
import type { JsonObject } from '../../../base/json.ts'
import { member } from '../../../base/json.ts'
import { scriptKind } from '../../../config/journey/script.ts'
import type { Change, Item } from '../../../config/kind.ts'
import { listPage } from '../../../config/page/list-page.ts'
import { readQuery } from '../../../protocol/parameter.ts'
import type { Problem } from '../../../protocol/problem.ts'
import type { Realm } from '../../../realm/realm.ts'
import { decodedSource } from '../../../realm/script/source.ts'
import type { Action, Actions } from '../../serve/action.ts'
import { act, formActions } from '../../serve/action.ts'
import { crestError, invalidValues } from '../../serve/crest.ts'
import { crestList, pick, readCollectionQuery, readFields } from '../../serve/crest-query.ts'
import type { Endpoint } from '../../serve/endpoint.ts'
import { readJsonBody } from '../../serve/json-body.ts'
import type { View } from '../../serve/resource.ts'
import { putResource, resourceName } from '../../serve/resource.ts'
import { asAdministrator } from '../administrator.ts'
import { createById, forAdministrators } from '../collection/collection.ts'
import { brokenBody } from './asked.ts'

const path = '/scripts'
const versions = ['1.1']

/** In PingAM's order; who wrote one and when is said as its recordings have it, unless the script itself says it. */
function shown({ value }: Item): JsonObject {
  const { name = '', description = null, script = '', language, context, ...rest } = value
  return {
    ...{ name, description, script, default: false },
    ...(language === undefined ? {} : { language }),
    ...(context === undefined ? {} : { context }),
    ...{ createdBy: 'null', creationDate: 0, lastModifiedBy: 'null', lastModifiedDate: 0 },
    ...rest,
  }
}

const view: View = { kind: scriptKind, listed: shown, alone: shown, counted: false, refuse }

/** A name that another one has is in conflict. */
function refuse(problems: readonly Problem[]): HttpResponse {
  const taken = problems.find(
    ({ path: at, text }) => at === 'name' && / already exist in /.test(text),
  )
  if (taken !== undefined) return crestError(409, taken.text)
  return invalidValues(problems.map(({ path: at, text }) => `${at} ${text}`.trim()))
}

const actions: Actions = new Map<string, Action>([
  ...formActions(scriptKind),
  ['create', createById(view)],
  ['validate', async (_realm, http) => json(200, validated(readJsonBody(http)))],
])

/** The scripts of a realm (PingAM: scripts): listed, or an action. */
export const scripts: Endpoint = {
  ...forAdministrators,
  path,
  methods: ['GET', 'POST'],
  handle: (realm, http) =>
    asAdministrator(
      realm,
      http,
      (change) => (http.method === 'POST' ? act(actions, realm, http, change) : list(realm, http)),
      versions,
    ),
}

/** One of them: read, created or replaced, deleted. */
export const script: Endpoint = {
  ...forAdministrators,
  path: `${path}/*`,
  methods: ['GET', 'PUT', 'DELETE'],
  handle: (realm, http) =>
    asAdministrator(
      realm,
      http,
      async (change) => {
        const id = resourceName(http.rest)
        if (id === undefined) return crestError(404)
        if (http.method === 'PUT')
          return brokenBody(http) ?? putResource(view, realm, http, id, change)
        if (http.method === 'DELETE') return remove(realm, id, change)
        return read(realm, http, id)
      },
      versions,
    ),
}

/** PingAM tells no revision of scripts that it lists. */
async function list(realm: Realm, http: HttpRequest): Promise<HttpResponse> {
  const query = readCollectionQuery(readQuery(http))
  const found = await listPage(realm, scriptKind, query)
  if (found.outcome !== 'listed') return crestError(400, 'The query is not supported')
  const result = found.items.map((item) => pick({ _id: item.id, ...shown(item) }, query.fields))
  return crestList(result, found.cookie, undefined, 0)
}

/** Nor of one that is read. */
async function read(realm: Realm, http: HttpRequest, id: string): Promise<HttpResponse> {
  const item = await scriptKind.read(realm, id)
  if (item === undefined) return missing(realm, id)
  return json(200, pick({ _id: item.id, ...shown(item) }, readFields(readQuery(http))))
}

async function remove(realm: Realm, id: string, change: Change): Promise<HttpResponse> {
  const removed = await scriptKind.remove(realm, id, change)
  if (removed.outcome === 'removed') return json(200, { _id: id })
  if (removed.outcome === 'absent') return missing(realm, id)
  return crestError(412, 'The resource has changed')
}

function missing({ path: realm }: Realm, id: string): HttpResponse {
  return crestError(404, `Script with UUID ${id} could not be found in realm ${realm}`)
}

/** Whether it can be read as a script at all: it is not run. */
function validated(body: JsonObject): JsonObject {
  const source = decodedSource(member(body, 'script'))
  if (source === undefined) return failure('The script must be UTF-8 in base64')
  const language = member(body, 'language') ?? 'JAVASCRIPT'
  if (language !== 'JAVASCRIPT') return failure('This server runs no script in that language')
  try {
    return { success: new Script(source, { filename: 'script' }) instanceof Script }
  } catch (error) {
    const line = /^script:(\d+)/.exec(error instanceof Error ? (error.stack ?? '') : '')?.[1]
    return failure(error instanceof Error ? error.message : 'It cannot be read', Number(line ?? 1))
  }
}

function failure(message: string, line = 1): JsonObject {
  return { success: false, errors: [{ line, column: 1, message }] }
}
