import type { JsonObject } from '../base/json.ts'
import { event } from '../base/log.ts'
import type { ServiceAccount, StoredServiceAccount } from '../client/service-account/account.ts'
import {
  deleteServiceAccount,
  hasServiceAccounts,
  isServiceAccountId,
  readServiceAccount,
  serviceAccountIds,
  writeServiceAccount,
} from '../client/service-account/account.ts'
import type { Problem } from '../protocol/problem.ts'
import { newIncarnation } from '../realm/identity.ts'
import type { Realm } from '../realm/realm.ts'
import { lost, untilSaved } from '../store/update.ts'
import { newUuid } from '../user/end-user.ts'
import { ofOperator } from './authority.ts'
import type { ToldChanges } from './difference.ts'
import { changesTold } from './difference.ts'
import type { Change, Forbidden, Item, Kind, Saved } from './kind.ts'
import { inRealm } from './kind.ts'
import { idsAsked, listWhole } from './query.ts'
import type { ServiceAccountInput } from './service-account/input.ts'
import {
  keysGone,
  readServiceAccountInput,
  serviceAccountSchema,
  valueOf,
} from './service-account/input.ts'
import { isOfAnotherKind, somebodyElse } from './user/subject.ts'

/**
 * The service accounts of a server, all in its root realm (PingIDM: managed object `svcacct`). An id is a
 * UUID that is drawn; whoever has only the name may give that, where one account alone has it. What a body
 * leaves out stays as it is.
 */
export const serviceAccountKind: Kind = {
  name: 'service-account',
  member: 'serviceAccounts',
  named: 'name',
  schema: () => serviceAccountSchema,
  async list(realm, query) {
    const ids = idsAsked(query, await serviceAccountIds(realm))
    const read = async (id: string): Promise<Item | undefined> =>
      itemOf(await readServiceAccount(realm, id))
    return listWhole(query, ids, read, ({ value }) => value)
  },
  read: async (realm, id) => itemOf((await named(realm, id))[0]),
  show: (value) => ({ ...template, ...value }),

  save(realm, id, input, change) {
    return untilSaved('a service account', inRealm(realm, id), async () => {
      if (!hasServiceAccounts(realm)) return elsewhere
      const found = await named(realm, id)
      const [before] = found
      const obstacle = change.condition.obstacle(itemOf(before)?.rev)
      if (obstacle !== undefined) return { outcome: obstacle }
      const name = id === '' || isServiceAccountId(id) ? undefined : id
      const { wanted, problems, unknown } = readServiceAccountInput(input, before?.account, name)
      if (unknown.length > 0)
        return { outcome: 'unknown', paths: unknown, known: Object.keys(template) }
      const several = found.length > 1 ? [severalNamed] : []
      if (problems.length + several.length > 0)
        return { outcome: 'invalid', problems: [...several, ...problems] }
      return forbidden(change, before?.account, wanted) ?? write(realm, id, wanted, before, change)
    })
  },

  remove(realm, id, change) {
    return untilSaved('a service account', inRealm(realm, id), async () => {
      const [stored, ...others] = await named(realm, id)
      const item = itemOf(stored)
      const obstacle = change.condition.obstacle(item?.rev)
      if (obstacle !== undefined) return { outcome: obstacle }
      if (stored === undefined || item === undefined) return { outcome: 'absent' }
      if (others.length > 0) return { outcome: 'refused', problem: severalNamed }
      const not = forbidden(change, stored.account, stored.account)
      if (not !== undefined) return not
      if (!(await deleteServiceAccount(realm, stored))) return lost
      const { by } = change
      const changes = changesOf(item.value, undefined)
      event('service_account.deleted', { realm: realm.path, account: item.id, by, changes })
      return { outcome: 'removed', item }
    })
  },
}

const template: JsonObject = {
  name: '',
  description: '',
  accountStatus: 'Active',
  scopes: [],
  jwks: '',
}

