/**
 * `npm run test:clients`: every recipe of `docs/guide/connect.md` (its code is in `test/recipes`) as it stands there,
 * with the library it is for, against a server in memory: a person signs in, is known, and signs out. The
 * libraries are installed in the versions named there, into a folder that goes afterwards; with names it runs
 * those recipes only. `PARAPET_RECIPES` names a folder that stays, so that the next run installs nothing.
 */
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, parse, resolve } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { startParapet } from '../src/testing.ts'
import { type Recipe, recipes } from '../test/recipes/cases.ts'
import { runInBrowser } from '../test/recipes/in-browser.ts'
import { person } from '../test/recipes/person.ts'
import { documentOf, secret } from '../test/recipes/registration.ts'
import { freePorts } from '../test/wire.ts'

const from = resolve(import.meta.dirname, '../test/recipes')
const kept = process.env.PARAPET_RECIPES
const folder = kept ?? mkdtempSync(join(tmpdir(), 'parapet-recipes-'))
if (kept === undefined) process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
/** Milliseconds an application may take to answer, and after that a recipe to be done. */
const patience = 60_000

const named = process.argv.slice(2)
const chosen = recipes.filter(({ file }) => named.length === 0 || named.includes(parse(file).name))
if (chosen.length < named.length || chosen.length === 0) {
  console.error(`npm run test:clients: the recipes are ${recipes.map(nameOf).join(' ')}`)
  process.exit(2)
}

function nameOf({ file }: Recipe): string {
  return parse(file).name
}

function isPython({ file }: Recipe): boolean {
  return file.endsWith('.py')
}

function install(): void {
  mkdirSync(folder, { recursive: true })
  cpSync(from, folder, { recursive: true, filter: (path) => !path.endsWith('.ts') })
  const run = (program: string, ...args: readonly string[]) =>
    execFileSync(program, args, { cwd: folder, stdio: ['ignore', 'inherit', 'inherit'] })
  if (!chosen.every(isPython) && !existsSync(join(folder, 'node_modules'))) {
    // Each library as somebody has it who uses that one alone: what they ask of one another does not count.
    run(
      'npm',
      'install',
      '--ignore-scripts',
      '--legacy-peer-deps',
      '--no-audit',
      '--no-fund',
      '--loglevel=error',
    )
  }
  if (chosen.some(isPython) && !existsSync(join(folder, 'venv'))) {
    run('python3', '-m', 'venv', 'venv')
    run(
      'venv/bin/pip',
      'install',
      '--quiet',
      '--disable-pip-version-check',
      '-r',
      'requirements.txt',
    )
  }
}

/** Runs one application while something is done with it; what it printed is told when that fails. */
async function whileRunning(
  recipe: Recipe,
  environment: Readonly<Record<string, string>>,
  during: () => Promise<void>,
): Promise<void> {
  const program = isPython(recipe) ? join(folder, 'venv', 'bin', 'python') : process.execPath
  const { PATH = '' } = process.env
  const env = { PATH: `${dirname(process.execPath)}:${PATH}`, HOME: folder, ...environment }
  const application = spawn(program, [recipe.file], { cwd: folder, env })
  let printed = ''
  for (const stream of [application.stdout, application.stderr]) {
    stream.on('data', (text: Buffer) => {
      printed += String(text)
    })
  }
  const ended = once(application, 'exit')
  try {
    await up(environment.BASE_URL ?? '', () => application.exitCode !== null)
    await Promise.race([during(), late()])
  } catch (error) {
    throw new Error(`${String(error)}\n${printed.slice(-4000)}`, { cause: error })
  } finally {
    application.kill('SIGKILL')
    await ended
  }
}

async function up(address: string, isOver: () => boolean): Promise<void> {
  for (const end = Date.now() + patience; Date.now() < end && !isOver(); await setTimeout(50)) {
    const answered = await fetch(`${address}/nothing`, { redirect: 'manual' }).then(
      () => true,
      () => false,
    )
    if (answered) return
  }
  throw new Error('the application does not answer')
}

async function late(): Promise<never> {
  await setTimeout(patience, undefined, { ref: false })
  throw new Error('not done in time')
}

install()
const ports = await freePorts(chosen.length)
const applications = chosen.map((recipe, i) => ({
  ...recipe,
  client_id: nameOf(recipe),
  origin: `http://localhost:${ports[i]}`,
  browser: recipe.run === undefined,
}))
const parapet = await startParapet({ config: documentOf(applications) })
let failed = 0
for (const application of applications) {
  const { client_id, origin } = application
  const start = performance.now()
  const environment = {
    ISSUER: parapet.issuer('/alpha'),
    BASE_URL: origin,
    CLIENT_ID: client_id,
    CLIENT_SECRET: secret,
  }
  const { run, file } = application
  const settings = { issuer: environment.ISSUER, client_id }
  try {
    if (run === undefined) await runInBrowser(join(folder, file), origin, settings)
    else {
      await whileRunning(application, environment, () => run(person(parapet.origin), origin))
    }
    console.log(`✔ ${client_id} (${((performance.now() - start) / 1000).toFixed(1)} s)`)
  } catch (error) {
    failed += 1
    console.error(`✖ ${client_id}\n${String(error)}\n`)
  }
}
await parapet.stop()
console.log(`${chosen.length - failed} passed, ${failed} failed`)
if (failed > 0) process.exitCode = 1
