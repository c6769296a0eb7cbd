/**
 * The step before `npm start` and `npm test`. Installs what package-lock.json asks for unless it
 * stands already, and sees to a Node that can run TypeScript source. It is plain JavaScript without
 * a dependency, because it runs first: on Node 20 and with no node_modules.
 */
import { execFileSync, spawn } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import * as fs from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const modules = join(root, 'node_modules')
const stamp = join(modules, '.parapet-lock')
const lock = join(root, '.cache', 'prepare.lock')
const bundledNode = join(modules, '.bin', 'node')
const wanted = [24, 11]

const lockFile = read(join(root, 'package-lock.json'))
if (lockFile === undefined) fail('package-lock.json is missing: this is no complete checkout.')
const hash = createHash('sha256').update(lockFile).digest('hex')

/** What the lock says of its owner: this process, and the npm it runs. */
let held = { pid: process.pid, host: hostname(), id: randomBytes(8).toString('hex') }
/** npm while it runs, and whether it has been told to stop. */
let running
let stopped = false

if (read(stamp) !== hash) {
  const release = await acquire()
  try {
    if (read(stamp) !== hash) {
      if (!installed()) await install()
      dropUnusableNode()
      fs.writeFileSync(stamp, hash)
    }
  } finally {
    release()
  }
}
if (!recent(process.version) && !fs.existsSync(bundledNode)) {
  fail(
    `Node ${wanted.join('.')} or newer is needed; this is ${process.version} at ${process.execPath}.`,
    'On linux x64 and arm64 (glibc) it comes with the dependencies; elsewhere install it from',
    'https://nodejs.org and make sure that `node --version` shows it.',
  )
}

/** True if node_modules is what a finished npm run made of this very lock file, stamp or not. */
function installed() {
  const record = read(join(modules, '.package-lock.json'))
  if (record === undefined) return false
  try {
    const there = JSON.parse(record).packages
    const asked = JSON.parse(lockFile).packages
    const same = (path) => path in asked && asked[path].integrity === there[path].integrity
    return (
      Object.keys(there).every(same) &&
      Object.keys(asked).every((path) => path === '' || path in there || asked[path].optional)
    )
  } catch {
    return false
  }
}

/** No install script runs: nothing in the tree needs one, and it is the usual way in for malware. */
function install() {
  console.error('parapet: installing dependencies (npm ci)')
  const args = ['ci', '--include=dev', '--include=optional', '--ignore-scripts']
  // Not the `node` of node_modules/.bin: npm is about to delete it.
  const { npm_execpath: npm, npm_node_execpath: node } = process.env
  const [command, before] = npm && node ? [node, [npm]] : ['npm', []]
  // npm's own talk goes to stderr: stdout belongs to what runs after this step.
  running = spawn(command, [...before, ...args], { cwd: root, stdio: ['ignore', 2, 2] })
  const unnamed = JSON.stringify(held)
  held = { ...held, child: running.pid }
  if (read(lock) === unnamed) fs.writeFileSync(lock, JSON.stringify(held))
  return new Promise((resolve) => {
    running.on('error', (error) => fail(`npm could not be started: ${error.message}`))
    running.on('exit', (code) => {
      if (stopped) process.exit(1)
      if (code === 0) resolve()
      else fail(`npm ci failed (${code}).`)
    })
  })
}

/** npm stops first: while it runs, nobody else may install. */
function stop(signal) {
  stopped = true
  if (running?.pid === undefined || running.exitCode !== null) process.exit(1)
  running.kill(signal)
}

/** The bundled Node is built for glibc. Where it does not run it must not shadow the system's. */
function dropUnusableNode() {
  if (!fs.existsSync(bundledNode)) return
  try {
    const version = execFileSync(bundledNode, ['--version'], { encoding: 'utf8', stdio: 'pipe' })
    if (recent(version.trim())) return
  } catch {}
  fs.rmSync(bundledNode, { force: true })
}

/** Takes the lock, waiting for another process that installs; gives the function that returns it. */
async function acquire() {
  fs.mkdirSync(join(root, '.cache'), { recursive: true })
  for (let told = false; !create(lock, JSON.stringify(held)); ) {
    if (!told) console.error('parapet: another process is installing dependencies, waiting for it')
    told = true
    removeIfStale()
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  const beat = setInterval(() => {
    if (isOurs()) fs.utimesSync(lock, new Date(), new Date())
  }, 5000)
  const release = () => {
    clearInterval(beat)
    if (isOurs()) fs.rmSync(lock, { force: true })
  }
  process.once('exit', release)
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, stop)
  return release
}

function isOurs() {
  return read(lock) === JSON.stringify(held)
}

function create(path, text) {
  try {
    fs.writeFileSync(path, text, { flag: 'wx' })
    return true
  } catch (error) {
    if (error.code === 'EEXIST') return false
    throw error
  }
}

/**
 * Removes the lock of a process that is gone. A guard makes looking and removing one step, so that
 * of two waiting processes none removes the lock the other has just taken.
 */
function removeIfStale() {
  const guard = `${lock}.guard`
  if (!create(guard, '')) {
    if (age(guard) > 60_000) fs.rmSync(guard, { force: true })
    return
  }
  if (ownerIsGone()) fs.rmSync(lock, { force: true })
  fs.rmSync(guard, { force: true })
}

/** Its npm may have outlived the owner, if that was killed; without a beat the number is trusted for ten minutes. */
function ownerIsGone() {
  let owner
  try {
    owner = JSON.parse(read(lock) ?? '')
  } catch {
    return age(lock) > 60_000
  }
  const here = owner.host === hostname()
  const installing = here && isAlive(owner.child)
  if (age(lock) > (installing ? 600_000 : 60_000)) return true
  return here && !installing && !isAlive(owner.pid)
}

function isAlive(pid) {
  if (pid === undefined) return false
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return error.code !== 'ESRCH'
  }
}

/** Milliseconds since a file was touched; 0 when there is none. */
function age(path) {
  const stat = fs.statSync(path, { throwIfNoEntry: false })
  return stat === undefined ? 0 : Date.now() - stat.mtimeMs
}

function recent(version) {
  const [major, minor] = version.replace(/^v/, '').split('.').map(Number)
  return major > wanted[0] || (major === wanted[0] && minor >= wanted[1])
}

function read(path) {
  try {
    return fs.readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

function fail(...lines) {
  console.error(`parapet: ${lines.join('\n  ')}`)
  process.exit(1)
}
