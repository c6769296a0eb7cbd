import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { createServer } from 'node:net'
import { test } from 'node:test'
import { freePorts } from './wire.ts'

const source = `
  import { freePorts } from ${JSON.stringify(new URL('wire.ts', import.meta.url).href)}
  console.log(JSON.stringify(await freePorts(300)))
  process.stdin.resume()`

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
    const server = createServer()
    await new Promise<void>((resolve, reject) =>
      server.once('error', reject).listen(all.at(-1), '127.0.0.1', resolve),
    )
    assert.ok(!(await freePorts(50)).includes(all.at(-1) ?? 0))
    server.close()
  } finally {
    for (const { stdin } of processes) stdin.end()
  }
})
