import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { bareEnvironment } from '../../../test/bare.ts'
import { selfSigned } from '../../../test/certificate.ts'
import { authority } from '../../../test/pki.ts'
import { event } from '../../base/log.ts'
import { runCommand } from '../run-command.ts'
import { serverSettings } from '../settings.ts'

const folder = mkdtempSync(join(tmpdir(), 'parapet-cli-'))
after(() => rmSync(folder, { recursive: true }))

interface Outcome {
  readonly status: number
  readonly out: string
  readonly err: string
}

/** Runs a command whose server refuses to start. */
async function run(environment: Record<string, string>, ...args: string[]): Promise<Outcome> {
  let [out, err] = ['', '']
  const status = await runCommand(args, {
    version: '1.2.3',
    environment,
    start: ({ port }) =>
      Promise.reject(
        Object.assign(
          new Error('the reason'),
          port === 81 ? { code: 'EACCES', syscall: 'listen' } : {},
        ),
      ),
    startProblems: async ({ adminPassword }) =>
      adminPassword === 'refused, twice' ? ['no administrator', 'a demo'] : [],
    forgetDemo: async () => ['removed user demo of /alpha'],
    ask: async () => undefined,
    withRealms: () => Promise.reject(new Error('no store')),
    rotateKeys: async (_, realm) => {
      if (realm === '/nowhere') throw new Error('no realm /nowhere')
      if (realm === '/unused') return [{ path: realm, made: false }]
      return (realm === undefined ? ['/', '/alpha'] : [realm]).map((path) => ({ path, made: true }))
    },
    resealStore: async () => [
      { version: 3, settings: 40, records: 2 },
      { version: 2, settings: 0, records: 1 },
      { version: 1, settings: 0, records: 0 },
    ],
    acceptStore: async (_, keepRecords) => {
      event('store.accepted', {}, 'warn')
      return [keepRecords ? 'kept' : 'void']
    },
    acceptTime: async ({ data }) => {
      if (data === '/nowhere') throw new Error('no store')
      return 1_800_000_000
    },
    migrate: () => Promise.reject(new Error('no store')),
    examineStore: async () => [],
    abandonMigration: async () => undefined,
    print: (text) => {
      out += text
    },
    complain: (text) => {
      err += text
    },
  })
  return { status, out, err }
}

test('house: a command line that makes no sense shows the usage and ends with 2', async () => {
  for (const args of [[], ['sevre'], ['serve', '--demmo'], ['serve', 'x'], ['help', 'sevre']]) {
    const { status, out, err } = await run({}, ...args)
    assert.equal(status, 2, args.join(' '))
    assert.equal(out, '')
    assert.match(err, /Usage:\n {2}parapet serve /)
  }
})

test('house: a command that is nearly one is told with the one that was meant', async () => {
  assert.match((await run({}, 'serv')).err, /^parapet: no such command: serv: did you mean serve\?/)
  assert.match((await run({}, 'metrics')).err, /^parapet: no such command: metrics\n/)
})

test('house: a slip behind a command shows the usage of that command and no other', async () => {
  for (const args of [
    ['check', '--config'],
    ['user', 'list', '--reelm'],
    ['serve', '--demmo'],
  ]) {
    const { status, out, err } = await run({}, ...args)
    assert.deepEqual([status, out], [2, ''], args.join(' '))
    assert.match(
      err,
      new RegExp(`^parapet ${args[0]}: .+\n\nUsage:\n {2}parapet ${args[0]} .*\n.*\n$`),
    )
  }
})

test('house: help names every setting', async () => {
  for (const asked of ['help', '--help', '-h']) {
    const { status, out } = await run({}, asked)
    assert.equal(status, 0)
    for (const row of Object.values(serverSettings)) assert.ok(out.includes(row.environment))
  }
})

test('house: --help behind a command tells of it, --version the version, and both end with 0', async () => {
  for (const args of [
    ['serve', '--help'],
    ['rotate-keys', '-h'],
    ['serve', '--demo', '--help'],
  ]) {
    const { status, out, err } = await run({ PORT: 'x' }, ...args)
    assert.deepEqual([status, err], [0, ''])
    assert.match(
      out,
      new RegExp(`^Usage:\n {2}parapet ${args[0]} .*\n.*\n\nThe settings: parapet help\n$`),
    )
  }
  const asked = await run({}, 'help', 'rotate-keys')
  assert.deepEqual(asked, await run({}, 'rotate-keys', '--help'))
  assert.deepEqual(await run({}, '--version'), { status: 0, out: '1.2.3\n', err: '' })
  const real = spawn(process.execPath, [main, '--version'], { stdio: ['ignore', 'pipe', 'pipe'] })
  assert.match(await wholeOf(real.stdout), /^\d+\.\d+\.\d+\n$/)
})

