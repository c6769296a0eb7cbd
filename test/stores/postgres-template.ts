/**
 * The files of a new PostgreSQL: made by `initdb` once on a machine, which takes a second, and copied ever after,
 * which takes a tenth. PostgreSQL refuses to run as root, who therefore runs it as the user `postgres`.
 */
import { execFile } from 'node:child_process'
import { appendFile, mkdtemp, rename, rm, stat } from 'node:fs/promises'
import { tmpdir, userInfo } from 'node:os'
import { basename, join } from 'node:path'
import { promisify } from 'node:util'
import { pathOf } from '../program.ts'

const run = promisify(execFile)

const isRoot = process.getuid?.() === 0

/** The words of a command, as the user by whom PostgreSQL is run. */
export function asUser(...command: readonly string[]): readonly string[] {
  return isRoot ? ['runuser', '-u', 'postgres', '--', ...command] : command
}

/** Whose the files are. */
export async function account(): Promise<{ readonly uid: number; readonly gid: number }> {
  if (!isRoot) return userInfo()
  const [uid, gid] = await Promise.all(
    ['-u', '-g'].map(async (flag) => Number((await run('id', [flag, 'postgres'])).stdout)),
  )
  return { uid: uid ?? 0, gid: gid ?? 0 }
}

async function runAsUser(...command: readonly string[]): Promise<void> {
  const [name = '', ...args] = asUser(...command)
  await run(name, args, { cwd: tmpdir() })
}

/** Makes `data`, in a directory of that user's. */
export async function layOutCluster(data: string): Promise<void> {
  await runAsUser('cp', '-a', '--reflink=auto', await template(), data)
}

/** The template of this machine; made anew for another release, another user, or by another recipe. */
async function template(): Promise<string> {
  const { uid } = await account()
  const release = basename(join(pathOf('postgresql'), '..'))
  const path = join(tmpdir(), `parapet-postgresql-${release}-${uid}-1`)
  const found = await stat(path).catch(() => undefined)
  if (found === undefined) await makeTemplate(path)
  else if (found.uid !== uid) throw new Error(`${path} is somebody else's: remove it`)
  return path
}

/** Who comes second finds the first one's, and throws its own away. */
async function makeTemplate(path: string): Promise<void> {
  const { uid, gid } = await account()
  const draft = await mkdtemp(`${path}-`)
  try {
    await run('chown', [`${uid}:${gid}`, draft])
    const programs = pathOf('postgresql')
    const form = ['-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--wal-segsize=4']
    await runAsUser(join(programs, 'initdb'), '-N', ...form, '-D', draft)
    await appendFile(join(draft, 'pg_hba.conf'), 'host all all all trust\n')
    await appendFile(join(draft, 'pg_hba.conf'), 'host replication all all trust\n')
    await alone(programs, draft, `CREATE ROLE parapet LOGIN IN ROLE pg_read_all_stats`)
    await alone(programs, draft, `GRANT CREATE ON DATABASE postgres TO parapet`)
    await rename(draft, path)
  } catch (error) {
    await rm(draft, { recursive: true, force: true })
    if ((error as NodeJS.ErrnoException).code !== 'ENOTEMPTY') throw error
  }
}

/** Runs one statement on files that no server has. */
async function alone(programs: string, data: string, sql: string): Promise<void> {
  const [name = '', ...args] = asUser(
    join(programs, 'postgres'),
    '--single',
    '-D',
    data,
    'postgres',
  )
  const running = run(name, args, { cwd: tmpdir() })
  running.child.stdin?.end(`${sql}\n`)
  const { stdout, stderr } = await running
  if (/ERROR|FATAL/.test(stdout + stderr)) throw new Error(stdout + stderr)
}
