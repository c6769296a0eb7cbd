import type { JsonObject } from '../../base/json.ts'
import { isObject, member } from '../../base/json.ts'
import { scriptKind } from '../../config/journey/script.ts'
import { withSource } from '../../config/journey/script-input.ts'
import { realmKind } from '../../config/realm.ts'
import type { Found, ImportAsked, Source } from '../found.ts'
import { membersOf, NotReadable, plainText } from '../found.ts'
import { readJsonFile } from '../read-file.ts'
import { contentOf } from './content.ts'
import { withText } from './extracted.ts'
import { filesIn } from './files.ts'
import { withLacking } from './lacking.ts'

/**
 * What frodo exports of PingAM: files of one kind (`*.oauth2.app.json`, `*.service.json`, `*.journey.json`), or of
 * everything. All of it is read before anything is written.
 */
export async function frodo(path: string, { realm }: ImportAsked): Promise<Source> {
  const { files, links } = await filesIn(path)
  const found: Found[] = links.map((place) =>
    leftFile(place, 'is a symbolic link, and not followed'),
  )
  for (const { name, path: at } of files) {
    const document = await readJsonFile(at)
    if (isObject(document)) found.push(...(await withTexts(documentsIn(document, name, realm), at)))
    else found.push(leftFile(name, 'is no export of frodo'))
  }
  const told = withLacking(found)
  return {
    async *items() {
      yield* told.toSorted((one, other) => rank(one) - rank(other) || depth(one) - depth(other))
    },
  }
}

/** What stands in a file, each script among it with its text, and that in one form: one may stand in several files. */
function withTexts(all: readonly Found[], file: string): Promise<readonly Found[]> {
  return Promise.all(
    all.map(async (each) => {
      if (each.kind !== scriptKind) return each
      const found = await withText(each, file)
      return { ...found, input: withSource(found.input) }
    }),
  )
}

function leftFile(place: string, why: string): Found {
  return {
    ...{ called: 'file', realm: '/', id: place, input: {}, place },
    leftovers: [{ attribute: 'file', why }],
  }
}

const order = ['realm', 'script', 'journey node', 'journey', 'provider', 'client']

/** Realms come before what is in them, journeys before whoever logs in by them, a realm’s settings before its clients. */
function rank({ called }: Found): number {
  const at = order.indexOf(called)
  return at < 0 ? order.length : at
}

function depth({ called, id }: Found): number {
  return called === 'realm' ? id.split('/').length : 0
}

function documentsIn(document: JsonObject, file: string, asked: string | undefined): Found[] {
  const inner = member(document, 'realm')
  const everything = isObject(inner) && !membersOf(inner).some(([, each]) => 'parentPath' in each)
  if (!everything) {
    const realms = isObject(inner) ? realmsIn(inner, file) : []
    const rest = contentOf(document, asked, file)
    if (realms.length + rest.length === 0) return [leftFile(file, 'is no export of frodo')]
    return [...realms, ...rest]
  }
  const globals = member(document, 'global')
  const ofAll = isObject(globals) ? member(globals, 'realm') : undefined
  const realms = isObject(ofAll) ? realmsIn(ofAll, file) : []
  const parts = membersOf(inner)
  if (asked !== undefined && parts.length > 1)
    throw new NotReadable(`${file}: has several realms, which --realm would make one of`)
  const paths = realms.map(({ id }) => id)
  const contents = parts.flatMap(([name, part]) =>
    contentOf(part, asked ?? pathOf(name, paths, file), `${file} ${name}`),
  )
  const { realm: _, ...others } = isObject(globals) ? globals : {}
  const left = contentOf(others, '/', `${file} global`).map(
    (each): Found => (each.kind === undefined ? each : { ...each, leftovers: [] }),
  )
  return [...(asked === undefined ? realms : []), ...contents, ...left.filter(({ kind }) => !kind)]
}

/** frodo writes `root-first-second` for a realm: which of the signs are part of a name, the realms themselves say. */
function pathOf(name: string, paths: readonly string[], file: string): string {
  const rest = name.replace(/^\/?root-?/, '').replace(/^\//, '')
  if (rest === '') return '/'
  const known = paths.filter((path) => path.slice(1).replaceAll('/', '-') === rest)
  const [only, another] = known
  if (only !== undefined && another === undefined) return only
  if (only === undefined && !rest.includes('-')) return `/${rest}`
  throw new NotReadable(`${file}: which realm ${rest} is cannot be told: name it with --realm`)
}

function realmsIn(realms: JsonObject, file: string): Found[] {
  return membersOf(realms).map(([, document]) => {
    const [name, above] = ['name', 'parentPath'].map((each) => plainText(member(document, each)))
    const path = name === '/' ? '/' : `${(above ?? '').replace(/\/$/, '')}/${name}`
    const entries = Object.entries(document).filter(([each]) =>
      ['active', 'aliases'].includes(each),
    )
    const input = Object.fromEntries(entries)
    return {
      ...{ kind: realmKind, called: 'realm', realm: path, id: path, input },
      ...{ leftovers: [], place: file },
    }
  })
}