test('house: check tells every problem of file and environment at once and ends with 1', async () => {
  const config = join(folder, 'bad.json')
  writeFileSync(config, '{"logLevel":"loud","prot":1}')
  const { status, out, err } = await run({ PORT: 'x' }, 'check', '--config', config)
  assert.deepEqual([status, out], [1, ''])
  assert.match(err, /^parapet: 3 problems in the settings:\n/)
  for (const place of ['PORT:', `${config}: logLevel:`, `${config}: prot:`]) {
    assert.ok(err.includes(`  ${place} `), err)
  }
  const absent = await run({ PORT: 'x' }, 'check', '--config', join(folder, 'absent'))
  assert.match(absent.err, /absent: cannot be read \(ENOENT\)\n {2}PORT: /)
})

test('house: a variable that looks like a setting and is none is told, and refused it is not', async () => {
  const slip = { PARAPET_BASE_URLS: 'https://as.example' }
  const silent = {
    ...{ PARAPET_LONG: '1', PARAPET_PYTHON: 'python3', PARAPET_EMPTY: '' },
    ...{ PARAPET_PORT: 'tcp://10.0.0.1:80', PARAPET_PORT_80_TCP: 'x', PARAPET_SERVICE_HOST: 'x' },
  }
  const { status, err } = await run({ ...slip, ...silent }, 'check')
  assert.equal(status, 0)
  assert.equal(err, 'parapet: PARAPET_BASE_URLS is no setting of this server and does nothing\n')
})

test('house: a server that cannot listen says what to do', async () => {
  const { status, err } = await run({ PARAPET_LOG_LEVEL: 'off', PORT: '81' }, 'serve')
  assert.equal(status, 1)
  assert.match(err, /^parapet: the reason: this user may not; .* name another one \(PORT\)\n$/)
})

test('house: check tells what would keep the store from being served, all at once, and ends with 1', async () => {
  const { status, out, err } = await run({ PARAPET_ADMIN_PASSWORD: 'refused, twice' }, 'check')
  assert.deepEqual([status, out], [1, ''])
  assert.equal(
    err,
    'parapet: 2 problems in the store, so that it would not be served:\n  no administrator\n  a demo\n',
  )
})

test('house: check shows the values, never those of secrets', async () => {
  const { status, out } = await run(
    { PARAPET_ADMIN_PASSWORD: 'hunter2hunter2', PORT: '1' },
    'check',
  )
  assert.equal(status, 0)
  assert.match(out, /^port +1$/m)
  assert.match(out, /^adminPassword +\(set\)$/m)
  assert.doesNotMatch(out, /hunter2/)
})

test('house: check shows nothing of a certificate file, whatever stands in it before and beside the certificate', async () => {
  const { cert, key } = selfSigned('localhost')
  const [file, cas] = [join(folder, 'bag.pem'), join(folder, 'cas.pem')]
  for (const before of ['', 'Bag Attributes\n', '\ufeff']) {
    writeFileSync(file, `${before}${cert}\n${key}`)
    writeFileSync(cas, `${before}${authority('ca').pem}\n${key}`)
    const files = {
      ...{ PARAPET_TLS_CERT: file, PARAPET_TLS_KEY: file },
      PARAPET_TLS_CLIENT_CA: cas,
    }
    const { status, out } = await run(files, 'check')
    assert.equal(status, 0)
    assert.match(out, /^tlsCert +\(read\)$/m)
    assert.match(out, /^tlsClientCa +\(read\)$/m)
    assert.doesNotMatch(out, /-----|Bag/)
  }
})

test('house: serve says why it cannot start and ends with 1', async () => {
  const { status, err } = await run({ PARAPET_LOG_LEVEL: 'off' }, 'serve')
  assert.deepEqual([status, err], [1, 'parapet: the reason\n'])
  assert.equal((await run({ PORT: 'x' }, 'serve')).status, 1)
})

