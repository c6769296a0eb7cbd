/** Server processes of one store, which a test kills, stops and starts again, and whose clocks it sets. */
import { type ChildProcess, type ForkOptions, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { whenHanging } from '../hanging.ts'
import { adminPassword } from '../server.ts'
import { freePorts, type Wire, wire } from '../wire.ts'
import type { BuildName } from './builds.ts'
import type { Said, Start } from './server.ts'

/** All of them have one name, so that what was issued by one is good at the next. */
const baseUrl = 'https://as.localhost:8443'

const script = new URL('./server.ts', import.meta.url).pathname

export interface Node {
  readonly name: string
  readonly w: Wire
  /** Its own faults, as it logged them. */
  readonly alarms: readonly string[]
  /** Whether it runs and is not stopped. */
  awake(): boolean
  /** Starts it, with the port it had. @throws Error with what it said where it refuses to. */
  start(): Promise<void>
  /** SIGKILL: nothing is finished. */
  kill(): Promise<void>
  /** SIGTERM: what is under way is finished. */
  end(): Promise<void>
  /** SIGSTOP, and SIGCONT. */
  pause(): void
  goOn(): void
  /** Sets how many seconds its wall clock is off, now and after a restart. Resolves when it has looked, if it runs. */
  set(offset: number): Promise<void>
  /** Seconds by which its clock was ahead at most. What it hands out never becomes younger than that. */
  ahead(): number
}

/** Where a server runs. */
export interface NodeHost {
  /** What runs a program there. */
  readonly within: readonly string[]
  /** Its address there, by which a test reaches it. */
  readonly door: string
}

/** What all nodes of one store share. */
export interface NodesOptions {
  readonly count: number
  /** Which store, and where: settings as the environment would have them. */
  readonly settings: Readonly<Record<string, string>>
  readonly build?: BuildName
  /** A directory in which each server has its own, where the settings name none. */
  readonly data?: string
  /** One for each, where they are not beside the test. */
  readonly hosts?: readonly NodeHost[]
}

/** Starts so many, one after the other: the first one fills the store. */
export async function startNodes(options: NodesOptions): Promise<readonly Node[]> {
  const ports = await freePorts(options.count)
  const nodes = ports.map((port, i) => nodeAt(port, i, options))
  try {
    for (const node of nodes) await node.start()
  } catch (error) {
    await Promise.all(nodes.map((node) => node.kill()))
    throw error
  }
  return nodes
}

const here: NodeHost = { within: [], door: '127.0.0.1' }

function nodeAt(
  port: number,
  i: number,
  { settings, build = 'good', hosts, data }: NodesOptions,
): Node {
  const name = `server ${i + 1}`
  const { within, door } = hosts?.[i] ?? here
  const alarms: string[] = []
  let child: ChildProcess | undefined
  let awake = false
  let [offset, ahead] = [0, 0]
  const w = wire(port, baseUrl, door)
  const ended = async (signal: NodeJS.Signals): Promise<void> => {
    awake = false
    const ending = child
    child = undefined
    if (ending === undefined || ending.exitCode !== null || ending.signalCode !== null) return
    const exit = once(ending, 'exit')
    ending.kill(signal)
    if (signal === 'SIGKILL') await exit
    else {
      const watched = whenHanging(ending.pid ?? 0, () => void ending.kill('SIGKILL'))
      await exit
      watched()
    }
  }
  return {
    ...{ name, w, alarms },
    awake: () => awake,
    async start() {
      const own = { PORT: String(port), HOST: here.door, PARAPET_BASE_URL: baseUrl }
      const ownData = data === undefined ? {} : { PARAPET_DATA: join(data, String(port)) }
      const all = { ...own, PARAPET_ADMIN_PASSWORD: adminPassword, ...ownData, ...settings }
      const starting = forked(
        { build, settings: all, offset, ...(door === here.door ? {} : { door }) },
        alarms,
        within,
      )
      child = starting.child
      await starting.serving
      awake = true
    },
    kill: () => ended('SIGKILL'),
    end: () => ended('SIGTERM'),
    pause() {
      awake = false
      child?.kill('SIGSTOP')
    },
    goOn() {
      child?.kill('SIGCONT')
      awake = child !== undefined
    },
    async set(seconds) {
      offset = seconds
      ahead = Math.max(ahead, offset)
      if (child !== undefined) await told(child, seconds)
    },
    ahead: () => ahead,
  }
}

/** Tells a server what its clock shows, and resolves when it has looked, or is gone. */
function told(child: ChildProcess, seconds: number): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      child.off('message', hear).off('exit', done)
      resolve()
    }
    const hear = ({ clock }: Said): void => void (clock === seconds && done())
    child.on('message', hear).once('exit', done)
    child.send(seconds, (error) => void (error && done()))
  })
}

function forked(
  start: Start,
  alarms: string[],
  within: readonly string[],
): { readonly child: ChildProcess; readonly serving: Promise<void> } {
  const child = fork(script, [JSON.stringify(start)], {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    ...runBy(within),
  })
  let err = ''
  child.stderr?.on('data', (text) => {
    err += String(text)
  })
  const serving = new Promise<void>((resolve, reject) => {
    child.on('message', ({ origin, refused, alarm }: Said) => {
      if (origin !== undefined) resolve()
      if (refused !== undefined) reject(new Error(refused))
      if (alarm !== undefined) alarms.push(alarm)
    })
    child.once('exit', (code, signal) => reject(new Error(`ended with ${code ?? signal}: ${err}`)))
  })
  return { child, serving }
}

/** Has a script run by other programs, one before the other, of which each becomes the next. */
function runBy(within: readonly string[]): Pick<ForkOptions, 'execPath' | 'execArgv'> {
  const [execPath, ...args] = within
  return execPath === undefined ? {} : { execPath, execArgv: [...args, process.execPath] }
}
