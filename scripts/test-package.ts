/**
 * `npm run test:package`: packs parapet as it is published, installs the archive in the empty project of somebody
 * with an empty home, and does there what its users do: types, test kit, commands, and a server that is pushed to,
 * ended, and started again. The first step that does not come out as it should ends it with 1.
 */
import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { proxy } from '../test/deployment/nginx.ts'
import { needs } from '../test/program.ts'
import { fetchOver } from '../test/tls-wire.ts'
import { freePorts } from '../test/wire.ts'
import { manifestOf } from './manifest.ts'
import { missingDrivers, twoServers } from './package/nodes.ts'
import { open, push, realms, serve } from './package/serve.ts'
import { somebody } from './package/somebody.ts'
import { compile, strangeFiles, testing } from './package/types.ts'
import { pack } from './packed.ts'

const root = resolve(import.meta.dirname, '..')
const someone = somebody()
const { folder, project, environment, run } = someone
const installed = join(project, 'node_modules', 'parapet')
const bin = join(project, 'node_modules', '.bin', 'parapet')

function step(what: string): void {
  console.log(`• ${what}`)
}

step('npm pack, an empty project, an empty home')
someone.install(pack(folder))
const manifest = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8')) as Readonly<
  Record<string, unknown>
>
assert.deepEqual(strangeFiles(installed), [])
for (const name of ['scripts', 'devDependencies', 'optionalDependencies'])
  assert.equal(manifest[name], undefined)

for (const name of Object.keys(manifest.dependencies ?? {})) assert.doesNotMatch(name, /^node-/)

step('what an image is made of: the drivers of every store, and no Node')
const modules = join(folder, 'modules')
mkdirSync(join(modules, 'scripts'), { recursive: true })
for (const name of ['package.json', 'package-lock.json', '.npmrc', 'scripts/manifest.ts'])
  copyFileSync(join(root, name), join(modules, name))
const [, recipe = ''] =
  /RUN (node scripts\/manifest\.ts.*\n.*)\n/.exec(readFileSync(join(root, 'Dockerfile'), 'utf8')) ??
  []
execFileSync('sh', ['-euc', recipe], { cwd: modules, stdio: ['ignore', 'ignore', 'inherit'] })
const inImage = readdirSync(join(modules, 'node_modules'))
for (const name of ['jose', 'postgres', 'ioredis']) assert.ok(inImage.includes(name), name)
for (const name of [...inImage, '']) assert.doesNotMatch(name, /^(?:node-|typescript$)/)

step('types, by TypeScript 5.6 and the newest')
const older = join(folder, 'older')
mkdirSync(older)
execFileSync(
  'npm',
  ['install', '--prefer-offline', '--no-audit', '--no-fund', '--silent', 'typescript@5.6.3'],
  { cwd: older, stdio: ['ignore', 'ignore', 'inherit'] },
)
compile(
  someone,
  [older, root].map((each) => join(each, 'node_modules', 'typescript', 'bin', 'tsc')),
)

step('the test kit, and the library')
writeFileSync(join(project, 'test.js'), testing)
assert.match(run('node', ['test.js']), /^pushed by app true$/m)
writeFileSync(
  join(project, 'library.js'),
  "import * as all from 'parapet'\nconsole.log(Object.keys(all).join())",
)
assert.match(run('node', ['library.js']), /\bopenStores\b/)

step('a Node that is too old is named, and nothing else')
const oldNode = environment.PATH?.split(':')
  .map((each) => join(each, 'node'))
  .find((each) =>
    /^v(?:1[4-9]|2[0-3])\./.test(spawnSync(each, ['--version']).stdout?.toString() ?? ''),
  )
if (oldNode === undefined) console.log('  (there is none here to try)')
else {
  const told = spawnSync(oldNode, [join(installed, 'dist', 'main.js'), 'serve'])
  assert.equal(told.status, 1)
  assert.match(told.stderr.toString(), /^parapet needs Node [\d.]+ or newer; this is v[\d.]+\n$/)
  const kit = spawnSync(oldNode, ['test.js'], { cwd: project })
  assert.match(kit.stderr.toString(), /Error: parapet needs Node [\d.]+ or newer; this is v/)
}

step('commands')
const [port = 0, tlsPort = 0] = await freePorts(2)
const origin = `http://localhost:${port}`
const issuer = `${origin}/am/oauth2/realms/root/realms/shop`
const config = ['--config', 'parapet.yaml']
writeFileSync(join(project, 'realms.yaml'), realms)
assert.equal(run('npx', ['parapet', '--version']).trim(), manifest.version)
assert.match(run(bin, ['help']), /^ {2}parapet serve /m)
run(bin, ['init'], `${[origin, '', '/shop', 'a password of amadmin'].join('\n')}\n`)
run(bin, ['apply', 'realms.yaml', ...config])
run(bin, ['check', ...config])
assert.match(run(bin, ['user', 'list', '--realm', '/shop', ...config]), /\bann\b/)
assert.match(run(bin, ['export', ...config]), /\/shop/)

step('serve, by npx; a push; SIGTERM; served again, and what was pushed is there')
const first = await serve(someone, 'npx', ['parapet', 'serve', ...config])
const pushed = await push(issuer)
await first.end()
const second = await serve(someone, bin, ['serve', ...config])
await open(pushed)
assert.equal(await second.end(), 0)
if (needs('nginx').skip !== undefined) console.log('• (no nginx here to try)')
else {
  step('through nginx: a push, SIGTERM, served again, and what was pushed is there')
  const nginx = proxy(folder, tlsPort, [port])
  const ask = fetchOver(nginx.certificate, [])
  const outside = `https://localhost:${tlsPort}`
  const settings = { PARAPET_BASE_URL: outside, PARAPET_TRUSTED_PROXIES: '127.0.0.1' }
  const before = await serve(someone, bin, ['serve', ...config], settings)
  const there = await push(issuer.replace(origin, outside), ask)
  assert.equal(await before.end(), 0)
  const after = await serve(someone, bin, ['serve', ...config], settings)
  await open(there, ask)
  assert.match(run(bin, ['health', ...config]), /"status":"ready"/)
  assert.equal(await after.end(), 0)
  await nginx.end()
}
step('a store whose driver is not installed: what to install')
missingDrivers(someone, bin)
const { skip } = needs('nginx', 'postgresql', 'redis-server')
if (skip !== undefined) console.log(`• (${skip})`)
else {
  step(
    'two servers behind nginx, settings in PostgreSQL, records in Redis: one goes, and the other has it all',
  )
  const { devDependencies } = manifestOf()
  someone.install(...['postgres', 'ioredis'].map((name) => `${name}@${devDependencies[name]}`))
  await twoServers(someone, bin)
}
console.log('✔ the package works outside the repository')
