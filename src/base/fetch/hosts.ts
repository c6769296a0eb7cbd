import { readFileSync, statSync } from 'node:fs'
import { isIP } from 'node:net'

const place =
  process.platform === 'win32' ? 'C:\\Windows\\System32\\drivers\\etc\\hosts' : '/etc/hosts'

const loopback = ['127.0.0.1', '::1']
const none: readonly string[] = []

let read = Number.NaN
let hosts: ReadonlyMap<string, readonly string[]> = new Map()

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

function machineHosts(): ReadonlyMap<string, readonly string[]> {
  try {
    const { mtimeMs } = statSync(place)
    if (mtimeMs !== read) {
      hosts = readHosts(readFileSync(place, 'utf8'))
      read = mtimeMs
    }
  } catch {
    // A machine without such a file lists nothing.
  }
  return hosts
}

/** hosts(5): an address and its names on each line. */
export function readHosts(text: string): ReadonlyMap<string, readonly string[]> {
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
