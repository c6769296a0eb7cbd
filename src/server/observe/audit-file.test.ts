import assert from 'node:assert/strict'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, test } from 'node:test'
import { auditLinesOf } from '../../../test/audit-lines.ts'
import { base, requestOf, world } from '../../../test/world.ts'
import type { Event } from '../../base/log.ts'
import { event } from '../../base/log.ts'
import { newTrace, traced } from '../../base/trace.ts'
import { startAudit } from './audit.ts'

const folder = mkdtempSync(join(tmpdir(), 'parapet-audit-'))
after(() => rmSync(folder, { recursive: true }))
const w = await world()

/** Settles with the next event of that name. */
function told(name: string): Promise<Event> {
  return new Promise((resolve) => {
    const listener = (message: unknown): void => {
      if ((message as Event).name !== name) return
      unsubscribe('parapet', listener)
      resolve(message as Event)
    }
    subscribe('parapet', listener)
  })
}

/** The path of a file that can be opened, and never be written to. */
function fullDisk(): string {
  const link = join(mkdtempSync(join(folder, 'full-')), 'disk')
  symlinkSync('/dev', link)
  return join(link, 'full')
}

/** Another folder stands in the place of that one. */
function makeRoom(path: string): void {
  rmSync(dirname(path))
  mkdirSync(dirname(path))
}

test('house: SIGHUP takes the file that has the name by then, and loses no line', async () => {
  const path = join(mkdtempSync(join(folder, 'b')), 'audit.log')
  const audit = startAudit({ auditLog: path, auditStrict: 'off' })
  const note = (n: number) =>
    event('group.deleted', { realm: '/', group: `${n}`, by: 'x'.repeat(200) })
  let count = 0
  for (let turn = 0; turn < 5; turn++) {
    for (let i = 0; i < 500; i++) note(count++)
    // In the middle of a write or before it.
    if (turn % 2 === 0) await new Promise(setImmediate)
    renameSync(path, `${path}.${turn}`)
    process.emit('SIGHUP')
    for (let i = 0; i < 10; i++) note(count++)
  }
  await audit.end()
  const files = [...Array.from({ length: 5 }, (_, turn) => `${path}.${turn}`), path]
  const lines = files.flatMap(auditLinesOf)
  assert.deepEqual(
    lines.map(({ details }) => Number(details.group)).sort((a, b) => a - b),
    Array.from({ length: count }, (_, n) => n),
  )
  assert.ok(auditLinesOf(path).length > 0)
})

for (const strict of ['off', 'on'] as const) {
  test(`house: a full disk raises an alarm that counts, ${strict === 'on' ? 'nothing is answered meanwhile' : 'requests go on'}, and no line is lost`, async () => {
    const path = fullDisk()
    const audit = startAudit({ auditLog: path, auditStrict: strict })
    const serve = audit.guarded(w.serve)
    const ask = () => serve(requestOf('GET', `${base}/.well-known/openid-configuration`))
    assert.equal((await ask()).status, 200)
    const alarmed = told('audit.failing')
    traced(newTrace({ method: 'DELETE', peer: '192.0.2.1', id: 'its-own' }), () =>
      event('group.deleted', { realm: '/', group: '1', by: 'x' }),
    )
    const { level, fields, trace } = await alarmed
    assert.equal(level, 'alarm')
    assert.equal(trace, undefined, 'what the server does by itself is part of no request')
    assert.equal(fields.waiting, 1)
    assert.match(String(fields.reason), /ENOSPC/)
    // What failed is under way no more when the alarm is out.
    await new Promise(setImmediate)
    const outcome = told('request')
    assert.equal((await ask()).status, strict === 'on' ? 503 : 200)
    assert.equal((await outcome).fields.status, strict === 'on' ? 503 : 200)
    assert.equal((await serve(requestOf('GET', '/am/json/health/live'))).status, 200)
    event('group.deleted', { realm: '/', group: '2', by: 'x' })
    // There is room again.
    makeRoom(path)
    const resumed = told('audit.resumed')
    process.emit('SIGHUP')
    assert.equal((await resumed).fields.lost, 0)
    assert.equal((await ask()).status, 200)
    await audit.end()
    const found = auditLinesOf(path)
    assert.deepEqual(
      found.map(({ event: name, details, request }) => [name, details.group, request]),
      [
        ['group.deleted', '1', 'its-own'],
        ['group.deleted', '2', undefined],
        ['audit.resumed', undefined, undefined],
      ],
    )
  })
}

test('house: what more comes than can wait is lost, and counted in alarm and file', async () => {
  const path = fullDisk()
  const audit = startAudit({ auditLog: path, auditStrict: 'off' })
  const alarmed = told('audit.failing')
  const note = () => event('group.deleted', { realm: '/', group: 'x'.repeat(4000), by: 'x' })
  note()
  await alarmed
  for (let i = 0; i < 5000; i++) note()
  makeRoom(path)
  const resumed = told('audit.resumed')
  process.emit('SIGHUP')
  const { fields } = await resumed
  await audit.end()
  const found = auditLinesOf(path)
  const gap = found.find(({ event: name }) => name === 'audit.resumed')
  assert.ok(typeof fields.lost === 'number' && fields.lost > 0)
  assert.equal(gap?.details.lost, fields.lost)
  assert.equal(found.length - 1 + fields.lost, 5001)
})

test('house: where no line could be written to the end the alarm says how many', async () => {
  const path = fullDisk()
  const audit = startAudit({ auditLog: path, auditStrict: 'off' })
  const failing = told('audit.failing')
  event('group.deleted', { realm: '/', group: '1', by: 'x' })
  await failing
  const lost = told('audit.lost')
  await audit.end()
  assert.deepEqual((await lost).fields, { lines: 1 })
})

test('house: a link in the place of the audit log is followed neither at the start nor at SIGHUP, one before it is', async () => {
  const place = mkdtempSync(join(folder, 'links-'))
  const victim = join(place, 'authorized_keys')
  writeFileSync(victim, 'mine\n')
  const path = join(place, 'audit.log')
  symlinkSync(victim, path)
  assert.throws(
    () => startAudit({ auditLog: path, auditStrict: 'off' }),
    /audit\.log is a symbolic link, which is not followed: .*: see PARAPET_AUDIT_LOG/,
  )
  const elsewhere = `${place}-link`
  symlinkSync(place, elsewhere)
  rmSync(path)
  const audit = startAudit({ auditLog: join(elsewhere, 'audit.log'), auditStrict: 'off' })
  event('group.deleted', { realm: '/', group: '1', by: 'x' })
  renameSync(path, `${path}.1`)
  symlinkSync(victim, path)
  const refused = told('audit.not_reopened')
  process.emit('SIGHUP')
  assert.match(String((await refused).fields.reason), /ELOOP/)
  event('group.deleted', { realm: '/', group: '2', by: 'x' })
  await audit.end()
  assert.equal(readFileSync(victim, 'utf8'), 'mine\n')
  assert.deepEqual(
    auditLinesOf(`${path}.1`).map(({ details }) => details.group),
    ['1', '2'],
  )
})

test('house: an audit log that cannot be opened ends the start, with the reason', () => {
  assert.throws(
    () => startAudit({ auditLog: folder, auditStrict: 'off' }),
    /audit log .* cannot be written \(EISDIR\): see PARAPET_AUDIT_LOG/,
  )
})
