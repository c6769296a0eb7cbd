import assert from 'node:assert/strict'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { random } from '../../src/base/random.ts'
import { now } from '../../src/base/time.ts'
import { createRealm } from '../../src/realm/realms.ts'
import { openStores } from '../../src/store/index.ts'
import { startServer } from '../server.ts'
import { wire } from '../wire.ts'
import { directory } from './refused.ts'

const metadata = '/am/oauth2/.well-known/openid-configuration'

test('C-19 an alias holds from the first request on after any change of settings; an unreadable store ends no process', async (t) => {
  const data = await directory(t)
  const { settings, close } = await openStores({ url: `sqlite:${data}`, now, random })
  t.after(close)
  const { origin, stop } = await startServer({ demo: false, data })
  t.after(stop)
  const port = Number(new URL(origin).port)
  const [own, alias, foreign] = ['localhost', 'one.example.test', 'two.example.test'].map((host) =>
    wire(port, `http://${host}:${port}`),
  )
  t.after(() => {
    for (const each of [own, alias, foreign]) each?.close()
  })
  const status = async (w: typeof own, path = metadata): Promise<number | undefined> =>
    (await w?.call('GET', path))?.status

  assert.equal(await status(alias), 421)
  await createRealm(settings, { path: '/one', aliases: ['one.example.test'], document: {} })
  assert.equal(await status(alias), 200)
  await createRealm(settings, { path: '/two', aliases: [], document: {} })
  assert.equal(await status(alias), 200)

  const file = new DatabaseSync(join(data, 'settings.db'))
  file.exec('ALTER TABLE records RENAME TO away')
  assert.equal(await status(foreign), 503)
  assert.equal(await status(own, '/am/json/health/ready'), 503)
  file.exec('ALTER TABLE away RENAME TO records')
  file.close()
  assert.equal(await status(foreign), 421)
  assert.equal(await status(alias), 200)
})
