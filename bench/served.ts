/** A server as it is run, by the command, on a store that was filled before. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { random } from '../src/base/random.ts'
import { now } from '../src/base/time.ts'
import { saveClient } from '../src/client/registration.ts'
import { hashSecret } from '../src/client/stored-secret.ts'
import { endpoints } from '../src/endpoint/index.ts'
import { router } from '../src/endpoint/serve/route.ts'
import type { Realm } from '../src/realm/realm.ts'
import { createRealm, realms as openRealms } from '../src/realm/realms.ts'
import { openStores } from '../src/store/index.ts'
import { subkeys } from '../src/store/key.ts'
import { cpuTimeOf } from '../test/cpu.ts'
import { residentOf } from '../test/resident.ts'
import { freePorts } from '../test/wire.ts'
import { clientIds, secret } from './clients.ts'
import { fill } from './fill.ts'
import { clientDocument, realmDocument } from './registered.ts'

const main = join(import.meta.dirname, '../src/main.ts')
const base = 'https://as.example'
const path = '/am/oauth2/realms/root/realms/alpha'

/** Makes a realm with so many clients, those of the bench among the first, and so many live pushes. */
export async function fillStore(url: string, clients: number, pushes: number): Promise<void> {
  const stores = await openStores({ url, now, random })
  const handleKeys = subkeys(stores.master, 'handles')
  const realms = openRealms({ ...stores, handleKeys, now, timeOfDay: now, random, fetch })
  await createRealm(stores.settings, {
    path: '/alpha',
    aliases: [],
    document: realmDocument(599),
  })
  const realm = (await realms.find({ path: '/alpha', url: '', issuer: '' })) as Realm
  const kept = await hashSecret(realm, secret, false)
  const many = Array.from({ length: Math.max(0, clients - 3) }, (_, i) => `client-${i}`)
  const batch = 200
  const all = [clientIds.basic, clientIds.public, clientIds.private_key_jwt, ...many]
  for (let at = 0; at < all.length; at += batch) {
    await Promise.all(all.slice(at, at + batch).map((id) => saveClient(realm, clientOf(id, kept))))
  }
  if (pushes > 0) await fill(router(endpoints, realms), base + path, pushes)
  await stores.close()
}

function clientOf(client_id: string, kept: Awaited<ReturnType<typeof hashSecret>>) {
  const isPublic = client_id === clientIds.public
  const asserts = client_id === clientIds.private_key_jwt
  const method = isPublic ? 'none' : asserts ? 'private_key_jwt' : 'client_secret_basic'
  const document = clientDocument(method, ['authorization_code'])
  return { client_id, document, secrets: method === 'client_secret_basic' ? [kept] : [] }
}

export interface Served {
  readonly origin: string
  readonly issuer: string
  /** Milliseconds of processor time of all its processes so far. */
  cpu(): number
  /** Bytes that they have resident. */
  resident(): number
  stop(): Promise<void>
}

/** Serves a store by so many workers; settles when it is ready. */
export async function serve(data: string, workers: number): Promise<Served> {
  const [port = 0] = await freePorts(1)
  const child = spawn(process.execPath, [main, 'serve'], {
    env: {
      ...process.env,
      ...{ PORT: String(port), PARAPET_DATA: data, PARAPET_WORKERS: String(workers) },
      ...{ PARAPET_ADMIN_PASSWORD: 'of the bench', PARAPET_AUDIT_LOG: join(data, 'audit.log') },
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const origin = `http://localhost:${port}`
  const ready = async (): Promise<boolean> => {
    const answer = await fetch(`${origin}/am/json/health/ready`).catch(() => undefined)
    await answer?.arrayBuffer()
    return answer?.status === 200
  }
  const all = (): readonly number[] => [child.pid ?? 0, ...childrenOf(child)]
  const complete = (): boolean => workers === 1 || all().length === workers + 1
  while (!(await ready()) || !complete()) {
    if (child.exitCode !== null) throw new Error('the server ended')
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  const sum = (of: (pid: number) => number): number => all().reduce((so, pid) => so + of(pid), 0)
  return {
    ...{ origin, issuer: origin + path },
    cpu: () => sum(cpuTimeOf),
    resident: () => sum(residentOf),
    async stop() {
      const exit = once(child, 'exit')
      child.kill('SIGTERM')
      await exit
    },
  }
}

function childrenOf({ pid }: ChildProcess): readonly number[] {
  const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim()
  return text === '' ? [] : text.split(' ').map(Number)
}
