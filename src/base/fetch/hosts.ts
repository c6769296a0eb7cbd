import { statSync } from 'node:fs'
import { isIP } from 'node:net'
import { event, reasonOf } from '../log.ts'
import { NotRead, readText } from '../read-text.ts'

const place =
  process.platform === 'win32' ? 'C:\\Windows\\System32\\drivers\\etc\\hosts' : '/etc/hosts'

/** Bytes of a hosts file: some 20,000 names. It is read while everybody waits. */
export const mostOfHosts = 1_048_576

const loopback = ['127.0.0.1', '::1']
const none: readonly string[] = []

/** Addresses by name, in lower case. */
type Hosts = ReadonlyMap<string, readonly string[]>

const machineHosts = hostsIn(place)

/**
 * Addresses a name has without asking anybody: by the machine's hosts file, which is read again when it
 * has changed, or since it is a name of the machine itself (RFC 6761 §6.3). `name` in lower case.
 */
export function localAddresses(name: string): readonly string[] {
  const bare = name.replace(/\.$/, '')
  const listed = machineHosts().get(bare)
  if (listed !== undefined) return listed
  return bare === 'localhost' || bare.endsWith('.localhost') ? loopback : none
}

/**
 * What a hosts file lists, read when it has changed. One that is longer than `mostOfHosts` lists nothing, which is
 * told in the log once, and is not read again before it changes.
 */
export function hostsIn(path: string): () => Hosts {
  let seen: string | undefined
  let hosts: Hosts = new Map()
  return () => {
    let found: string | undefined
    try {
      found = stateOf(path)
      if (found === seen) return hosts
      hosts = found === undefined ? new Map() : readHosts(readText(path, mostOfHosts))
      seen = found
    } catch (error) {
      // What could not be opened just now may be another time: until then what was known counts.
      if (!(error instanceof NotRead) || error.cause !== undefined) return hosts
      event('hosts.not_read', { file: path, reason: reasonOf(error) }, 'warn')
      hosts = new Map()
      seen = found
    }
    return hosts
  }
}

/** What tells one content of a file from the next; undefined where there is none: such a machine lists nothing. */
function stateOf(path: string): string | undefined {
  const found = statSync(path, { throwIfNoEntry: false })
  return found && `${found.mtimeMs} ${found.size} ${found.ino}`
}

/** hosts(5): an address and its names on each line. */
export function readHosts(text: string): Hosts {
  const found = new Map<string, string[]>()
  for (const line of text.split('\n')) {
    const [address = '', ...names] = line.replace(/#.*/s, '').trim().split(/\s+/)
    if (isIP(address) === 0) continue
    for (const name of names) {
      const key = name.toLowerCase()
      const addresses = found.get(key) ?? []
      if (!addresses.includes(address)) addresses.push(address)
      found.set(key, addresses)
    }
  }
  return found
}
