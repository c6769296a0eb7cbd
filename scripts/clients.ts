/**
 * `npm run test:clients`: what people connect with. Every recipe of `docs/guide/connect.md` (its code is in
 * `test/recipes`) as it stands there, with the library it is for, against a server in memory: a person signs in, is
 * known, and signs out. And every library of `test/recipes/secured` with what it knows beyond that. The
 * libraries are installed in the versions named there, into a folder that goes afterwards; with names it runs
 * those only, and the ones that are compiled are run by name alone. `PARAPET_RECIPES` names a folder that stays, so
 * that the next run installs nothing.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, parse } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { startParapet } from '../src/testing.ts'
import { type Recipe, recipes } from '../test/recipes/cases.ts'
import { runInBrowser } from '../test/recipes/in-browser.ts'
import { person } from '../test/recipes/person.ts'
import { documentOf, secret } from '../test/recipes/registration.ts'
import { compiling, libraries, missing, type Tool } from '../test/recipes/secured/libraries.ts'
import { tryOut } from '../test/recipes/secured/run.ts'
import { openStage } from '../test/recipes/secured/stage.ts'
import { freePorts } from '../test/wire.ts'
import { install } from './clients/install.ts'

const kept = process.env.PARAPET_RECIPES
const folder = kept ?? mkdtempSync(join(tmpdir(), 'parapet-recipes-'))
if (kept === undefined) process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
/** Milliseconds an application may take to answer, and after that a recipe to be done. */
const patience = 60_000

const names = process.argv.slice(2)
const known = new Set([...recipes.map(nameOf), ...libraries.map(({ name }) => name)])
if (!names.every((name) => known.has(name))) {
  console.error(`npm run test:clients: there are ${[...known].join(' ')}`)
  process.exit(2)
}
const chosen = recipes.filter((recipe) => names.length === 0 || names.includes(nameOf(recipe)))
const wanted = libraries.filter(({ name, tool }) =>
  names.length === 0 ? !compiling.includes(tool) : names.includes(name),
)
const tried = wanted.filter((library) => missing(library) === undefined)

function nameOf({ file }: Recipe): string {
  return parse(file).name
}

function isPython({ file }: Recipe): boolean {
  return file.endsWith('.py')
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

const tools = chosen.map((recipe): Tool => (isPython(recipe) ? 'pip' : 'npm'))
install(folder, new Set([...tools, ...tried.map(({ tool }) => tool)]))
const count = { passed: 0, failed: 0 }

function told(name: string, failure?: string): void {
  count[failure === undefined ? 'passed' : 'failed'] += 1
  if (failure === undefined) console.log(`✔ ${name}`)
  else console.error(`✖ ${name}\n${failure}\n`)
}

async function runRecipes(): Promise<void> {
  const ports = await freePorts(chosen.length)
  const applications = chosen.map((recipe, i) => ({
    ...recipe,
    client_id: nameOf(recipe),
    origin: `http://localhost:${ports[i]}`,
    browser: recipe.run === undefined,
  }))
  const parapet = await startParapet({ config: documentOf(applications) })
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
      told(`${client_id} (${((performance.now() - start) / 1000).toFixed(1)} s)`)
    } catch (error) {
      told(client_id, String(error))
    }
  }
  await parapet.stop()
}

async function tryLibraries(): Promise<void> {
  for (const library of wanted) {
    const tool = missing(library)
    if (tool !== undefined) console.log(`MISSING ${library.name}: no ${tool} found`)
  }
  if (tried.length === 0) return
  const place = mkdtempSync(join(tmpdir(), 'parapet-secured-'))
  const stage = await openStage(place)
  for (const library of tried) await tryOut(library, folder, stage, told)
  await stage.close()
  rmSync(place, { recursive: true })
}

if (chosen.length > 0) await runRecipes()
await tryLibraries()
console.log(`${count.passed} passed, ${count.failed} failed`)
if (count.failed > 0) process.exitCode = 1
