import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'

/** A line of an audit log. */
export type AuditLine = Record<string, unknown> & { readonly details: Record<string, unknown> }

/** All lines of an audit log: whole ones, each of JSON. */
export function auditLinesOf(path: string): AuditLine[] {
  const text = readFileSync(path, 'utf8')
  assert.ok(text === '' || text.endsWith('\n'))
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as AuditLine)
}
