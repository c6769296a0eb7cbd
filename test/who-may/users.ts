import { anyState } from '../../src/config/kind.ts'
import { userKind } from '../../src/config/user.ts'
import type { Asked, Row } from './index.ts'
import type { Statuses } from './statuses.ts'
import { administrators, ownToo } from './statuses.ts'

const users = '/users'

const itsId = ({ owner }: Asked): string => owner.sub
const actionOf =
  (name: string) =>
  ({ owner }: Asked): string =>
    `${owner.sub}?_action=${name}`

const trial = { by: 'test', condition: anyState }
const makeUser = ({ realm }: Asked): Promise<unknown> => userKind.save(realm, 'new', {}, trial)
const takeUser = ({ realm }: Asked): Promise<unknown> => userKind.remove(realm, 'new', trial)

/** Of accounts. */
export const userRows: readonly Row[] = [
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
    bySession: true,
    statuses: [401, 200, 200, 200, 200, 200, 200, 200],
  },
  { method: 'GET', path: `${users}/*`, rest: itsId, statuses: ownToo(200, 200) },
  {
    method: 'GET',
    path: `${users}/*`,
    rest: ({ owner }) => `${owner.sub}/devices/2fa/webauthn`,
    statuses: ownToo(200, 200),
  },
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
    bySession: true,
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

const managed = '/managed/user'

/** Of the realm above: its own administrator and the root's. */
const above = (ok: number): Statuses => [401, 403, 403, 403, 403, 403, ok, ok]

const person = { userName: 'new', givenName: 'N', sn: 'W', mail: 'new@example.com' }
const uuid = '0d1c7c2f-6ac2-4b6d-9a3e-3b8f3d5f8a11'
const patch = [{ operation: 'replace', field: '/sn', value: 'V' }]

async function takePerson({ root }: Asked): Promise<void> {
  const alpha = { ...root, path: '/alpha' }
  await userKind.remove(alpha, 'new', trial)
}

async function makePerson(asked: Asked): Promise<void> {
  await takePerson(asked)
  const alpha = { ...asked.root, path: '/alpha' }
  await userKind.save(alpha, uuid, { username: 'new' }, trial)
}

/** Of the same accounts as managed users. */
export const managedRows: readonly Row[] = (
  [
    { method: 'GET', path: managed, rest: '?_queryFilter=true', statuses: above(200) },
    { method: 'GET', path: '/config/fieldPolicy/user', statuses: above(200) },
    { method: 'PUT', path: '/config/fieldPolicy/user', body: {}, statuses: above(200) },
    {
      method: 'POST',
      path: managed,
      rest: '?_action=create',
      body: person,
      before: takePerson,
      statuses: above(201),
    },
    {
      method: 'POST',
      path: managed,
      rest: '?_action=patch&_queryId=for-userName&uid=new',
      body: patch,
      before: makePerson,
      statuses: above(200),
    },
    { method: 'GET', path: `${managed}/*`, rest: uuid, before: makePerson, statuses: above(200) },
    {
      method: 'PUT',
      path: `${managed}/*`,
      rest: uuid,
      body: person,
      before: makePerson,
      statuses: above(200),
    },
    {
      method: 'PATCH',
      path: `${managed}/*`,
      rest: uuid,
      body: patch,
      before: makePerson,
      statuses: above(200),
    },
    {
      method: 'POST',
      path: `${managed}/*`,
      rest: `${uuid}?_action=patch`,
      body: patch,
      before: makePerson,
      statuses: above(200),
    },
    {
      method: 'DELETE',
      path: `${managed}/*`,
      rest: uuid,
      before: makePerson,
      statuses: above(200),
    },
  ] satisfies readonly Row[]
).map((row) => ({ ...row, managed: true }))
