import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { test } from 'node:test'

const output = JSON.stringify(new URL('./output.ts', import.meta.url).href)

/** Runs a script that writes lines to standard output; gives what came, read only once it says so, if it is to. */
async function written(script: string, stalled = false): Promise<string> {
  const code = `import { lineOutput } from ${output}\nconst { write: line, written } = lineOutput(1)\n${script}`
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  if (stalled) await once(child.stderr, 'data')
  let text = ''
  for await (const chunk of child.stdout) text += String(chunk)
  return text
}

test('house: lines arrive in order when the process ends by itself', async () => {
  const text = await written("for (let i = 0; i < 50000; i++) line(i + '\\n')")
  assert.equal(text, Array.from({ length: 50_000 }, (_, i) => `${i}\n`).join(''))
})

test('house: lines still gathered leave with process.exit', async () => {
  assert.equal(await written("line('last\\n'); process.exit(0)"), 'last\n')
})

test('house: a reader that stalls does not hold the process', { timeout: 30_000 }, async () => {
  const script = `
    for (let i = 0; i < 4; i++) line('x'.repeat(65536) + '\\n')
    setTimeout(() => process.stderr.write('turned'), 20)`
  const text = await written(script, true)
  assert.equal(text.match(/x{65536}\n/g)?.length, 4)
})

test('house: who waits for what was written ends the process behind the last line, once', async () => {
  // The first write is under way in a thread when the process would end.
  const script = `
    line('x'.repeat(65536) + '\\n')
    line('last\\n')
    written().then(() => process.exit(0))`
  assert.equal(await written(script), `${'x'.repeat(65_536)}\nlast\n`)
})

test('house: who waits for what was written waits no longer than told for a reader that stalls', {
  timeout: 30_000,
}, async () => {
  // More than the pipe holds: the write under way goes on until somebody reads.
  const script = `
    line('x'.repeat(4_000_000) + '\\n')
    written(50).then(() => process.stderr.write('waited'))`
  const text = await written(script, true)
  assert.equal(text.length, 4_000_001)
})
