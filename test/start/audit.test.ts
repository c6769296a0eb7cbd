import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { encodeForm } from '../../src/base/form.ts'
import { rotateKeys } from '../../src/maintain.ts'
import { familiesMeant } from '../../src/realm/key/rotation.ts'
import { logLines } from '../../src/server/observe/log-lines.ts'
import { readServerSettings } from '../../src/server/settings.ts'
import { start } from '../../src/start.ts'
import { basic, challenge } from '../world.ts'

const data = mkdtempSync(join(tmpdir(), 'parapet-audited-'))
after(() => rmSync(data, { recursive: true }))
const logs = join(data, 'logs')
mkdirSync(logs)
const path = join(logs, 'full')
const { settings } = readServerSettings({
  ...{ PORT: '0', PARAPET_DATA: data, PARAPET_ADMIN_PASSWORD: 'a test admin' },
  ...{ PARAPET_AUDIT_LOG: path, PARAPET_AUDIT_STRICT: 'on' },
})
assert.ok(settings)

type Line = Record<string, unknown>

const parsed = (text: string): Line[] =>
  text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Line)

let log = ''
const write = (line: string): void => {
  log += line
}
const endLog = logLines(
  { level: 'info', format: 'json' },
  { write, written: async () => undefined },
)
after(endLog)

/** Settles once the log has a line with that event. */
async function logged(event: string): Promise<Line> {
  for (;;) {
    const found = parsed(log).find((line) => line.event === event)
    if (found !== undefined) return found
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

test('house: a request is followed by its id from the call through log and audit log; what cannot be audited is not answered; a command is audited like a server', async () => {
  const running = await start(settings, 'here')
  const trace = '4bf92f3577b34da6a3ce929d0e0e4736'
  const form = {
    ...{ response_type: 'code', scope: 'write', code_challenge_method: 'S256' },
    ...{ redirect_uri: `${running.origin}/demo/callback`, code_challenge: challenge },
  }
  const ask = (scope: string): Promise<Response> =>
    fetch(`${running.origin}/am/oauth2/realms/root/realms/alpha/par`, {
      method: 'POST',
      body: encodeForm(Object.entries({ ...form, scope })),
      headers: {
        authorization: basic(),
        'content-type': 'application/x-www-form-urlencoded',
        traceparent: `00-${trace}-00f067aa0ba902b7-01`,
      },
    })
  const refused = await ask('nothing')
  assert.equal(refused.headers.get('x-request-id'), trace)
  assert.equal(refused.status, 400)
  assert.equal((await logged('request')).request, trace)

  // A disk without room: a file that is called \`full\`, in the folder of the devices.
  renameSync(logs, `${logs}.1`)
  symlinkSync('/dev', logs)
  process.emit('SIGHUP')
  // Whether this one is still answered depends on whether a line is being written already.
  const { status } = await ask('nothing')
  assert.equal((await logged('audit.failing')).level, 'alarm')
  const unanswered = await ask('nothing')
  assert.deepEqual([unanswered.status, unanswered.headers.get('retry-after')], [503, '1'])
  assert.equal(unanswered.headers.get('x-request-id'), trace)
  rmSync(logs)
  mkdirSync(logs)
  process.emit('SIGHUP')
  await logged('audit.resumed')
  const last = await ask('nothing')
  assert.equal(last.status, 400)
  await running.stop()

  const wanted = familiesMeant('mac') ?? assert.fail()
  const by = 'parapet rotate-keys'
  await rotateKeys(settings, '/alpha', { wanted, spoilt: false, by })

  const lines = [join(`${logs}.1`, 'full'), path].flatMap((each) =>
    parsed(readFileSync(each, 'utf8')),
  )
  const of = (name: string): Line[] => lines.filter(({ event }) => event === name)
  assert.equal(of('server.started').length, 1)
  assert.equal(of('server.stopped').length, 1)
  // Those that were refused by a rule, and none that was not looked at.
  const looked = [refused.status, status, unanswered.status, last.status].filter(
    (each) => each === 400,
  )
  const expected = looked.map(() => [trace, 'myClient'])
  assert.deepEqual(
    of('par.refused').map(({ request, client }) => [request, client]),
    expected,
  )
  assert.deepEqual(
    of('keys.changed').map((line) => [line.realm, line.by]),
    [['/alpha', by]],
  )
})
