/** Who may ask what of a realm's administration: a row for every URL, method and action there is. */
import type { JsonObject } from '../src/base/json.ts'
import { saveClient } from '../src/client/registration.ts'
import { anyState } from '../src/config/kind.ts'
import { realmKind } from '../src/config/realm.ts'
import { userKind } from '../src/config/user.ts'
import type { Realm } from '../src/realm/realm.ts'
import type { EndUser } from '../src/user/end-user.ts'
import { sessionRows } from './who-may-sessions.ts'
import type { Statuses } from './who-may-statuses.ts'
import { administrators, ownToo, root } from './who-may-statuses.ts'

/** Who asks, in the order of the statuses: of the realm `/alpha/team`, its neighbours, and the root. */
export const people = [
  { who: 'nobody', home: undefined, roles: [] },
  { who: 'the account it is about', home: '/alpha/team', roles: [] },
  { who: 'another account of the realm', home: '/alpha/team', roles: ['helpdesk'] },
  { who: 'the realm’s administrator', home: '/alpha/team', roles: ['admin'] },
  { who: 'the administrator of a realm beside it', home: '/alpha/other', roles: ['admin'] },
  { who: 'the administrator of a realm below it', home: '/alpha/team/below', roles: ['admin'] },
  { who: 'the administrator of the realm above it', home: '/alpha', roles: ['admin'] },
  { who: 'the root’s administrator', home: '/', roles: ['admin'] },
] as const

/** What is asked about. */
export interface Asked {
  readonly realm: Realm
  /** The account of `people[1]`. */
  readonly owner: EndUser
  readonly root: Realm
}

export interface Row {
  readonly method: string
  /** As the list of endpoints has it. */
  readonly path: string
  /** What follows the path, or replaces its `*`. */
  readonly rest?: string | ((asked: Asked) => string)
  readonly body?: JsonObject | readonly JsonObject[]
  /** Asked at the root's URL, not the realm's. */
  readonly atRoot?: true
  /** Makes what is asked for, as often as somebody has taken it away. */
  readonly before?: (asked: Asked) => Promise<unknown>
  readonly statuses: Statuses
}

const agents = '/realm-config/agents/OAuth2Client'
const services = '/realm-config/services'
const realms = '/global-config/realms'

const publicClient: JsonObject = {
  coreOAuth2ClientConfig: { clientType: 'Public' },
  advancedOAuth2ClientConfig: { tokenEndpointAuthMethod: 'none' },
}

const makeClient = ({ realm }: Asked): Promise<unknown> =>
  saveClient(realm, { client_id: 'shop', document: publicClient, secrets: [] })

function idOf(path: string): string {
  return Buffer.from(path).toString('base64url')
}

const makeRealm = (asked: Asked): Promise<unknown> =>
  realmKind.save(asked.root, '/alpha/team/new', {}, { by: 'test', condition: anyState })

const takeRealm = (asked: Asked): Promise<unknown> =>
  realmKind.remove(asked.root, '/alpha/team/new', { by: 'test', condition: anyState })

const below = idOf('/alpha/team/new')
const itself = idOf('/alpha/team')

const clientRows: readonly Row[] = [
  { method: 'GET', path: agents, rest: '?_queryFilter=true', statuses: administrators(200) },
  {
    method: 'GET',
    path: `${agents}/*`,
    rest: 'shop',
    before: makeClient,
    statuses: administrators(200),
  },
  {
    method: 'PUT',
    path: `${agents}/*`,
    rest: 'shop',
    before: makeClient,
    body: publicClient,
    statuses: administrators(200),
  },
  {
    method: 'DELETE',
    path: `${agents}/*`,
    rest: 'shop',
    before: makeClient,
    statuses: administrators(200),
  },
]

const serviceRows: readonly Row[] = [
  { method: 'GET', path: services, rest: '?_queryFilter=true', statuses: administrators(200) },
  {
    method: 'POST',
    path: services,
    rest: '?_action=nextdescendents',
    statuses: administrators(200),
  },
  { method: 'GET', path: `${services}/oauth-oidc`, statuses: administrators(200) },
  { method: 'PUT', path: `${services}/oauth-oidc`, body: {}, statuses: administrators(200) },
  {
    method: 'POST',
    path: `${services}/oauth-oidc`,
    rest: '?_action=nextdescendents',
    statuses: administrators(200),
  },
]

const realmRows: readonly Row[] = [
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

const users = '/users'

const itsId = ({ owner }: Asked): string => owner.sub
const actionOf =
  (name: string) =>
  ({ owner }: Asked): string =>
    `${owner.sub}?_action=${name}`

const trial = { by: 'test', condition: anyState }
const makeUser = ({ realm }: Asked): Promise<unknown> => userKind.save(realm, 'new', {}, trial)
const takeUser = ({ realm }: Asked): Promise<unknown> => userKind.remove(realm, 'new', trial)

const userRows: readonly Row[] = [
  { method: 'GET', path: users, rest: '?_queryFilter=true', statuses: administrators(200) },
  {
    method: 'POST',
    path: users,
    rest: '?_action=create',
    body: { username: 'new' },
    before: takeUser,
    statuses: administrators(201),
  },
  {
    method: 'POST',
    path: users,
    rest: '?_action=idFromSession',
    statuses: [401, 200, 200, 200, 200, 200, 200, 200],
  },
  { method: 'GET', path: `${users}/*`, rest: itsId, statuses: ownToo(200, 200) },
  {
    method: 'PUT',
    path: `${users}/*`,
    rest: itsId,
    body: { nickname: 'Dee' },
    statuses: ownToo(200, 200),
  },
  {
    method: 'PUT',
    path: `${users}/*`,
    rest: itsId,
    body: { inetUserStatus: 'Active' },
    statuses: ownToo(403, 200),
  },
  // Nobody gives a role they do not have: the realm's own and those above have it.
  {
    method: 'PUT',
    path: `${users}/*`,
    rest: 'new',
    body: { roles: ['admin'] },
    before: async (asked) => [await takeUser(asked), await makeUser(asked)],
    statuses: administrators(200),
  },
  {
    method: 'PATCH',
    path: `${users}/*`,
    rest: itsId,
    body: [{ operation: 'replace', field: '/nickname', value: 'Dee' }],
    statuses: administrators(200),
  },
  {
    method: 'POST',
    path: `${users}/*`,
    rest: actionOf('changePassword'),
    body: {},
    statuses: [401, 400, 403, 403, 403, 403, 403, 403],
  },
  {
    method: 'DELETE',
    path: `${users}/*`,
    rest: 'new',
    before: makeUser,
    statuses: administrators(200),
  },
]

export const rows: readonly Row[] = [
  ...clientRows,
  ...serviceRows,
  ...realmRows,
  ...userRows,
  ...sessionRows,
]

/** What everybody may ask of AM's JSON, each answering about whoever asks or about nobody. */
export const open: readonly string[] = ['POST /authenticate', 'POST /sessions', 'GET /serverinfo/*']
