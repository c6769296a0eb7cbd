import type { Json, JsonObject } from '../../base/json.ts'
import { isObject, member } from '../../base/json.ts'
import type { People, Put, Wanted } from '../../journey/people.ts'
import { hashedAnswer } from '../../journey/person/kba.ts'
import type { Problem } from '../../protocol/problem.ts'
import type { Realm } from '../../realm/realm.ts'
import { lost, untilSaved } from '../../store/update.ts'
import { attributeOf } from '../../user/attribute.ts'
import { readValues } from '../../user/attribute-values.ts'
import type { EndUser } from '../../user/end-user.ts'
import { findEndUser } from '../../user/end-user.ts'
import { passwordProblems } from '../../user/new-password/new-password.ts'
import { isNote, managedNotes, note, noteOf } from '../../user/notes.ts'
import { fits, parseFilter } from '../filter.ts'
import type { Condition, Saved } from '../kind.ts'
import { anyState, inRealm, onlyNew } from '../kind.ts'
import { userKind } from '../user.ts'
import { holderOf } from './holder.ts'
import { asManaged, managedUser, requiredOfManaged } from './managed.ts'
import { nameProblems } from './next.ts'
import { policiesOf } from './policies.ts'
import { mailIn, withConfirmed } from './whose.ts'

const kind = asManaged('part')

/** Accounts for journeys, by the rows and rules that administrators go by. */
export const people: People = {
  required: requiredOfManaged,
  policies: policiesOf,
  problems,

  async read(realm, sub) {
    const [item, user] = await Promise.all([userKind.read(realm, sub), findEndUser(realm, sub)])
    if (item === undefined || user === undefined) return undefined
    const notes = managedNotes.flatMap((name) => {
      const value = noteOf(user, name)
      return value === undefined ? [] : [[name, value] as const]
    })
    return { _id: sub, ...managedUser(item), ...Object.fromEntries(notes) }
  },

  find: holderOf,

  async fits(realm, sub, text) {
    const filter = parseFilter(text)
    const object = await people.read(realm, sub)
    return filter === undefined ? undefined : object !== undefined && fits(filter, object)
  },

  async create(realm, attributes, { by, confirmed, unclaimed }) {
    const parts = partsOf(attributes)
    const refused = refusedIn(parts, false)
    if (refused.length > 0) return { kind: 'refused', problems: refused }
    const rows = withConfirmed(parts.rows, confirmed)
    const noted = { ...(await withoutAnswers(realm, parts.notes)), created: realm.now() }
    const seen = mailIn(rows) === unclaimed?.address ? unclaimed : undefined
    const change = { by, condition: onlyNew, unproven: true, notes: () => noted, seen } as const
    const saved = await kind.save(realm, '', rows, change)
    return 'item' in saved ? found(realm, saved.item.id) : refusedBy(saved)
  },

  async patch(realm, sub, attributes, { by, own, epoch, confirmed }) {
    const parts = partsOf(attributes)
    const refused = refusedIn(parts, own)
    if (refused.length > 0) return { kind: 'refused', problems: refused }
    const rows = withConfirmed(parts.rows, confirmed)
    const kept = await withoutAnswers(realm, parts.notes)
    const notes = (user: EndUser) => merged(user, kept)
    if (Object.keys(rows).length > 0) {
      const saved = await untilSaved(
        'what a journey makes of an account',
        inRealm(realm, sub),
        async () => {
          const condition = epoch === undefined ? anyState : await standingAt(realm, sub, epoch)
          const tried = await kind.save(realm, sub, rows, { by, condition, unproven: true, notes })
          return tried.outcome === 'stale' ? lost : tried
        },
      )
      if (!('item' in saved)) return refusedBy(saved)
    } else if (Object.keys(kept).length > 0) {
      const whose = epoch === undefined ? sub : { sub, epoch }
      if (!(await note(realm, whose, notes))) return isGone
    }
    return found(realm, sub)
  },
}