const elsewhere: Saved = {
  outcome: 'invalid',
  problems: [{ path: '', text: 'service accounts stand in the root realm only' }],
}

const severalNamed: Problem = { path: '', text: 'several have that name: say which by its id' }

/** Those that an id or a name means: mostly one. */
async function named(realm: Realm, id: string): Promise<readonly StoredServiceAccount[]> {
  if (isServiceAccountId(id)) return present([await readServiceAccount(realm, id)])
  if (id === '') return []
  const all = (await serviceAccountIds(realm)).map((each) => readServiceAccount(realm, each))
  return present(await Promise.all(all)).filter(({ account }) => account.name === id)
}

function present(
  all: readonly (StoredServiceAccount | undefined)[],
): readonly StoredServiceAccount[] {
  return all.filter((each) => each !== undefined)
}

function itemOf(stored: StoredServiceAccount): Item
function itemOf(stored: StoredServiceAccount | undefined): Item | undefined
function itemOf(stored: StoredServiceAccount | undefined): Item | undefined {
  if (stored === undefined) return undefined
  const { account, version } = stored
  return { id: account.id, rev: String(version), value: valueOf(account) }
}

/** Only whoever is over all realms has to do with them; and no service account gives what its own token has not. */
function forbidden(
  change: Change,
  before: ServiceAccount | undefined,
  after: Pick<ServiceAccount, 'scopes'>,
): Forbidden | undefined {
  const refuse = (text: string): Forbidden => ({
    outcome: 'forbidden',
    problem: { path: 'scopes', text },
  })
  if (!ofOperator(change)) return refuse('are given by administrators of the root realm')
  const own = change.authority?.scopes
  const concerned = [...(before?.scopes ?? []), ...after.scopes]
  if (own === undefined || concerned.every((scope) => own.includes(scope))) return undefined
  return refuse('hold more than whoever asks has')
}

async function write(
  realm: Realm,
  id: string,
  wanted: ServiceAccountInput,
  before: StoredServiceAccount | undefined,
  { by, condition }: Change,
): Promise<Saved | typeof lost> {
  const account: ServiceAccount = {
    id: before?.account.id ?? (isServiceAccountId(id) ? id : newUuid(realm.random)),
    ...wanted,
    incarnation: incarnationOf(realm, wanted, before?.account),
  }
  if (before === undefined && (await isOfAnotherKind(realm, 'service-account', account.id)))
    return somebodyElse
  const same = JSON.stringify(account) === JSON.stringify(before?.account)
  if (before !== undefined && same) return { outcome: 'updated', item: itemOf(before) }
  const won = await writeServiceAccount(realm, account, before)
  const after = won ? await readServiceAccount(realm, account.id) : undefined
  if (after === undefined) return condition.strict ? { outcome: 'stale' } : lost
  const created = before === undefined
  const isTaken = created && (await isOfAnotherKind(realm, 'service-account', account.id))
  if (isTaken && (await deleteServiceAccount(realm, after))) return somebodyElse
  const item = itemOf(after)
  const { name } = account
  const changes = changesOf(itemOf(before)?.value, item.value)
  event('service_account.saved', {
    realm: realm.path,
    account: item.id,
    name,
    created,
    by,
    changes,
  })
  return { outcome: created ? 'created' : 'updated', item }
}

/** That keys are other ones is told, and none of them, as in every line of the log. */
function changesOf(before: JsonObject | undefined, after: JsonObject | undefined): ToldChanges {
  return changesTold(before, after, { personal: (path) => path === 'jwks' })
}

/** What was issued before counts no more once the account is out of use, or a key of it is (C-37). */
function incarnationOf(
  realm: Realm,
  { status, jwks }: ServiceAccountInput,
  before: ServiceAccount | undefined,
): string {
  const ends =
    before === undefined ||
    (before.status === 'Active' && status !== 'Active') ||
    keysGone(before.jwks, jwks)
  return ends ? newIncarnation(realm.random) : before.incarnation
}
