import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { freePorts } from '../wire.ts'
import { readPlanFile } from './file.ts'
import { knownAs, type LogEntry } from './known.ts'
import { pagePath, withFigures } from './page.ts'
import { runPlans, type Tally } from './plan.ts'
import { keepResult, readResults } from './progress.ts'
import { type Outcome, type Suite, suiteAt } from './suite.ts'

const folder = mkdtempSync(join(tmpdir(), 'parapet-examined-'))
after(() => rmSync(folder, { recursive: true }))

const run = (...args: readonly string[]) =>
  spawnSync(process.execPath, [join(import.meta.dirname, 'run.ts'), ...args], { encoding: 'utf8' })

test('house: the figures of docs/conformance.md are those of test/conformance/results.json', () => {
  const page = readFileSync(pagePath, 'utf8')
  assert.equal(withFigures(page, readResults(join(import.meta.dirname, 'results.json'))), page)
})

test('house: a name that is no file of plans, and one that is no plan, end a run with 2', () => {
  for (const args of [['nonsense'], ['oidc', 'nonsense']]) {
    const { status, stderr } = run(...args)
    assert.equal(status, 2, stderr)
    assert.match(stderr, /nonsense/)
  }
})

const tallied: Tally = {
  plan: 'a-plan',
  variant: {},
  modules: 3,
  counts: { PASSED: 1, REVIEW: 1, EXCUSED: 1 },
  excused: {},
}

test('house: what passed in a file of progress is not run again', () => {
  const progress = join(folder, 'progress.json')
  const at = { commit: 'c', date: '2026-01-01', suite: '1' }
  keepResult(progress, 'oidc/basic', { ...tallied, ...at })
  const { status, stdout } = run('oidc', 'basic', `progress=${progress}`)
  assert.deepEqual([status, stdout.trim()], [0, 'basic: passed before'])
})

test('house: what several runs keep at the same time is all kept', async () => {
  const progress = join(folder, 'shared.json')
  const module = JSON.stringify(join(import.meta.dirname, 'progress.ts'))
  const result = JSON.stringify({ ...tallied, commit: 'c', date: '2026-01-01', suite: '1' })
  const keeper = (who: number): string =>
    `import { keepResult } from ${module}
     for (let i = 0; i < 20; i++) keepResult(${JSON.stringify(progress)}, 'oidc/${who}-' + i, ${result})`
  const runs = [1, 2, 3, 4].map((who) => {
    const child = spawn(process.execPath, ['--input-type=module', '-e', keeper(who)])
    return once(child, 'exit')
  })
  assert.deepEqual(
    (await Promise.all(runs)).map(([code]) => code),
    [0, 0, 0, 0],
  )
  assert.equal(Object.keys(readResults(progress)).length, 80)
})

test('house: a run that is told to end leaves nothing in the folder for what is temporary', async (t) => {
  const temporary = mkdtempSync(join(folder, 'temporary-'))
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
    const suite = createServer()
    suite.listen(0, '127.0.0.1')
    await once(suite, 'listening')
    t.after(() => suite.close())
    const [port = 0] = await freePorts(1)
    const env = {
      ...process.env,
      ...{ TMPDIR: temporary, PORT: String(port) },
      SUITE: `http://127.0.0.1:${(suite.address() as AddressInfo).port}`,
    }
    const args = [join(import.meta.dirname, 'run.ts'), 'oidc', 'basic']
    const child = spawn(process.execPath, args, { env, stdio: 'ignore' })
    const ended = once(child, 'exit')
    await Promise.race([once(suite, 'request'), ended])
    assert.notDeepEqual(readdirSync(temporary), [])
    child.kill(signal)
    assert.deepEqual(await ended, [1, null])
    suite.closeAllConnections()
    assert.deepEqual(readdirSync(temporary), [], signal)
  }
})

/** Runs a plan of one module that ends so. */
async function outcomeOf(outcome: Partial<Outcome>, only?: string, without = {}) {
  const kept: Tally[] = []
  const suite: Suite = {
    version: async () => '1',
    createPlan: async () => ({ id: 'p', modules: [{ testModule: 'a-module', variant: null }] }),
    run: async () => ({
      ...{ status: 'FINISHED', result: 'PASSED', complaints: [], excused: [], page: '' },
      ...outcome,
    }),
  }
  const status = await runPlans(
    { plans: { one: { plan: 'a', realm: {}, config: {}, without } } },
    ['one'],
    {
      ...{ suite, only, print: () => {}, prepare: async () => {}, act: async () => {} },
      keep: (_, tally) => void kept.push(tally),
    },
  )
  return { status, counts: kept[0]?.counts }
}