/** The account as it is, its counter there; `absent` where it has moved. */
async function standingAt(realm: Realm, sub: string, epoch: number): Promise<Condition> {
  const item = await userKind.read(realm, sub)
  const user = await findEndUser(realm, sub)
  const stands = user?.status === 'Active' && user.epoch === epoch
  const obstacle: Condition['obstacle'] = (rev) =>
    stands ? (rev === item?.rev ? undefined : 'stale') : 'absent'
  return { obstacle, strict: true }
}

interface Parts {
  readonly rows: JsonObject
  readonly notes: JsonObject
}

function partsOf(attributes: JsonObject): Parts {
  const names: readonly string[] = managedNotes
  const entries = Object.entries(attributes)
  const split = (noted: boolean) => entries.filter(([name]) => names.includes(name) === noted)
  return { rows: Object.fromEntries(split(false)), notes: Object.fromEntries(split(true)) }
}

/** What is nobody's to give by what they answer: an operator gives it. */
const ofOperators: readonly string[] = ['roles', 'groups', 'passwordhash', '_id']

function refusedIn({ rows, notes }: Parts, own: boolean): readonly Problem[] {
  const never = Object.keys(rows).filter((name) => {
    const others =
      own && (attributeOf(name)?.byOthers === true || /^(?:accountstatus|pwdreset)$/i.test(name))
    return ofOperators.includes(name.toLowerCase()) || others
  })
  const odd = Object.entries(notes).filter(([name, value]) => !isNote(name, value))
  return [
    ...never.map((path) => ({ path, text: 'is not for a journey to change' })),
    ...odd.map(([path]) => ({ path, text: 'is not of its shape' })),
  ]
}

function refusedBy(saved: Saved): Put {
  if (saved.outcome === 'invalid') return { kind: 'refused', problems: saved.problems }
  if (saved.outcome === 'unknown')
    return {
      kind: 'refused',
      problems: saved.paths.map((path) => ({ path, text: 'is no attribute of an account' })),
    }
  const problem = saved.outcome === 'forbidden' ? saved.problem : { path: '', text: saved.outcome }
  return { kind: 'refused', problems: [problem] }
}

const isGone: Put = { kind: 'refused', problems: [{ path: '', text: 'is gone, or was ended' }] }

async function found(realm: Realm, sub: string): Promise<Put> {
  const user = await findEndUser(realm, sub)
  return user === undefined ? isGone : { kind: 'done', user }
}

/** No answer to a question is kept as it was given. */
async function withoutAnswers(realm: Realm, wanted: JsonObject): Promise<JsonObject> {
  const kbaInfo = member(wanted, 'kbaInfo')
  if (!Array.isArray(kbaInfo)) return wanted
  const hashed = (kbaInfo as readonly Json[]).filter(isObject).map(async (entry) => {
    const answer = member(entry, 'answer')
    return typeof answer === 'string'
      ? { ...entry, answer: await hashedAnswer(realm, answer) }
      : entry
  })
  return { ...wanted, kbaInfo: await Promise.all(hashed) }
}

/** Preferences that are not said stay as they are. */
function merged({ notes = {} }: EndUser, wanted: JsonObject): JsonObject {
  const [before, after] = [member(notes, 'preferences'), member(wanted, 'preferences')]
  if (!isObject(before) || !isObject(after)) return wanted
  return { ...wanted, preferences: { ...before, ...after } }
}

async function problems(realm: Realm, wanted: Wanted): Promise<readonly Problem[]> {
  const { attribute, value, sub = '', username = '' } = wanted
  if (attribute === 'password') return passwordProblems(realm, asText(value), username)
  if (attribute === 'userName') {
    const before = sub === '' ? undefined : await findEndUser(realm, sub)
    const name = asText(value).trim()
    return nameProblems(realm, sub || name, name, before)
  }
  const row = attributeOf(attribute)
  if (row === undefined) return []
  const missing = requiredOfManaged.some((name) => name === row.managed) && value === ''
  if (missing)
    return [{ path: attribute, text: 'must be given', policy: { policyRequirement: 'REQUIRED' } }]
  const read = readValues(row, value)
  return 'path' in read ? [read] : []
}

function asText(value: Json): string {
  return typeof value === 'string' ? value : ''
}
