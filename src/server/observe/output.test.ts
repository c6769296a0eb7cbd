import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { test } from 'node:test'

const output = JSON.stringify(new URL('./output.ts', import.meta.url).href)

/** Runs a script that writes lines to standard output; gives what came, read only after `pause` ms. */
async function written(script: string, pause = 0): Promise<string> {
  const code = `import { lineOutput } from ${output}\nconst line = lineOutput(1)\n${script}`
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  if (pause > 0) await new Promise((resolve) => setTimeout(resolve, pause))
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

test('house: a reader that stalls does not hold the process', async () => {
  const script = `
    for (let i = 0; i < 4; i++) line('x'.repeat(65536) + '\\n')
    const start = performance.now()
    setTimeout(() => line('turned after ' + (performance.now() - start) + '\\n'), 20)`
  const text = await written(script, 1000)
  assert.equal(text.match(/x{65536}\n/g)?.length, 4)
  const turned = Number(/turned after ([\d.]+)/.exec(text)?.[1])
  assert.ok(turned < 500, `${turned} ms`)
})
