import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFile } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'
import { bareEnvironment } from '../bare.ts'
import { start } from '../kill/restart.ts'
import { ask, coded, codeParameters, cookieOf, logIn, open, pushed, visit } from '../party.ts'
import { directory, refusal } from './refused.ts'

const main = join(import.meta.dirname, '..', '..', 'src', 'main.ts')

/** Runs `parapet migrate`; gives its status and all that it said. */
async function migrate(args: readonly string[]): Promise<readonly [status: number, said: string]> {
  const child = spawn(process.execPath, [main, 'migrate', ...args], {
    env: bareEnvironment,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const said = Promise.all([text(child.stdout), text(child.stderr)])
  const [status] = await once(child, 'exit')
  return [status, (await said).join('')]
}

test('house: a store is moved while its server serves; what was open goes on at the new one, what was redeemed does not', async (t) => {
  const [old, fresh] = [await directory(t), await directory(t)]
  const ends = ['--from', `sqlite:${old}`, '--to', `sqlite:${fresh}`]
  const before = await start(old)
  const cookie = cookieOf(await logIn(before.w))
  const [early, spent] = [await pushed(before.w, open), await coded(before.w, open, cookie)]
  const [copied, saidCopied] = await migrate(ends)
  assert.equal(copied, 2, saidCopied)
  assert.match(saidCopied, /^copied: \d+ settings and \d+ records\. .* --switch\n$/)
  assert.match(await refusal({ demo: true, data: fresh }), /PARAPET_KEY|unfinished copy/)
  // It serves on, and what is spent now was copied before.
  assert.equal((await ask(before.w, open, '/access_token', codeParameters(spent))).status, 200)
  const late = await coded(before.w, open, cookie)
  const [early1, saidEarly] = await migrate([...ends, '--switch'])
  assert.equal(early1, 1)
  assert.match(saidEarly, new RegExp(`process ${before.server.pid} has the old store open`))
  before.w.close()
  await before.server.stop()
  const [moved, saidMoved] = await migrate([...ends, '--switch'])
  assert.equal(moved, 0, saidMoved)
  assert.match(saidMoved, /moved and compared, record by record: \d+ settings and \d+ records/)
  assert.match(await refusal({ demo: true, data: old }), /were moved to sqlite:.*spent here again/)

  await copyFile(join(old, 'parapet.key'), join(fresh, 'parapet.key'))
  const { w, server } = await start(fresh)
  t.after(async () => {
    w.close()
    await server.stop()
  })
  const again = await ask(w, open, '/access_token', codeParameters(spent))
  assert.equal(again.status, 400, again.text)
  assert.equal((await ask(w, open, '/access_token', codeParameters(late))).status, 200)
  assert.equal((await ask(w, open, '/access_token', codeParameters(late))).status, 400)
  assert.equal((await visit(w, open, early, cookie)).status, 302, 'the session and the push')
})
