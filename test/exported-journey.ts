import type { JsonObject } from '../src/base/json.ts'
import { failureId, successId } from '../src/journey/tree.ts'

/** A journey as frodo exports it: its tree, its nodes, those on its pages, and their scripts. */
export interface ExportedJourney {
  readonly tree: JsonObject & { readonly _id: string }
  readonly nodes: Readonly<Record<string, ExportedNode>>
  readonly innerNodes: Readonly<Record<string, ExportedNode>>
  readonly scripts: Readonly<Record<string, JsonObject>>
}

export type ExportedNode = JsonObject & {
  readonly _id: string
  readonly _type: JsonObject & { readonly _id: string }
}

const page = 'a12bc72f-ad97-4f1e-a789-a1fa3dd566c8'
const name = '7354982f-57b6-4b04-9ddc-f1dd1e1e07d0'
const word = '0c80c39b-4813-4e67-b4fb-5a0bba85f994'
const choose = '5a1d2f1e-9b57-4c3a-8b8a-1f7a4f0f2c11'
const check = '2998c1c9-f4c8-4a00-b2c6-3426783ee49d'
const script = '01e1a3c0-038b-4c16-956a-6c9d89328cff'

const one = [{ id: 'outcome', displayName: 'Outcome' }]
const two = [
  { id: 'true', displayName: 'True' },
  { id: 'false', displayName: 'False' },
]

const namesAlone = ['true', 'false'].map((id) => ({ id, displayName: id }))

function node(
  _id: string,
  type: string,
  name: string,
  outcomes: typeof one,
  more: JsonObject = {},
) {
  return { _id, ...more, _type: { _id: type, name, collection: true }, _outcomes: outcomes }
}

function child(_id: string, nodeType: string, displayName: string): JsonObject {
  return { _id, nodeType, nodeVersion: '1.0', displayName }
}

function placed(nodeType: string, connections: Readonly<Record<string, string>>): JsonObject {
  return { connections, displayName: nodeType, nodeType, version: '1.0', x: 200, y: 100 }
}

/** Name and password on a page, what a script says, and whether they belong together. */
export const exportedJourney: ExportedJourney = {
  tree: {
    ...{ _id: 'Ours', description: 'Ours', enabled: true, entryNodeId: page },
    ...{ identityResource: 'managed/alpha_user', innerTreeOnly: false, mustRun: false },
    ...{ noSession: false, transactionalOnly: false },
    nodes: {
      [page]: placed('PageNode', { outcome: choose }),
      [choose]: placed('ScriptedDecisionNode', { true: check, false: failureId }),
      [check]: placed('DataStoreDecisionNode', { true: successId, false: failureId }),
    },
    staticNodes: { startNode: { x: 50, y: 25 }, [successId]: { x: 900, y: 50 } },
    uiConfig: { categories: '["Authentication"]' },
  },
  nodes: {
    [page]: node(page, 'PageNode', 'Page Node', one, {
      nodes: [
        child(name, 'UsernameCollectorNode', 'Name'),
        child(word, 'PasswordCollectorNode', 'Password'),
      ],
      pageHeader: { en: 'Sign in with us' },
      pageDescription: {},
    }),
    [choose]: node(choose, 'ScriptedDecisionNode', 'Scripted Decision', namesAlone, {
      ...{ script, outcomes: ['true', 'false'], inputs: ['*'], outputs: ['*'] },
    }),
    [check]: node(check, 'DataStoreDecisionNode', 'Data Store Decision', two),
  },
  innerNodes: {
    [name]: node(name, 'UsernameCollectorNode', 'Username Collector', one),
    [word]: node(word, 'PasswordCollectorNode', 'Password Collector', one),
  },
  scripts: {
    [script]: {
      ...{ _id: script, name: 'Mine', description: null, script: 'b3V0Y29tZSA9ICJ0cnVlIjs=' },
      ...{ default: false, language: 'JAVASCRIPT', context: 'AUTHENTICATION_TREE_DECISION_NODE' },
      ...{ createdBy: 'null', creationDate: 0, lastModifiedBy: 'null', lastModifiedDate: 0 },
      evaluatorVersion: '1.0',
    },
  },
}
