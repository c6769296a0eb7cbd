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
const { outputTo } = await import('./server/cli/output/output.ts')
const { runCommand } = await import('./server/run-command.ts')

const manifest = new URL('../package.json', import.meta.url)
const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { readonly version: string }

// Each is loaded when a command needs it: a probe of health is run every few seconds.
const starting = () => import('./start.ts')
const upkeep = () => import('./maintain.ts')

const [output, complaints] = [outputTo(process.stdout), outputTo(process.stderr)]
const status = await runCommand(process.argv.slice(2), {
  version,
  environment: process.env,
  start: async (settings, demo, around) => (await starting()).start(settings, demo, around),
  startProblems: async (...asked) => (await upkeep()).startProblems(...asked),
  withRealms: async (...asked) => (await upkeep()).withRealms(...asked),
  forgetDemo: async (...asked) => (await upkeep()).forgetDemo(...asked),
  rotateKeys: async (...asked) => (await upkeep()).rotateKeys(...asked),
  resealStore: async (...asked) => (await upkeep()).resealStore(...asked),
  acceptStore: async (...asked) => (await upkeep()).acceptStore(...asked),
  acceptTime: async (...asked) => (await upkeep()).acceptTime(...asked),
  migrate: async (...asked) => (await upkeep()).migrateStore(...asked),
  examineStore: async (...asked) => (await upkeep()).examineStore(...asked),
  abandonMigration: async (...asked) => (await upkeep()).abandonMigration(...asked),
  ask: asker(process.stdin, process.stderr),
  terminal: process.stderr.isTTY,
  print: output.print,
  complain: complaints.print,
})
const unwritten = await output.end()
if (unwritten !== undefined)
  complaints.print(`parapet: what was to be printed could not be written (${unwritten})\n`)
await complaints.end()
process.exit(unwritten === undefined ? status : 1)
