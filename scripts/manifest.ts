/**
 * What package.json is where nobody develops: in the published package, and in an image. Run by itself it prints
 * that of an image, for which the Dockerfile asks.
 */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'

type Versions = Readonly<Record<string, string>>

export interface Manifest {
  readonly [member: string]: unknown
  readonly dependencies: Versions
  readonly devDependencies: Versions
  readonly peerDependencies: Versions
}

const file = resolve(import.meta.dirname, '../package.json')

export function manifestOf(checkout = file): Manifest {
  return JSON.parse(readFileSync(checkout, 'utf8')) as Manifest
}

/** As it is published: without the Node that comes as an optional dependency, since who installs it has one. */
export function published(manifest: Manifest): Readonly<Record<string, unknown>> {
  const { scripts: _1, devDependencies: _2, optionalDependencies: _3, ...rest } = manifest
  // The declarations of `parapet` name types of Node; whichever version of them is there already will do.
  return { ...rest, dependencies: { '@types/node': '*', ...manifest.dependencies } }
}

/**
 * As what serves has it: no types, and the drivers of every store, in the versions that are tested; `as` says
 * whether it needs them.
 */
export function deployed(
  manifest: Manifest,
  as: 'dependencies' | 'optionalDependencies',
): Readonly<Record<string, unknown>> {
  const { dependencies, devDependencies, peerDependencies } = manifest
  const drivers = Object.fromEntries(
    Object.keys(peerDependencies).map((name) => [name, devDependencies[name]]),
  )
  const { peerDependencies: _1, peerDependenciesMeta: _2, ...rest } = published(manifest)
  return as === 'dependencies'
    ? { ...rest, dependencies: { ...dependencies, ...drivers } }
    : { ...rest, dependencies, optionalDependencies: drivers }
}

if (import.meta.main) console.log(JSON.stringify(deployed(manifestOf(), 'dependencies'), null, 2))
