import assert from 'node:assert/strict'
import { once } from 'node:events'
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { test } from 'node:test'
import { relay } from './relay.ts'

test('house: lines of several processes come out whole, whatever pieces they came in, the last one of a killed process too', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'parapet-relay-'))
  const path = join(folder, 'log')
  const descriptor = openSync(path, 'a')
  t.after(() => {
    closeSync(descriptor)
    rmSync(folder, { recursive: true })
  })
  const out = relay(descriptor)
  const streams = ['a', 'b', 'c'].map((name) => ({ name, stream: new PassThrough() }))
  for (const { stream } of streams) out.take(stream)
  const lines = 300
  for (let i = 0; i < lines; i++) {
    for (const { name, stream } of streams) {
      const line = Buffer.from(`${name.repeat(20 + ((i * 37) % 5000))} ${i}\n`)
      const cut = (i * 13) % line.length
      stream.write(line.subarray(0, cut))
      await new Promise(setImmediate)
      stream.write(line.subarray(cut))
    }
    if (i % 50 === 0) out.write(`primary ${i}\n`)
  }
  for (const { name, stream } of streams) {
    stream.write(`${name} was ki`)
    stream.destroy()
    await once(stream, 'close')
  }
  await out.written()
  const written = readFileSync(path, 'utf8').split('\n').slice(0, -1)
  assert.equal(written.length, 3 * lines + 6 + 3)
  for (const { name } of streams) {
    const own = written.filter((line) => line.startsWith(name))
    const numbered = own.slice(0, -1).map((line) => new RegExp(`^${name}+ (\\d+)$`).exec(line)?.[1])
    assert.deepEqual(
      numbered,
      Array.from({ length: lines }, (_, i) => String(i)),
    )
    assert.equal(own.at(-1), `${name} was ki`)
  }
})
