import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, test } from 'node:test'
import { commandLine } from '../../test/command-line.ts'
import { scriptKind } from '../config/journey/script.ts'
import { failure } from '../journey/built-in/journey.ts'

const root = mkdtempSync(join(tmpdir(), 'parapet-extracted-'))
after(() => rmSync(root, { recursive: true }))

/** Which could be base64 as well. */
const source = 'YWJj'
const about = {
  ...{ name: 'Ours', language: 'JAVASCRIPT', context: 'AUTHENTICATION_TREE_DECISION_NODE' },
  ...{ default: false, evaluatorVersion: '1.0' },
}

/** A script as `frodo script export --extract` writes it: its text is in the file that it names. */
function exported(folder: string, script: string): string {
  const path = join(root, folder, 'Ours.script.json')
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, JSON.stringify({ script: { ours: { _id: 'ours', ...about, script } } }))
  return path
}

test('frodo’s scripts come in with the texts that it has written into files of their own', async () => {
  const { w, run } = await commandLine()
  const path = exported('good', 'file://Ours (1).script.js')
  writeFileSync(join(root, 'good', 'Ours (1).script.js'), `\uFEFF${source}`)
  for (const from of [path, dirname(path)]) {
    const { status, out, err } = await run('import', 'frodo', from, '--realm', '/alpha')
    assert.equal(status, 0, out + err)
    assert.match(out, from === path ? /^script: 1 created/ : /^script: 0 created, 0 changed, 1 as/)
    assert.doesNotMatch(out, /without a counterpart/)
  }
  const { script } = (await scriptKind.read(await w.realm('/alpha'), 'ours'))?.value ?? {}
  assert.equal(Buffer.from(String(script), 'base64').toString(), source)
})

test('frodo’s script that stands in a journey as well, as lines there, is one script', async () => {
  const { run } = await commandLine()
  const path = exported('both', 'file://Ours.script.js')
  writeFileSync(join(root, 'both', 'Ours.script.js'), 'var a\noutcome = a')
  const ours = { _id: 'ours', ...about, script: ['var a', 'outcome = a'] }
  const tree = { _id: 'Ours', entryNodeId: failure, nodes: {}, staticNodes: {} }
  const journey = { tree, nodes: {}, innerNodes: {}, scripts: { ours } }
  writeFileSync(
    join(root, 'both', 'Ours.journey.json'),
    JSON.stringify({ trees: { Ours: journey } }),
  )
  const { status, out, err } = await run('import', 'frodo', dirname(path), '--realm', '/alpha')
  assert.equal(status, 0, out + err)
  assert.match(out, /^script: 1 created, 0 changed, 0 as they are\n/)
})

/** Names that lead to no file beside, and what is there. */
const elsewhere: readonly (readonly [name: string, there: (folder: string) => void])[] = [
  ['gone.script.js', () => undefined],
  ['../good/Ours (1).script.js', () => undefined],
  ['/etc/hostname', () => undefined],
  ['', () => undefined],
  ['..', () => undefined],
  ['folder', (folder) => mkdirSync(join(folder, 'folder'))],
  [
    'link.js',
    (folder) => symlinkSync(join(root, 'good', 'Ours.script.json'), join(folder, 'link.js')),
  ],
  ['bytes.js', (folder) => writeFileSync(join(folder, 'bytes.js'), Buffer.of(0xff, 0xfe, 0x00))],
]

for (const [i, [name, prepare]] of elsewhere.entries())
  test(`frodo’s scripts are left out, and told, where their text is not beside them: ${name}`, async () => {
    const { w, run } = await commandLine()
    const path = exported(`bad${i}`, `file://${name}`)
    prepare(dirname(path))
    const { status, out, err } = await run('import', 'frodo', path, '--realm', '/alpha')
    assert.equal(status, 1, out + err)
    assert.match(
      out,
      /^without a counterpart here:\n {2}script: script is in a file that is not beside this one, such as/m,
    )
    assert.equal(await scriptKind.read(await w.realm('/alpha'), 'ours'), undefined)
  })