test('house: rotate-keys tells whose keys are new, or why it made none', async () => {
  const one = await run({}, 'rotate-keys', '--realm', '/alpha')
  assert.deepEqual(one, { status: 0, out: 'new keys to encrypt to in /alpha\n', err: '' })
  const all = await run({}, 'rotate-keys')
  assert.match(all.out, / in \/\n.* in \/alpha\n$/)
  const unused = await run({}, 'rotate-keys', '--realm', '/unused', '--keys', 'sig', '--now')
  assert.match(unused.out, /^no new keys \(sig\) in \/unused: none of these was asked for yet/)
  const none = await run({}, 'rotate-keys', '--realm', '/nowhere')
  assert.deepEqual(none, { status: 1, out: '', err: 'parapet: no realm /nowhere\n' })
  assert.equal((await run({ PORT: 'x' }, 'rotate-keys')).status, 1)
})

test('house: rotate-keys takes what keys are for, or an algorithm, and says what a spoilt key ends', async () => {
  const of = (...args: string[]) => run({}, 'rotate-keys', '--realm', '/alpha', ...args)
  assert.equal((await of('--keys', 'RS256')).out, 'new keys (RS256) in /alpha\n')
  const spoilt = await of('--keys', 'sig', '--now')
  assert.equal(spoilt.out, 'new keys (sig) in /alpha; those before count no more\n')
  const wrong = await of('--keys', 'HS256')
  assert.deepEqual([wrong.status, wrong.out], [1, ''])
  assert.match(
    wrong.err,
    /--keys: must be one of sig, mac, enc, all, RS256, ES256, PS256, EdDSA, RSA, P-256/,
  )
})

test('parapet rotate-keys --reseal: tells what each key seals, and which may be left out', async () => {
  const { status, out } = await run({}, 'rotate-keys', '--reseal')
  assert.equal(status, 0)
  const lines = out.trim().split('\n')
  assert.equal(lines[0], 'key version 3 seals 40 settings and 2 records')
  assert.match(lines[1] ?? '', /^key version 2 seals 0 settings and 1 records still/)
  assert.match(lines[2] ?? '', /^key version 1 seals nothing any more: it may be left out/)
})

test('parapet accept-time: tells which time it has said is right, or why it could not', async () => {
  const said = await run({}, 'accept-time')
  assert.deepEqual([said.status, said.err], [0, ''])
  assert.match(said.out, /^it is 2027-01-15T08:00:00Z: /)
  const none = await run({ PARAPET_DATA: '/nowhere' }, 'accept-time')
  assert.deepEqual(none, { status: 1, out: '', err: 'parapet: no store\n' })
})

const main = new URL('../../main.ts', import.meta.url).pathname

/** The real command in a process of its own. */
function start(environment: Record<string, string>): ChildProcess {
  return spawn(process.execPath, [main, 'serve', '--demo'], {
    env: { ...bareEnvironment, PARAPET_STORE: 'memory:', PORT: '0', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

async function wholeOf(stream: ChildProcess['stdout']): Promise<string> {
  let all = ''
  for await (const chunk of stream ?? []) all += String(chunk)
  return all
}

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  test(`house: ${signal} ends the real server with status 0, its log one JSON object a line`, async () => {
    const child = start({})
    const log = wholeOf(child.stdout)
    let said = ''
    child.stderr?.on('data', (chunk) => {
      said += String(chunk)
    })
    while (!said.includes('/par')) await once(child.stderr ?? child, 'data')
    const origin = /is up at (\S+)/.exec(said)?.[1] ?? ''
    const live = await fetch(`${origin}/am/json/health/live`)
    assert.equal(live.status, 200)
    child.kill(signal)
    assert.deepEqual(await once(child, 'exit'), [0, null])
    const events = (await log)
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { event: string }).event)
    assert.ok(events.includes('server.started'))
    assert.equal(events.at(-1), 'server.stopped')
  })
}

test('house: a demo for others than this machine is refused', async () => {
  const child = start({ HOST: '0.0.0.0' })
  const said = wholeOf(child.stderr)
  assert.deepEqual(await once(child, 'exit'), [1, null])
  assert.match(await said, /^parapet: --demo is for this machine only/)
})

test('parapet remove-demo: tells what it removed', async () => {
  const { status, out } = await run({}, 'remove-demo')
  assert.equal(status, 0)
  assert.equal(out, 'removed user demo of /alpha\n')
})
