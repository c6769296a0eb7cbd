import type { Kind } from '../../../config/kind.ts'
import type { Command } from '../command.ts'
import { passwordOptions } from './password.ts'
import type { Verb } from './verb.ts'
import { verbs } from './verb.ts'

/** What the command of a kind is called and takes, by its row alone: what a kind has not is neither told nor taken. */
export function usageOf(kind: Kind): Pick<Command, 'name' | 'usage' | 'about' | 'options'> {
  const id = kind.single ? [] : ['[<id>]']
  const options = optionsOf(kind)
  const done = takesValues(kind) ? 'change' : 'remove'
  const them = `${kind.single ? kind.name : severalOf(kind.name)}${isOfRealm(kind) ? ' of a realm' : ''}`
  return {
    name: kind.name,
    usage: [namesOf(kind).join('|'), ...id, ...options.map(([usage]) => usage)].join(' '),
    about: `See and ${done} the ${them}, in running servers too`,
    options: Object.fromEntries(options.flatMap(([, taken]) => Object.entries(taken))),
  }
}

function severalOf(name: string): string {
  return name === 'kept' ? 'documents that are only kept' : `${name.replaceAll('-', ' ')}s`
}

/** What a realm has one of is there already, and is not listed; what comes of what people do is not written. */
export function verbsOf(kind: Kind): readonly Verb[] {
  const written = verbs.filter(({ takes }) => takesValues(kind) || !takes)
  return written.filter(({ name }) => !kind.single || (name !== 'add' && name !== 'list'))
}

export function namesOf(kind: Kind): readonly string[] {
  return verbsOf(kind).map(({ name }) => name)
}

/** What a file holds can be written by hand. */
function takesValues({ member }: Kind): boolean {
  return member !== undefined
}

/** The realms are those of the server. */
function isOfRealm({ name }: Kind): boolean {
  return name !== 'realm'
}

type Option = readonly [usage: string, options: Command['options']]

/** What may be said of a kind: no more than it has. */
function optionsOf(kind: Kind): readonly Option[] {
  const given: readonly Option[] = [
    ['[<name>=<value> …]', {}],
    ['[--file <file>]', { file: { type: 'string' } }],
  ]
  // Only what has a secret has something that is left out of exports.
  const password: Option = ['[--password | --password-file <file>]', passwordOptions]
  return [
    ...(takesValues(kind) ? given : []),
    ...(kind.backup === undefined ? [] : [password]),
    ...(kind.single ? [] : [['[--filter <filter>]', { filter: { type: 'string' } }] as const]),
    ...(isOfRealm(kind) ? [['[--realm <path>]', { realm: { type: 'string' } }] as const] : []),
    ['[--json]', { json: { type: 'boolean' } }],
    ['[--config <file>]', { config: { type: 'string' } }],
  ]
}
