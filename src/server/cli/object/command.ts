import type { JsonObject } from '../../../base/json.ts'
import { mostOfDocument, readText } from '../../../base/read-text.ts'
import { merged } from '../../../config/document/merge.ts'
import { noRealmAt, realmAt, siteOf } from '../../../config/document/step.ts'
import { readDocumentText } from '../../../config/document/text.ts'
import type { Item, Kind } from '../../../config/kind.ts'
import { problemLine } from '../../../protocol/problem.ts'
import type { JsonSchema } from '../../../protocol/schema.ts'
import type { RealmWorld } from '../../../realm/realms.ts'
import { reasonFor } from '../../../store/reason-for.ts'
import { type Command, complainOf, type Options, type World } from '../command.ts'
import { referencesOf, settingsOrComplaint } from '../configuration.ts'
import type { Assignment } from './assignment.ts'
import { assigned, passwordPath, readAssignment } from './assignment.ts'
import { readPassword } from './password.ts'
import { namesOf, usageOf, verbsOf } from './usage.ts'
import type { Outcome, Verb } from './verb.ts'

/** `parapet user add …` and its like: a kind's own command, by its row alone. It counts at once in servers that run. */
export function objectCommand(kind: Kind): Command {
  return {
    ...usageOf(kind),
    words: { least: 1, most: 1000 },
    run: (world, options, words) => run(world, kind, options, words),
  }
}

async function run(
  world: World,
  kind: Kind,
  options: Options,
  [word = '', ...words]: readonly string[],
): Promise<number> {
  const verb = verbsOf(kind).find(({ name }) => name === word)
  const [id, ...values] = kind.single || verb?.ofOne === false ? ['', ...words] : words
  if (verb === undefined || id === undefined || (values.length > 0 && !verb.takes)) {
    world.complain(`parapet ${kind.name}: ${usageProblem(kind, verb)}\n`)
    return 2
  }
  const unused = unusedOf(verb).find((name) => options[name] !== undefined)
  if (unused !== undefined) {
    world.complain(`parapet ${kind.name}: ${verb.name} takes no --${unused}\n`)
    return 2
  }
  const settings = await settingsOrComplaint(world, options.config)
  if (settings === undefined) return 1
  const given = verb.takes ? await readGiven(world, options) : { file: {}, password: undefined }
  if ('problem' in given) return complained(world, kind, [given.problem])
  try {
    return await world.withRealms(settings, 'refuse', async (realms) => {
      const wanted: Wanted = { ...given, values }
      const outcome = await carriedOut(world, realms, { kind, verb, id, options, wanted })
      return tell(world, kind, outcome, options.json === true || verb.name === 'show')
    })
  } catch (error) {
    world.complain(`parapet: ${reasonFor(error)}\n`)
    return 1
  }
}

function usageProblem(kind: Kind, verb: Verb | undefined): string {
  if (verb === undefined) return `has the verbs ${namesOf(kind).join(', ')}`
  return verb.takes
    ? `${verb.name} needs the id of a ${kind.name}`
    : `${verb.name} takes ${verb.ofOne ? 'one id' : 'no id'} and no values`
}

/** Options of other verbs, which would be passed over in silence. */
function unusedOf({ takes, name }: Verb): readonly string[] {
  return [
    ...(takes ? [] : ['file', 'password', 'password-file']),
    ...(name === 'list' ? [] : ['filter']),
  ]
}

/** What an object is to be, as it was given. */
interface Wanted {
  readonly file: JsonObject
  readonly password: string | undefined
  readonly values: readonly string[]
}

interface Task {
  readonly kind: Kind
  readonly verb: Verb
  readonly id: string
  readonly options: Options
  readonly wanted: Wanted
}

async function carriedOut(
  world: World,
  realms: RealmWorld,
  { kind, verb, id, options, wanted }: Task,
): Promise<Outcome> {
  const path = typeof options.realm === 'string' ? options.realm : '/'
  const realm = await realmAt(siteOf(realms, 'command', referencesOf(world)), path)
  if (realm === undefined) return { problems: [noRealmAt(path)] }
  const { problems, input } = inputOf(kind.schema(realm), wanted)
  if (problems.length > 0) return { problems }
  const filter = typeof options.filter === 'string' ? options.filter : undefined
  return verb.run({ kind, realm, id, filter, input })
}

interface InputRead {
  readonly problems: readonly string[]
  readonly input: (before: JsonObject) => JsonObject
}

function inputOf(schema: JsonSchema, { file, password, values }: Wanted): InputRead {
  const problems: string[] = []
  const assignments: Assignment[] = []
  for (const word of values) {
    const read = readAssignment(schema, word)
    if ('problem' in read) problems.push(read.problem)
    else assignments.push(read)
  }
  const path = passwordPath(schema)
  if (password !== undefined && path === undefined) problems.push('it has no password')
  else if (password !== undefined && path !== undefined) assignments.push({ path, value: password })
  const { _id, _rev, ...members } = file
  return { problems, input: (before) => assignments.reduce(assigned, merged(before, members)) }
}

type Given = Omit<Wanted, 'values'> | { readonly problem: string }

async function readGiven(world: World, options: Options): Promise<Given> {
  const file = typeof options.file === 'string' ? await readObject(options.file) : { document: {} }
  if ('problem' in file) return file
  const read = await readPassword(world, options)
  return 'problem' in read ? read : { file: file.document, password: read.password }
}

async function readObject(
  path: string,
): Promise<{ readonly document: JsonObject } | { readonly problem: string }> {
  try {
    const read = await readDocumentText(readText(path, mostOfDocument))
    return 'problem' in read ? { problem: `${path}: ${problemLine(read.problem)}` } : read
  } catch (error) {
    return { problem: `${path}: ${(error as Error).message}` }
  }
}

function tell(world: World, kind: Kind, outcome: Outcome, json: boolean): number {
  if ('problems' in outcome) return complained(world, kind, outcome.problems)
  if ('items' in outcome) {
    const shown = outcome.items.map(shownItem)
    // Of `show` the object itself, so that it can be handed back by --file.
    const whole = outcome.one === true ? shown[0] : shown
    if (json) world.print(`${JSON.stringify(whole, undefined, 2)}\n`)
    else for (const { id, value } of outcome.items) world.print(`${labelOf(kind, id, value)}\n`)
    return 0
  }
  const { done, item, unserved } = outcome
  if (json) world.print(`${JSON.stringify(shownItem(item), undefined, 2)}\n`)
  else {
    const words = [done, kind.name, labelOf(kind, item.id, item.value)]
    world.print(`${words.join(' ').trimEnd()}\n`)
    // Of a kind that is nothing but kept, everybody knows.
    const some = unserved.filter((path) => path !== '*')
    if (some.length > 0) world.print(`only kept, does nothing here: ${some.join(', ')}\n`)
  }
  return 0
}

function shownItem({ id, rev, value }: Item): JsonObject {
  return { ...(id === '' ? {} : { _id: id }), _rev: rev, ...value }
}

/** An id, and the name where it has one beside. */
function labelOf({ named }: Kind, id: string, value: JsonObject): string {
  const name = named === undefined ? undefined : value[named]
  return typeof name === 'string' && name !== id ? `${id} ${name}` : id
}

function complained(world: World, kind: Kind, problems: readonly string[]): number {
  complainOf(world, problems, `with the ${kind.name}`)
  return 1
}
