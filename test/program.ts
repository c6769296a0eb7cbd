/**
 * Programs that tests start and nobody downloads: where they are, and what is said of a test whose program is
 * not there. `npm test` lists such tests as MISSING, with the reason; in CI they run and fail.
 */
import { spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync, globSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'

/** What tests ask for, where it is, and what to do where it is not. */
const programs = {
  /** The folder of `postgres`, `initdb`, `pg_ctl` and `psql`, which Debian keeps off the path. */
  postgresql: [
    postgresql,
    'no PostgreSQL 15 or later found (install postgresql, or name the folder of its programs in PARAPET_POSTGRESQL; root needs runuser too)',
  ],
  pgbouncer: [named('pgbouncer'), 'no pgbouncer found (install pgbouncer)'],
  'redis-server': [named('redis-server'), 'no redis-server found (install redis-server)'],
  /** The library that is preloaded into a process whose clock is to be moved. */
  libfaketime: [
    libfaketime,
    'no libfaketime found (install libfaketime, or name the library in PARAPET_LIBFAKETIME)',
  ],
  nginx: [named('nginx'), 'no nginx found (install nginx-light)'],
  /** Runs a command on a terminal of its own. */
  script: [script, 'no script of util-linux found (install bsdutils or util-linux)'],
  sqlite3: [named('sqlite3'), 'no sqlite3 found (install sqlite3)'],
  /** `ip`, where this process may make a network of its own. */
  'network namespaces': [
    networkNamespaces,
    'no network of its own to be had (install iproute2, and run as root)',
  ],
} as const

/** The name of one of them. */
type Program = keyof typeof programs

/**
 * Options for a test that starts these: `test(name, needs('redis-server'), run)`. Where one is absent the test
 * is reported as missing, except in CI, where it runs and fails: `pathOf` says then what is absent.
 */
export function needs(...names: readonly Program[]): { readonly skip?: string } {
  if (isCi()) return {}
  const absent = names.find((name) => programs[name][0]() === undefined)
  return absent === undefined ? {} : { skip: programs[absent][1] }
}

/** Its path. @throws Error that says what to install. */
export function pathOf(name: Program): string {
  const [find, absent] = programs[name]
  const path = find()
  if (path === undefined) throw new Error(absent)
  return path
}

/** Whether this is continuous integration, where nothing may be missing. */
export function isCi(): boolean {
  const { CI } = process.env
  return CI !== undefined && CI !== '' && CI !== 'false' && CI !== '0'
}

/** The path of the first of these programs that is installed. */
export function findProgram(names: readonly string[]): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '')
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find(isProgram)
}

export function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

function named(name: string): () => string | undefined {
  return () => findProgram([name])
}

function postgresql(): string | undefined {
  if (process.getuid?.() === 0 && findProgram(['runuser']) === undefined) return undefined
  const given = process.env.PARAPET_POSTGRESQL
  if (given) return isProgram(join(given, 'initdb')) ? given : undefined
  const [newest] = globSync('/usr/lib/postgresql/*/bin/initdb')
    .map((path) => ({ path, version: Number(path.split('/')[4]) }))
    .filter(({ version }) => version >= 15)
    .sort((a, b) => b.version - a.version)
  const found = newest?.path ?? findProgram(['initdb'])
  return found === undefined ? undefined : dirname(found)
}

/** Other systems have one of this name that is called otherwise. */
function script(): string | undefined {
  const found = findProgram(['script'])
  if (found === undefined) return undefined
  return spawnSync(found, ['--version']).stdout.includes('util-linux') ? found : undefined
}

function libfaketime(): string | undefined {
  const given = process.env.PARAPET_LIBFAKETIME
  if (given) return existsSync(given) ? given : undefined
  return globSync('/usr/lib/*/faketime/libfaketime.so.1')[0]
}

function networkNamespaces(): string | undefined {
  const ip = findProgram(['ip'])
  if (ip === undefined) return undefined
  return spawnSync('unshare', ['--net', 'true']).status === 0 ? ip : undefined
}
