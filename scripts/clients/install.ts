/** What the recipes need, installed into one folder in the versions that the guide names. */
import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Tool } from '../../test/recipes/secured/libraries.ts'

const from = resolve(import.meta.dirname, '../../test/recipes')

interface Installing {
  /** There once it is done; cargo looks by itself whether there is something to do. */
  readonly made?: string
  readonly commands: readonly string[]
}

const nimbus = 'secured/nimbus'

const tools: Readonly<Record<Tool, Installing>> = {
  npm: {
    made: 'node_modules',
    commands: [
      // Each library as somebody has it who uses that one alone: what they ask of one another does not count.
      'npm install --ignore-scripts --legacy-peer-deps --no-audit --no-fund --loglevel=error',
    ],
  },
  pip: {
    made: 'venv',
    commands: [
      'python3 -m venv venv',
      'venv/bin/pip install --quiet --disable-pip-version-check -r requirements.txt',
    ],
  },
  mvn: {
    made: `${nimbus}/lib`,
    commands: [`mvn -q -B -f ${nimbus} dependency:copy-dependencies -DoutputDirectory=lib`],
  },
  cargo: {
    commands: ['cargo build --quiet --manifest-path secured/openidconnect/Cargo.toml'],
  },
}

export function install(folder: string, wanted: ReadonlySet<Tool>): void {
  mkdirSync(folder, { recursive: true })
  cpSync(from, folder, { recursive: true, filter: (path) => !path.endsWith('.ts') })
  for (const tool of wanted) {
    const { made, commands } = tools[tool]
    if (made !== undefined && existsSync(join(folder, made))) continue
    for (const command of commands) {
      const [program = '', ...args] = command.split(' ')
      execFileSync(program, args, { cwd: folder, stdio: ['ignore', 'inherit', 'inherit'] })
    }
  }
}
