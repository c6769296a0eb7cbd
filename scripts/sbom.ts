/**
 * `npm run sbom`: what the published package needs at run time, as CycloneDX and as SPDX, in `dist`. The Node
 * that a checkout brings along is none of it.
 */
import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

const root = resolve(import.meta.dirname, '..')

/** Members of a list that name what a checkout alone has, by reference or by their own id. */
const ofCheckout = /node-linux-(?:x64|arm64)/

type Bill = Record<string, unknown>

function bill(format: 'cyclonedx' | 'spdx'): Bill {
  const args = ['sbom', '--package-lock-only', '--omit=dev', `--sbom-format=${format}`]
  const text = execFileSync('npm', args, {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 2],
  })
  return JSON.parse(text) as Bill
}

/** Without these members; of the others, without the references to them. */
function published(value: unknown): unknown {
  if (Array.isArray(value)) return value.filter((each) => !names(each)).map(published)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, published(each)]))
}

function names(member: unknown): boolean {
  if (typeof member === 'string') return ofCheckout.test(member)
  if (typeof member !== 'object' || member === null) return false
  const { name, ref, SPDXID, relatedSpdxElement, spdxElementId } = member as Bill
  return [name, ref, SPDXID, relatedSpdxElement, spdxElementId].some((each) =>
    ofCheckout.test(String(each)),
  )
}

mkdirSync(join(root, 'dist'), { recursive: true })
for (const [format, ending] of [
  ['cyclonedx', 'cdx'],
  ['spdx', 'spdx'],
] as const) {
  const file = join(root, 'dist', `parapet.${ending}.json`)
  writeFileSync(file, `${JSON.stringify(published(bill(format)), null, 2)}\n`)
  console.log(file)
}
