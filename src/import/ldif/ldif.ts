import type { Found, ImportAsked, Source } from '../found.ts'
import { foundGroup, realmAsked } from '../person.ts'
import type { Entry } from './entry.ts'
import { entriesIn } from './entry.ts'
import { foundPerson } from './person.ts'

const people = new Set(
  'person organizationalperson inetorgperson account inetuser posixaccount user'.split(' '),
)
const groups = new Set('groupofnames groupofuniquenames groupofentries'.split(' '))

/** What a first reading finds: groups, who is in which, and how many people there are. */
interface Overview {
  readonly groups: readonly Found[]
  /** By the name of an entry. */
  readonly memberships: ReadonlyMap<string, readonly string[]>
  readonly people: number
}

/**
 * People and groups that a directory exports. The file is read twice, so that no more of it is remembered than
 * who is in which group; what is wrong with it is found before anything is written.
 */
export async function ldif(path: string, asked: ImportAsked): Promise<Source> {
  const realm = realmAsked(asked)
  const { groups: found, memberships, people: count } = await overview(path, realm)
  return {
    people: count,
    async *items() {
      yield* found
      for await (const entry of entriesIn(path)) {
        const kind = kindOf(entry)
        const place = `line ${entry.line}`
        if (kind === 'person') {
          const within = memberships.get(plainDn(entry.dn))
          yield foundPerson(entry, realm, within, asked.clear)
        } else if (kind !== 'group')
          yield {
            called: 'entry',
            realm,
            id: '',
            input: {},
            leftovers: [{ attribute: kind }],
            place,
          }
      }
    },
  }
}

async function overview(path: string, realm: string): Promise<Overview> {
  const found: Found[] = []
  const memberships = new Map<string, string[]>()
  let count = 0
  for await (const entry of entriesIn(path)) {
    const kind = kindOf(entry)
    if (kind === 'person') count += 1
    if (kind !== 'group') continue
    const name = groupName(entry)
    found.push(foundGroup(name, realm, `line ${entry.line}`, first(entry, 'description')))
    for (const dn of membersOf(entry)) {
      const known = memberships.get(dn)
      if (known === undefined) memberships.set(dn, [name])
      else known.push(name)
    }
  }
  return { groups: found, memberships, people: count }
}

function membersOf({ values }: Entry): readonly string[] {
  const all = [...(values.get('member') ?? []), ...(values.get('uniquemember') ?? [])]
  return all.map((dn) => plainDn(dn ?? ''))
}

/** What an entry is, else its own class. */
function kindOf({ values }: Entry): string {
  const classes = (values.get('objectclass') ?? []).map((each) => (each ?? '').toLowerCase())
  if (classes.some((each) => groups.has(each))) return 'group'
  if (classes.some((each) => people.has(each))) return 'person'
  return `objectClass ${classes.filter((each) => each !== 'top').at(-1) ?? '?'}`
}

function first({ values }: Entry, name: string): string | undefined {
  return values.get(name)?.[0]
}

/** A group is called by its name; signs that no group may have here are another one. */
function groupName(entry: Entry): string {
  const name = first(entry, 'cn') ?? /^[^=]*=((?:\\.|[^,])*)/.exec(entry.dn)?.[1] ?? ''
  return name.replace(/[,/\\]/g, '-')
}

/** One spelling for the ways to write a name, as far as people write it (RFC 4514). */
function plainDn(dn: string): string {
  return dn
    .toLowerCase()
    .replace(/\s*([=,+])\s*/g, '$1')
    .replace(/\s+/g, ' ')
    .trim()
}
