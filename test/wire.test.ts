import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { test } from 'node:test'
import { freePorts, reserve } from './wire.ts'

const source = `
  import { freePorts, reserve } from ${JSON.stringify(new URL('wire.ts', import.meta.url).href)}
  console.log(JSON.stringify(await freePorts(300)))
  process.stdin.resume()`

/** What is done while this process listens on a port; of 0 it is some other. */
async function listened(port: number, act: (own: number) => Promise<void>): Promise<void> {
  const server = createServer().listen(port, '127.0.0.1')
  await once(server, 'listening')
  await act((server.address() as AddressInfo).port)
  await new Promise((end) => server.close(end))
}

test('house: no port is free for two processes while either of them lives, and each can be listened on', async () => {
  const processes = Array.from({ length: 4 }, () =>
    spawn(process.execPath, ['--input-type=module', '-e', source], {
      stdio: ['pipe', 'pipe', 'inherit'],
    }),
  )
  try {
    const told = await Promise.all(
      processes.map(async ({ stdout }): Promise<readonly number[]> => {
        let text = ''
        for await (const part of stdout) {
          text += String(part)
          if (text.endsWith('\n')) break
        }
        return JSON.parse(text) as number[]
      }),
    )
    const all = [...told.flat(), ...(await freePorts(300))]
    assert.equal(all.length, 1500)
    assert.equal(new Set(all).size, all.length)
    await listened(all.at(-1) ?? 0, async () => undefined)
  } finally {
    for (const { stdin } of processes) stdin.end()
  }
})

test('house: a port on which somebody listens is not free, nor is one that was reserved', async () => {
  await listened(0, async (own) => assert.equal(await reserve(own), false))
  const [reserved = 0] = await freePorts(1)
  assert.equal(await reserve(reserved), false)
})