test('house: a run ends with 1 where a module failed, warned or did not end, and with 2 where no module has the name', async () => {
  const endings: readonly (readonly [Partial<Outcome>, number, string])[] = [
    [{}, 0, 'PASSED'],
    [{ result: 'REVIEW' }, 0, 'REVIEW'],
    [{ result: 'SKIPPED' }, 0, 'SKIPPED'],
    [{ result: 'WARNING', excused: ['of the suite'] }, 0, 'EXCUSED'],
    [{ result: 'WARNING' }, 1, 'WARNING'],
    [{ result: 'FAILED' }, 1, 'FAILED'],
    [{ status: 'INTERRUPTED', result: 'PASSED' }, 1, 'FAILED'],
    [{ status: 'WAITING' }, 1, 'UNFINISHED'],
    [{ result: 'UNKNOWN' }, 1, 'UNFINISHED'],
  ]
  for (const [outcome, status, ending] of endings)
    assert.deepEqual(await outcomeOf(outcome), { status, counts: { [ending]: 1 } })
  assert.deepEqual(await outcomeOf({}, 'module'), { status: 0, counts: undefined })
  assert.deepEqual(await outcomeOf({}, 'nonsense'), { status: 2, counts: undefined })
  assert.deepEqual(await outcomeOf({}, undefined, { 'a-module': 'no matter' }), {
    ...{ status: 2, counts: {} },
  })
})

test('house: a warning is excused where it is of the condition and the names that the table has, and only then', () => {
  const entry: LogEntry = {
    ...{ _id: 'x', msg: 'm', time: 1, testId: 't', testOwner: {}, requirements: [] },
    ...{ result: 'WARNING', src: 'CheckForUnexpectedClaimsInIdToken', sid: 's' },
  }
  assert.ok(knownAs(entry))
  const others = [{ realm: '/' }, { sid: undefined }, { result: 'FAILURE' }, { src: 'Another' }]
  for (const other of others) {
    const { sid, ...rest } = { ...entry, ...other }
    assert.equal(knownAs(sid === undefined ? rest : { ...rest, sid }), undefined)
  }
})

test('house: a module is excused if every one of its warnings is, and one that waits at its start is started once keys are new', async () => {
  const warning = { result: 'WARNING', src: 'CheckForUnexpectedClaimsInIdToken', sid: 's' }
  const did: string[] = []
  let log: readonly object[] = [warning]
  const answers: Readonly<Record<string, () => unknown>> = {
    'POST runner': () => ({ id: 'i' }),
    'POST runner/i': () => void did.push('started'),
    'GET runner/i/wait-state': () => (did.length > 0 ? { state: 'FINISHED' } : {}),
    'GET info/i': () => ({ status: did.length > 0 ? 'FINISHED' : 'CONFIGURED', result: 'WARNING' }),
    'GET log/i': () => log,
  }
  const original = globalThis.fetch
  globalThis.fetch = async (url, init) => {
    const path = new URL(String(url)).pathname.replace('/api/', '')
    const answer = answers[`${init?.method} ${path}`]?.()
    return new Response(answer === undefined ? null : JSON.stringify(answer))
  }
  try {
    const suite = suiteAt('http://suite.example')
    const once = () =>
      suite.run({ id: 'p', modules: [] }, { testModule: 'm' }, async () => void did.push('rotated'))
    assert.deepEqual((await once()).excused, ['CheckForUnexpectedClaimsInIdToken'])
    assert.deepEqual(did, ['rotated', 'started'])
    log = [warning, { result: 'WARNING', src: 'Another' }]
    assert.deepEqual((await once()).excused, [])
  } finally {
    globalThis.fetch = original
  }
})

/** By file of tests: what the suite demands, and what of a title or of a row of a test there says so. */
type Demands = Readonly<Record<string, Readonly<Record<string, string>>>>

test('house: every demand of the suite has a test of ours, which runs without it', () => {
  const text = readFileSync(join(import.meta.dirname, 'demands.json'), 'utf8')
  const root = join(import.meta.dirname, '../..')
  const missing = Object.entries(JSON.parse(text) as Demands).flatMap(([file, demands]) => {
    const path = join(root, `${file}.test.ts`)
    const tests = existsSync(path) ? readFileSync(path, 'utf8') : ''
    return Object.entries(demands).filter(([, says]) => !tests.includes(says))
  })
  assert.deepEqual(missing, [])
})

test('house: every plan of every file is whole, and its clients are registered', () => {
  const places = { op: 'a', issuer: 'b', resource: 'c', suite: 'd', alias: 'e', callback: 'f' }
  for (const name of ['oidc', 'auth', 'fapi1', 'fapi2']) {
    const { clients, plans } = readPlanFile(name, places)
    for (const [plan, row] of Object.entries(plans)) {
      assert.match(row.plan, /-plan$/, plan)
      const { client, client2 } = row.config as Record<string, { client_id?: string } | undefined>
      for (const id of [client?.client_id, client2?.client_id])
        if (id !== undefined) assert.ok(id in clients, `${plan}: ${id}`)
    }
  }
})
