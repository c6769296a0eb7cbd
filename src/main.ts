#!/usr/bin/env node
/** The command `parapet`. Looks at Node's version before anything is loaded that an old one lacks. */
import { tooOld } from './node-version.ts'

const old = tooOld(process.versions.node)
if (old !== undefined) {
  process.stderr.write(`${old}\n`)
  process.exit(1)
}
const { readFileSync } = await import('node:fs')
const { asker } = await import('./server/cli/ask.ts')
const { runCommand } = await import('./server/cli/index.ts')
const maintain = await import('./maintain.ts')
const { start } = await import('./start.ts')

const manifest = new URL('../package.json', import.meta.url)
const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { readonly version: string }

const status = await runCommand(process.argv.slice(2), {
  version,
  environment: process.env,
  start: (settings, demo, configured) => start(settings, demo, { configured }),
  startProblems: maintain.startProblems,
  withRealms: maintain.withRealms,
  forgetDemo: maintain.forgetDemo,
  rotateKeys: maintain.rotateKeys,
  resealStore: maintain.resealStore,
  acceptStore: maintain.acceptStore,
  acceptTime: maintain.acceptTime,
  migrate: maintain.migrateStore,
  abandonMigration: maintain.abandonMigration,
  ask: asker(process.stdin, process.stderr),
  terminal: process.stderr.isTTY,
  print: (text) => void process.stdout.write(text),
  complain: (text) => void process.stderr.write(text),
})
process.exit(status)
