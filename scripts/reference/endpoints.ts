/** Page of the endpoints: the list itself, with what each file says of its endpoint. */

import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { endpoints } from '../../src/endpoint/index.ts'
import type { Endpoint } from '../../src/endpoint/serve/endpoint.ts'
import { profiles } from '../../src/protocol/profile.ts'
import { readSettings } from '../../src/protocol/setting.ts'
import { oauth2Provider } from '../../src/realm/oauth2-provider.ts'
import type { Realm } from '../../src/realm/realm.ts'
import { code, codes, page, table } from './markdown.ts'
import { docstring, isTest, sourcePaths, sourceText } from './source-text.ts'

const root = resolve(import.meta.dirname, '../..')

const below = {
  oauth2: '/am/oauth2/<realm>',
  json: '/am/json/<realm>',
  am: '/am',
  openidm: '/openidm',
  root: '',
} as const satisfies Record<Endpoint['under'], string>

interface Source {
  readonly path: string
  readonly about: string
}

function corsOf({ cors }: Endpoint): string {
  if (cors === 'public') return 'every origin'
  return cors ? 'listed origins' : ''
}

/** `endpoints.md`: every URL of the server. */
export async function endpointsPage(): Promise<string> {
  const sources = await endpointSources()
  const rows = endpoints.map((endpoint) => {
    const source = sources.get(endpoint) ?? madeBy(endpoint)
    return [
      code(below[endpoint.under] + endpoint.path),
      codes(endpoint.methods),
      corsOf(endpoint),
      endpoint.always ? 'too' : '',
      source.about,
      `[${source.path.split('/').at(-1)}](../../${source.path})`,
    ]
  })
  const metadata = endpoints.flatMap((endpoint) => {
    const members = Object.keys(endpoint.metadata?.('', bareRealm()) ?? {})
    return members.length === 0 ? [] : [[code(endpoint.path), codes(members)]]
  })
  return page(
    'Endpoints',
    'src/endpoint/index.ts',
    'Where `<realm>` stands, any [form of a realm’s path](../guide/realms.md) does. A trailing slash makes no difference; `/*` stands for whatever follows. HEAD is answered where GET is. *CORS* tells whether web origins may call it: those that the realm lists, or every one; *Inactive*, whether it is served in a realm that is not active too.',
    table(['URL', 'Methods', 'CORS', 'Inactive', 'What it is', 'Source'], rows),
    '`npm start` adds a small relying party at `/demo`. The metadata is also at `/.well-known/oauth-authorization-server/am/oauth2/<realm>` (RFC 8414 §3).',
    '## What they say in the metadata',
    table(['Endpoint', 'Members'], metadata),
  )
}

/** Which file exports an endpoint, by itself or in a list. */
async function endpointSources(): Promise<ReadonlyMap<Endpoint, Source>> {
  const found = new Map<Endpoint, Source>()
  for (const path of files()) {
    const exports = (await import(pathToFileURL(resolve(root, path)).href)) as object
    const text = sourceText(path)
    for (const [name, value] of Object.entries(exports)) {
      const about = docstring(text, `export const ${name}:`)
      const listed = (Array.isArray(value) ? value : [value]) as Endpoint[]
      for (const endpoint of listed) {
        if (endpoints.includes(endpoint)) found.set(endpoint, { path, about })
      }
    }
  }
  return found
}

/** An endpoint that a function makes: the file that names its path. */
function madeBy({ path }: Endpoint): Source {
  for (const file of files()) {
    const text = sourceText(file)
    const [, maker] = /export function (\w+)\([^)]*\): Endpoint\b/.exec(text) ?? []
    if (maker === undefined || !text.includes(`path: '${path}'`)) continue
    return { path: file, about: docstring(text, `export function ${maker}(`) }
  }
  throw new Error(`no file says what ${path} is`)
}

function files(): readonly string[] {
  return sourcePaths('src/endpoint/**/*.ts').filter(
    (path) => !isTest(path) && !path.endsWith('/index.ts'),
  )
}

/** Metadata names its members whatever the realm. */
function bareRealm(): Realm {
  const { values: provider } = readSettings(oauth2Provider, {})
  const certificates = { asked: false, proxied: false, authorities: [] }
  return { provider, certificates, profile: profiles.ping } as unknown as Realm
}
