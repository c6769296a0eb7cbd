/**
 * Hosts that are network namespaces of this machine, on one switch: some of them can be taken off it, so that no
 * packet passes between them and the others, and nobody is told. Servers have a second interface, by which the test
 * reaches them all the time. Made by `ip`, which root may.
 */
import { type SpawnSyncReturns, spawn, spawnSync } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { pathOf } from '../../program.ts'

export interface Host {
  /** Where other hosts reach it. */
  readonly address: string
  /** What runs a program there: `['ip', 'netns', 'exec', 'p4711-0']`. */
  readonly within: readonly string[]
}

/** A host that is reached from outside too. */
export interface ServerHost extends Host {
  /** Where the test reaches it, whatever happens on the switch. */
  readonly door: string
}

export interface Network {
  readonly stores: readonly Host[]
  readonly servers: readonly ServerHost[]
  /** From now on these reach each other, and nobody else. */
  part(hosts: readonly Host[]): Promise<void>
  /** All reach all again. */
  join(): Promise<void>
  close(): Promise<void>
}

let networks = 0

/** Makes so many hosts. Whatever runs there has to be ended before it is closed. */
export async function openNetwork(stores: number, servers: number): Promise<Network> {
  networks += 1
  const prefix = `p${process.pid}-${networks}`
  const count = stores + servers
  const names = Array.from({ length: count }, (_, i) => `${prefix}-${i}`)
  const center = `${prefix}-switch`
  const remove = (): void => removed(prefix, [...names, center], servers)
  process.once('exit', remove)
  const close = async (): Promise<void> => {
    process.removeListener('exit', remove)
    remove()
  }
  try {
    await inside(
      undefined,
      [...names, center].map((name) => `netns add ${name}`),
    )
    await inside(center, ['link add name one type bridge', 'link add name other type bridge'])
    await inside(center, ['link set one up', 'link set other up'])
    for (const i of names.keys()) await plugIn(center, names[i] ?? '', i)
    const hosts = names.map((name, i) => ({ address: addressOf(i), within: within(name) }))
    const doors = await Promise.all(
      hosts.slice(stores).map((_, i) => doorOf(prefix, names[stores + i] ?? '', i)),
    )
    const part = (parted: readonly Host[]): Promise<void> =>
      inside(
        center,
        hosts.map(
          ({ address }, i) =>
            `link set h${i} master ${parted.some((each) => each.address === address) ? 'other' : 'one'}`,
        ),
      )
    return {
      stores: hosts.slice(0, stores),
      servers: hosts.slice(stores).map((host, i) => ({ ...host, door: doors[i] ?? '' })),
      ...{ part, join: () => part([]), close },
    }
  } catch (error) {
    await close()
    throw error
  }
}

const within = (name: string): readonly string[] => ['ip', 'netns', 'exec', name]

/** On the switch alone: no address of this machine. */
const addressOf = (i: number): string => `10.77.0.${i + 1}`

/** An interface of a host, and its end at the switch. */
async function plugIn(center: string, name: string, i: number): Promise<void> {
  await inside(undefined, [
    `link add name eth0 netns ${name} type veth peer name h${i} netns ${center}`,
  ])
  await inside(name, [
    'link set lo up',
    `address add ${addressOf(i)}/24 dev eth0`,
    'link set eth0 up',
  ])
  await inside(center, [`link set h${i} master one`, `link set h${i} up`])
}

/** A wire from this machine to a host, of addresses that RFC 2544 §C.2.2 keeps for trials. */
async function doorOf(prefix: string, name: string, i: number): Promise<string> {
  const [a, b] = [randomInt(256), randomInt(64) * 4]
  const [here, there] = [1, 2].map((n) => `198.18.${a}.${b + n}`)
  await inside(undefined, [
    `link add name ${outerOf(prefix, i)} type veth peer name door netns ${name}`,
    `address add ${here}/30 dev ${outerOf(prefix, i)}`,
    `link set ${outerOf(prefix, i)} up`,
  ])
  await inside(name, [`address add ${there}/30 dev door`, 'link set door up'])
  return there ?? ''
}

const outerOf = (prefix: string, i: number): string => `${prefix}d${i}`

/** Several commands of `ip`, in a namespace or here. @throws Error with what it said. */
async function inside(name: string | undefined, commands: readonly string[]): Promise<void> {
  const at = name === undefined ? [] : ['-n', name]
  const child = spawn(pathOf('network namespaces'), [...at, '-batch', '-'], {
    stdio: ['pipe', 'ignore', 'pipe'],
  })
  let said = ''
  child.stderr.on('data', (text) => {
    said += String(text)
  })
  child.stdin.end(`${commands.join('\n')}\n`)
  const [status] = await once(child, 'close')
  if (status !== 0) throw new Error(`ip: ${said.trim()}`)
}

/** Takes all away that is there of it. */
function removed(prefix: string, names: readonly string[], servers: number): void {
  const program = pathOf('network namespaces')
  const ip = (...args: readonly string[]): SpawnSyncReturns<Buffer> => spawnSync(program, [...args])
  for (let i = 0; i < servers; i += 1) ip('link', 'delete', outerOf(prefix, i))
  for (const name of names) ip('netns', 'delete', name)
}
