import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { runIn } from '../../../test/command-line.ts'
import { StoreUnavailable } from '../../store/store.ts'

const folder = mkdtempSync(join(tmpdir(), 'parapet-reason-'))
after(() => rmSync(folder, { recursive: true }))
const document = join(folder, 'realms.json')
writeFileSync(document, '{}')

const full = async (): Promise<never> => {
  throw new StoreUnavailable('not written', { cause: new Error('database or disk is full') })
}

/** Command lines, one for each command that uses a store. */
const all: readonly (readonly string[])[] = [
  ['serve'],
  ['apply', document],
  ['export'],
  ['explain', '-', '--realm', '/alpha'],
  ['compliance', '--realm', '/alpha'],
  ['lint', 'c', '--realm', '/alpha'],
  ['import', 'jsonl', document, '--realm', '/alpha'],
  ['user', 'list', '--realm', '/alpha'],
  ['admin', 'set-password', '--password-file', document],
  ['remove-demo'],
  ['rotate-keys'],
  ['rotate-keys', '--reseal'],
  ['accept-store'],
  ['accept-time'],
  ['migrate', '--to', 'sqlite:elsewhere'],
  ['store', 'doctor'],
]

const world = {
  environment: { PARAPET_DATA: join(folder, 'data') },
  ...{ start: full, withRealms: full, forgetDemo: full, rotateKeys: full, resealStore: full },
  ...{ acceptStore: full, acceptTime: full, migrate: full, examineStore: full },
  ask: async () => 'asked',
}

for (const args of all)
  test(`house: parapet ${args.slice(0, 2).join(' ').replace(document, 'file')} says what kept a store from it`, async () => {
    const { status, err } = await runIn(world, args)
    assert.ok(status > 0)
    assert.match(err, /not written: database or disk is full\n$/)
  })
