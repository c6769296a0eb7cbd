import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { test } from 'node:test'
import { needs } from '../../program.ts'
import { type Host, openNetwork } from './network.ts'

const port = 7000

/** Runs a script at a host; what it prints is given when it is printed first. */
async function first(at: Host, script: string) {
  const [name = '', ...args] = [...at.within, process.execPath, '-e', script]
  const child = spawn(name, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const [said] = await once(child.stdout, 'data')
  return { child, said: String(said).trim() }
}

/** What a host hears from another one. */
async function heard(at: Host, from: Host): Promise<string> {
  const script = `
    const socket = require('node:net').connect(${port}, '${from.address}')
    const end = (said) => { console.log(said); process.exit() }
    socket.on('data', (bytes) => end(String(bytes)))
    socket.on('error', (error) => end(error.code))
    setTimeout(end, 300, 'nothing')`
  const { child, said } = await first(at, script)
  if (child.exitCode === null) await once(child, 'exit')
  return said
}

test(
  'house: hosts that are parted from the others reach each other and nobody else, until all are joined again',
  needs('network namespaces'),
  async (t) => {
    const network = await openNetwork(2, 1)
    t.after(network.close)
    const [a, b, c] = [...network.stores, ...network.servers] as [Host, Host, Host]
    const { child } = await first(
      a,
      `require('node:net').createServer((socket) => socket.end('a')).listen(${port}, '${a.address}', () => console.log('up'))`,
    )
    try {
      await network.part([a, c])
      assert.deepEqual([await heard(c, a), await heard(b, a)], ['a', 'nothing'])
      await network.join()
      // Who was not found is asked for again a second later.
      while ((await heard(b, a)) !== 'a');
    } finally {
      child.kill('SIGKILL')
      await once(child, 'exit')
    }
  },
)
