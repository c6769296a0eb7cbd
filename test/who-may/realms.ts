import { anyState } from '../../src/config/kind.ts'
import { realmKind } from '../../src/config/realm.ts'
import type { Asked, Row } from './index.ts'
import { administrators, root } from './statuses.ts'

const realms = '/global-config/realms'

function idOf(path: string): string {
  return Buffer.from(path).toString('base64url')
}

const makeRealm = (asked: Asked): Promise<unknown> =>
  realmKind.save(asked.root, '/alpha/team/new', {}, { by: 'test', condition: anyState })

const takeRealm = (asked: Asked): Promise<unknown> =>
  realmKind.remove(asked.root, '/alpha/team/new', { by: 'test', condition: anyState })

const below = idOf('/alpha/team/new')
const itself = idOf('/alpha/team')

/** Of realms. */
export const realmRows: readonly Row[] = [
  { method: 'GET', path: realms, rest: '?_queryFilter=true', statuses: administrators(200) },
  { method: 'GET', path: realms, rest: '?_queryFilter=true', atRoot: true, statuses: root(200) },
  {
    method: 'POST',
    path: realms,
    rest: '?_action=create',
    body: { name: 'new' },
    before: takeRealm,
    statuses: administrators(201),
  },
  {
    method: 'POST',
    path: realms,
    rest: '?_action=create',
    body: { name: 'new', parentPath: '/alpha/team' },
    before: takeRealm,
    atRoot: true,
    statuses: root(201),
  },
  { method: 'POST', path: realms, rest: '?_action=schema', statuses: administrators(200) },
  { method: 'POST', path: realms, rest: '?_action=template', statuses: administrators(200) },
  { method: 'GET', path: `${realms}/*`, rest: itself, statuses: administrators(200) },
  { method: 'GET', path: `${realms}/*`, rest: itself, atRoot: true, statuses: root(200) },
  // Its own realm nobody changes or removes at its own URL, not even those above.
  { method: 'PUT', path: `${realms}/*`, rest: itself, body: {}, statuses: administrators(403) },
  { method: 'DELETE', path: `${realms}/*`, rest: itself, statuses: administrators(403) },
  { method: 'PUT', path: `${realms}/*`, rest: itself, body: {}, atRoot: true, statuses: root(200) },
  { method: 'DELETE', path: `${realms}/*`, rest: itself, atRoot: true, statuses: root(409) },
  {
    method: 'PUT',
    path: `${realms}/*`,
    rest: below,
    body: {},
    before: makeRealm,
    statuses: administrators(200),
  },
  {
    method: 'PUT',
    path: `${realms}/*`,
    rest: below,
    body: { aliases: ['a.example'] },
    before: makeRealm,
    statuses: administrators(403),
  },
  {
    method: 'PUT',
    path: `${realms}/*`,
    rest: below,
    body: { aliases: ['a.example'] },
    before: makeRealm,
    atRoot: true,
    statuses: root(200),
  },
  {
    method: 'DELETE',
    path: `${realms}/*`,
    rest: below,
    before: makeRealm,
    statuses: administrators(200),
  },
  {
    method: 'DELETE',
    path: `${realms}/*`,
    rest: below,
    before: makeRealm,
    atRoot: true,
    statuses: root(200),
  },
]
