import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { test } from 'node:test'
import { deployed, type Manifest, manifestOf } from '../scripts/manifest.ts'
import { tooOld } from '../src/node-version.ts'
import { linger } from '../src/server/drain.ts'
import { serverOptions } from '../src/server/limits.ts'

const root = resolve(import.meta.dirname, '..')
const read = (name: string): string => readFileSync(new URL(`../${name}`, import.meta.url), 'utf8')

/** The `server { … }` of a block, but for what is done with a server that does not answer. */
function proxying(conf: string): string {
  const [, block = ''] = /^server \{\n(.*)^\}/ms.exec(conf) ?? []
  return block
    .replace(/^ {2}# A (?:push|server) (?:.*\n)(?: {2}#.*\n)*/m, '')
    .replace(/^ {2}proxy_(?:next_upstream|connect_timeout)\w* .*\n/gm, '')
}

test('house: nginx as we give it lets through what the server takes, and closes connections first', () => {
  const alone = read('packaging/nginx.conf')
  const nodes = read('packaging/nginx-nodes.conf')
  for (const nginx of [alone, nodes]) {
    const value = (name: string): string => new RegExp(`\\b${name} ([^;]+);`).exec(nginx)?.[1] ?? ''
    assert.equal(value('client_max_body_size'), '1m')
    assert.equal(value('client_header_timeout'), `${serverOptions.headersTimeout / 1000}s`)
    assert.equal(value('client_body_timeout'), `${serverOptions.requestTimeout / 1000}s`)
    // One header field may be nearly all there is: many interactions make one long Cookie.
    assert.equal(value('large_client_header_buffers'), `4 ${serverOptions.maxHeaderSize / 1024}k`)
    const kept = Number.parseInt(value('keepalive_timeout'), 10) * 1000
    assert.ok(kept < serverOptions.keepAliveTimeout)
    // Of a server that stops, too, by more than a machine that is busy keeps nginx waiting.
    assert.ok(kept + 2000 <= linger)
  }
  assert.match(proxying(alone), /proxy_pass http:\/\/parapet;/)
  assert.equal(proxying(nodes), proxying(alone))
  assert.match(alone, /^ {2}proxy_next_upstream off;$/m)
  assert.match(nodes, /^ {2}proxy_next_upstream error timeout;$/m)
})

test('house: the image has a Node that is new enough, is nobody’s root, and holds nothing of a checkout but what it is made of', () => {
  const dockerfile = read('Dockerfile')
  const [, node = ''] = /^ARG BASE=\S+?:(\d+\.\d+)-/m.exec(dockerfile) ?? []
  assert.equal(tooOld(`${node}.0`), undefined)
  assert.match(dockerfile, /^USER 10001:10001$/m)
  assert.doesNotMatch(dockerfile, /password|secret/i)
  const [first, ...letIn] = read('.dockerignore')
    .split('\n')
    .filter((line) => /^[^#]/.test(line))
  assert.equal(first, '*')
  const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)]
    .flatMap(([, names = '']) => names.split(' '))
    .filter((name) => name !== '.')
  assert.ok(copied.length > 3)
  for (const name of [...copied, 'src', 'tsconfig.build.json', 'packaging'])
    assert.ok(letIn.includes(`!${name}`), name)
})

test('house: the image has the driver of every store, and none that is not tested', () => {
  const manifest = manifestOf()
  const { dependencies, ...rest } = deployed(manifest, 'dependencies')
  for (const name of ['postgres', 'ioredis']) {
    assert.equal((dependencies as Manifest['dependencies'])[name], manifest.devDependencies[name])
    assert.match(manifest.devDependencies[name] ?? '', /^\d+\.\d+\.\d+$/)
    assert.equal(manifest.peerDependencies[name], `^${manifest.devDependencies[name]}`)
  }
  for (const name of ['devDependencies', 'optionalDependencies', 'peerDependencies', 'scripts'])
    assert.ok(!Object.hasOwn(rest, name), name)
})

test('house: the pages that the server’s own words point to are in the package', () => {
  const { files } = JSON.parse(read('package.json')) as { readonly files: readonly string[] }
  const inPackage = new Set(files.flatMap((pattern) => globSync(pattern, { cwd: root })))
  const named = globSync('src/**/*.ts', { cwd: root }).flatMap(
    (path) => read(path).match(/\bdocs\/[\w/-]+\.md/g) ?? [],
  )
  assert.ok(named.length > 3)
  for (const page of [...named, 'docs/README.md']) assert.ok(inPackage.has(page), page)
})

test('house: the unit gives the server a directory of its own and no right beyond it', () => {
  const unit = read('packaging/parapet.service')
  for (const line of [
    'DynamicUser=yes',
    'ProtectSystem=strict',
    'NoNewPrivileges=yes',
    'CapabilityBoundingSet=',
  ])
    assert.ok(unit.split('\n').includes(line), line)
  assert.match(unit, /^StateDirectory=parapet$/m)
  assert.match(unit, /PARAPET_DATA=\/var\/lib\/parapet\b/)
})
