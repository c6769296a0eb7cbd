import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { test } from 'node:test'
import { needs } from '../../program.ts'
import { type Host, openNetwork } from './network.ts'

const port = 7000

/** Runs a script at a host; what it prints is given when it is printed first. @throws Error if it ends before. */
async function first(at: Host, script: string) {
  const [name = '', ...args] = [...at.within, process.execPath, '-e', script]
  const child = spawn(name, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = once(child, 'close')
  const [said] = await Promise.race([once(child.stdout, 'data'), ended.then(() => [])])
  if (said === undefined) throw new Error(`${name} printed nothing`)
  return { child, ended, said: String(said).trim() }
}

/** Greets whoever comes, among them those who are gone before it did. */
const greeter = (at: Host): string => `
  require('node:net')
    .createServer((socket) => socket.on('error', () => {}).end('a'))
    .listen(${port}, '${at.address}', () => console.log('up'))`

/** What a host hears from another one within so many milliseconds. */
async function heard(at: Host, from: Host, patience: number): Promise<string> {
  const script = `
    const socket = require('node:net').connect(${port}, '${from.address}')
    const end = (said) => { console.log(said); process.exit() }
    socket.on('data', (bytes) => end(String(bytes)))
    socket.on('error', (error) => end(error.code))
    setTimeout(end, ${patience}, 'nothing')`
  const { ended, said } = await first(at, script)
  await ended
  return said
}

test(
  'house: hosts that are parted from the others reach each other and nobody else, until all are joined again',
  needs('network namespaces'),
  async (t) => {
    const network = await openNetwork(2, 1)
    t.after(network.close)
    const [a, b, c] = [...network.stores, ...network.servers] as [Host, Host, Host]
    const { child, ended } = await first(a, greeter(a))
    try {
      await network.part([a, c])
      assert.deepEqual([await heard(c, a, 10_000), await heard(b, a, 300)], ['a', 'nothing'])
      await network.join()
      // Who was not found is asked for again a second later.
      for (let said = ''; said !== 'a'; said = await heard(b, a, 1000))
        assert.equal(child.exitCode, null)
    } finally {
      child.kill('SIGKILL')
      await ended
    }
  },
)
