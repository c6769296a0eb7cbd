import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'

/** Somebody with an empty home and an empty project, on this machine. */
export interface Somebody {
  /** Goes when this process ends. */
  readonly folder: string
  readonly project: string
  /** Nothing of whoever runs this: no setting, no checkout on the way to a program. */
  readonly environment: Readonly<Record<string, string>>
  /** Gives what a program prints; throws where it fails. */
  readonly run: (program: string, args: readonly string[], input?: string) => string
  readonly install: (...packages: readonly string[]) => void
}

export function somebody(): Somebody {
  const folder = mkdtempSync(join(tmpdir(), 'parapet-package-'))
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
  const project = join(folder, 'project')
  const environment = { HOME: join(folder, 'home'), PATH: pathOf(process.env.PATH ?? '') }
  for (const each of [project, environment.HOME]) mkdirSync(each)
  writeFileSync(join(project, 'package.json'), '{ "private": true, "type": "module" }')
  const run = (program: string, args: readonly string[], input = '', more = {}): string =>
    execFileSync(program, args, {
      ...{ cwd: project, env: { ...environment, ...more }, encoding: 'utf8', input },
      stdio: ['pipe', 'pipe', 'inherit'],
    })
  // What was downloaded before need not be again, whoever asked for it.
  const npm = {
    npm_config_cache: npmSetting('cache'),
    npm_config_registry: npmSetting('registry'),
    // How this machine knows its registry.
    NODE_EXTRA_CA_CERTS: process.env.NODE_EXTRA_CA_CERTS ?? '',
  }
  const quiet = ['--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error']
  return {
    ...{ folder, project, environment, run },
    install: (...packages) => void run('npm', ['install', ...quiet, ...packages], '', npm),
  }
}

/** The Node that runs this, then what else there is, without what a checkout brings. */
function pathOf(path: string): string {
  return [dirname(process.execPath), ...path.split(delimiter)]
    .filter((each) => !each.endsWith(join('node_modules', '.bin')))
    .join(delimiter)
}

function npmSetting(name: string): string {
  return execFileSync('npm', ['config', 'get', name], { cwd: tmpdir(), encoding: 'utf8' }).trim()
}
