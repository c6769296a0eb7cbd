/**
 * `npm run push:files`: which files of `src` a reader passes who follows one good push from the socket to
 * the record. The real server runs here, on a store on disk; V8 counts which functions ran, on its
 * writing thread too. The first pushes warm what is loaded and cached. Of twelve after that, each counted
 * by itself, the files count that every one passed: a timer that happens to fire is no part of a push.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { Session } from 'node:inspector/promises'
import { tmpdir } from 'node:os'
import { join, resolve, sep } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { now } from '../src/base/time.ts'
import { demoAddresses, demoClients } from '../src/demo/seed.ts'
import { readServerSettings } from '../src/server/settings.ts'
import { start } from '../src/start.ts'

const src = resolve(import.meta.dirname, '..', 'src')

/** Files that hold rules of the protocol. Tables (`protocol`) and machinery are what these stand on. */
const rulesLieIn = ['endpoint/oauth', 'client', 'binding', 'grant', 'authorization']

/** What only hears of a push when it has been answered: nothing of it stands between the socket and the record. */
const watching = 'history/'

/** What looks every second whether the files are still there: on a slow machine that falls into every push. */
const byTimer = 'store/sqlite/watch.ts'

/** At most so many files with rules of the protocol, and in all; `test/push-files.test.ts` holds it. */
const most = { protocol: 12, all: 35 } as const

const ran = await pushed()
const passed = ran.map((file) => file.slice(src.length + 1).replaceAll(sep, '/'))
const files = passed.filter((file) => !file.startsWith(watching) && file !== byTimer)
const protocol = files.filter((file) => rulesLieIn.some((folder) => file.startsWith(`${folder}/`)))
if (process.argv.includes('--json')) {
  console.log(JSON.stringify({ protocol, all: files, most }))
} else {
  for (const [folder, names] of byFolder(files)) {
    const mark = rulesLieIn.some((each) => `${folder}/`.startsWith(`${each}/`)) ? ' (rules)' : ''
    console.log(`${folder}${mark}: ${names.length}\n  ${names.join(' ')}`)
  }
  console.log(`\nfiles with rules of the protocol: ${protocol.length} of at most ${most.protocol}`)
  console.log(`files in all: ${files.length} of at most ${most.all}`)
  console.log(`beside them: ${passed.filter((file) => !files.includes(file)).join(' ')}`)
}
process.exit(0)

function byFolder(paths: readonly string[]): Map<string, string[]> {
  return Map.groupBy(paths, (path) => path.slice(0, Math.max(path.lastIndexOf('/'), 0)) || 'src')
}

/** Starts a server with the demo's client and gives the files that each push passes. */
async function pushed(): Promise<string[]> {
  const data = await mkdtemp(join(tmpdir(), 'parapet-push-'))
  const environment = { PORT: '0', PARAPET_DATA: data }
  const { settings, problems } = readServerSettings(environment)
  if (settings === undefined) throw new Error(problems.join('\n'))
  // Time stands still, so that what is worked out anew each second is none of a push, however slow it is.
  const time = now()
  const server = await start(settings, 'here', { wall: () => time, counted: () => 0 })
  try {
    const push = pusher(server.origin)
    await push()
    const counted = await coverage()
    await push()
    await counted.take()
    const each: Set<string>[] = []
    for (let i = 0; i < 12; i++) {
      await push()
      each.push(await counted.take())
    }
    const [first = new Set<string>(), ...others] = each
    return [...first].filter((file) => others.every((other) => other.has(file))).sort()
  } finally {
    await server.stop()
    await rm(data, { recursive: true, force: true })
  }
}

/** Makes a good push of the demo's confidential client. */
function pusher(origin: string): () => Promise<void> {
  const secret = demoClients(origin).find((each) => each.client_id === 'myClient')?.client_secret
  const body = new URLSearchParams({
    response_type: 'code',
    scope: 'openid profile',
    redirect_uri: demoAddresses(origin).callback,
    code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
    code_challenge_method: 'S256',
  }).toString()
  const headers = {
    authorization: `Basic ${Buffer.from(`myClient:${secret}`).toString('base64')}`,
    'content-type': 'application/x-www-form-urlencoded',
  }
  const url = `${origin}/am/oauth2/realms/root/realms/alpha/par`
  return async () => {
    const answer = await fetch(url, { method: 'POST', headers, body })
    const text = await answer.text()
    if (answer.status !== 201) throw new Error(`the push was refused: ${answer.status} ${text}`)
    // What the server does once the answer is out belongs to this push, not to the next.
    await delay(100)
  }
}

interface Covered {
  readonly url: string
  readonly functions: readonly { readonly ranges: readonly { readonly count: number }[] }[]
}

/** Counts what runs from now on, here and on the threads that are there; `take` gives the files since the last time. */
async function coverage(): Promise<{ take(): Promise<Set<string>> }> {
  const session = new Session()
  session.connect()
  const threads: string[] = []
  const waiting = new Map<number, (result: Covered[]) => void>()
  session.on('NodeWorker.attachedToWorker', ({ params }) => void threads.push(params.sessionId))
  session.on('NodeWorker.receivedMessageFromWorker', ({ params }) => {
    const { id, result } = JSON.parse(params.message) as {
      id: number
      result: { result: Covered[] }
    }
    waiting.get(id)?.(result.result)
  })
  let id = 0
  const ask = (sessionId: string, method: string, params = {}): Promise<Covered[]> =>
    new Promise((done) => {
      waiting.set(++id, done)
      const message = JSON.stringify({ id, method, params })
      void session.post('NodeWorker.sendMessageToWorker', { sessionId, message })
    })
  await session.post('NodeWorker.enable', { waitForDebuggerOnStart: false })
  const exact = { callCount: true, detailed: false }
  await session.post('Profiler.enable')
  await session.post('Profiler.startPreciseCoverage', exact)
  for (const thread of threads) {
    await ask(thread, 'Profiler.enable')
    await ask(thread, 'Profiler.startPreciseCoverage', exact)
  }
  return {
    async take() {
      const covered: Covered[] = [...(await session.post('Profiler.takePreciseCoverage')).result]
      for (const thread of threads)
        covered.push(...(await ask(thread, 'Profiler.takePreciseCoverage')))
      return new Set(covered.filter(ranInSource).map(({ url }) => fileURLToPath(url)))
    },
  }
}

function ranInSource({ url, functions }: Covered): boolean {
  const inside = url.startsWith(`${pathToFileURL(src).href}/`)
  return inside && functions.some(({ ranges }) => (ranges[0]?.count ?? 0) > 0)
}
