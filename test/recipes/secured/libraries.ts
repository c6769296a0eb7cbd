/** Libraries that know more than the plain flow, and what each of them lacks of it. */
import { findProgram, isCi } from '../../program.ts'
import type { Trial } from './trials.ts'

/** What installs a library and runs its program. */
export type Tool = 'npm' | 'pip' | 'mvn' | 'cargo'

export interface Library {
  readonly name: string
  readonly tool: Tool
  /** Its program in this folder. */
  readonly program: string
  /** The file that says which version is installed, and where in it. */
  readonly version: readonly [file: string, pattern: string]
  /** What runs that, from the folder in which everything is installed. */
  readonly command: readonly string[]
  /** What there is no way to in it. */
  readonly lacks: readonly Trial['of'][]
}

export const libraries: readonly Library[] = [
  {
    name: 'openid-client',
    tool: 'npm',
    program: 'openid-client.mjs',
    version: ['package.json', '"openid-client": "(.+)"'],
    command: [process.execPath, 'secured/openid-client.mjs'],
    lacks: [],
  },
  {
    name: 'oauth4webapi',
    tool: 'npm',
    program: 'oauth4webapi.mjs',
    version: ['package.json', '"oauth4webapi": "(.+)"'],
    command: [process.execPath, 'secured/oauth4webapi.mjs'],
    lacks: [],
  },
  {
    name: 'authlib',
    tool: 'pip',
    program: 'authlib-session.py',
    version: ['requirements.txt', 'Authlib==(.+)'],
    command: ['venv/bin/python', 'secured/authlib-session.py'],
    lacks: [],
  },
  {
    name: 'nimbus',
    tool: 'mvn',
    program: 'nimbus/Nimbus.java',
    version: ['secured/nimbus/pom.xml', '<version>(.+)</version>\\s*</dependency>'],
    command: ['java', '-cp', 'secured/nimbus/lib/*', 'secured/nimbus/Nimbus.java'],
    lacks: [],
  },
  {
    name: 'openidconnect',
    tool: 'cargo',
    program: 'openidconnect/src/main.rs',
    version: ['secured/openidconnect/Cargo.toml', 'openidconnect = { version = "=(.+?)"'],
    command: ['secured/openidconnect/target/debug/recipe'],
    lacks: ['encrypted'],
  },
]

/** What each tool is made of: programs that have to be there. */
const programs: Readonly<Record<Tool, readonly string[]>> = {
  npm: ['npm'],
  pip: ['python3'],
  mvn: ['mvn', 'java'],
  cargo: ['cargo'],
}

/** Tools that compile: what they are for is tried where somebody names it. */
export const compiling: readonly Tool[] = ['mvn', 'cargo']

/** What a library cannot be tried without on this machine; in CI nothing may be missing. */
export function missing({ tool }: Library): string | undefined {
  return isCi() ? undefined : programs[tool].find((name) => findProgram([name]) === undefined)
}
