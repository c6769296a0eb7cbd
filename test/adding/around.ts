import type { Change } from './change.ts'
import { at, behind, listed, written } from './change.ts'

/** What users and operators meet, by what the table calls it, as `inProtocol`. */
export const around: Readonly<Record<string, readonly Change[]>> = {
  'a journey node': [
    {
      ...at('src/journey/node/<family>/<name>.ts', 'collect', 'greeting-collector'),
      edit: written(`
import { nameCallback } from '../../callback/basic.ts'
import { textOf } from '../../callback/callback.ts'
import { asks, nodeType, oneOutcome, passed } from '../../journey.ts'

/** Asks for a greeting. */
export const greetingCollector = nodeType({
  type: 'GreetingCollectorNode',
  name: 'Greeting Collector',
  tags: [],
  settings: {},
  outcomes: () => oneOutcome,
  process: ({ state, answers }) =>
    textOf(answers?.[0]) === 'hello'
      ? passed('outcome', state)
      : asks([nameCallback('Greeting')], state),
})
`),
    },
    {
      ...at('src/journey/node/<family>/index.ts', 'collect'),
      edit: listed('greetingCollector', './greeting-collector.ts', 'collectors'),
    },
  ],
  'a journey that is there from the start': [
    {
      ...at('src/journey/built-in/<name>.ts', 'greeting'),
      edit: written(`
import { builtIn, failure } from './journey.ts'

/** Asks for a greeting, and goes no further. */
export const greeting = builtIn('A greeting.', {
  'c0ffee00-0000-4000-8000-000000000001': { type: 'GreetingCollectorNode', to: { outcome: failure } },
})
`),
    },
    {
      ...at('src/journey/built-in/index.ts'),
      edit: listed('greeting', './greeting.ts', 'builtInJourneys', 'Greeting: greeting'),
    },
  ],
  'a store': [
    {
      ...at('src/store/<name>/<name>.ts', 'drawer', 'drawer'),
      edit: written(`
import { memoryStore } from '../memory/memory.ts'

/** Keeps things as long as the process lives. */
export const drawerStore: typeof memoryStore = (now, sweepable) => memoryStore(now, sweepable)
`),
    },
    {
      ...at('src/store/<name>/<name>.test.ts', 'drawer', 'drawer'),
      edit: written(`
import { storeSuite } from '../store.suite.ts'
import { drawerStore } from './drawer.ts'

storeSuite('drawer', (now, _, sweepable) => drawerStore(now, sweepable))
`),
    },
    {
      ...at('src/store/<name>/backend.ts', 'drawer'),
      edit: written(`
import type { Backend } from '../backend.ts'
import { memory } from '../memory/backend.ts'
import { drawerStore } from './drawer.ts'

/** Keeps things as long as the process lives. */
export const drawer: Backend = {
  ...memory,
  scheme: 'drawer',
  url: 'drawer:',
  open: async (rest, options) => ({
    ...(await memory.open(rest, options)),
    settings: drawerStore(options.now, options.sweepable),
    records: drawerStore(options.now, options.sweepable),
  }),
}
`),
    },
    {
      ...at('src/store/index.ts'),
      edit: listed('drawer', './drawer/backend.ts', 'backends'),
    },
    {
      ...at('src/store/backend.test.ts'),
      edit: behind(/^const places: .*= \{/, "drawer: () => '',"),
    },
  ],
  'a language': [
    {
      ...at('src/page/messages/<tag>.ts', 'nl'),
      edit: written(`
import { en } from './en.ts'
import type { Messages } from './message.ts'

/** Dutch, as far as it goes. */
export const nl: Messages = { ...en, lang: 'nl', login: { ...en.login, title: 'Aanmelden' } }
`),
    },
    { ...at('src/page/messages/index.ts'), edit: listed('nl', './nl.ts', 'languages') },
  ],
  'a command': [
    {
      ...at('src/server/cli/<name>.ts', 'motto'),
      edit: written(`
import type { Command } from './command.ts'
import { settingsOrComplaint } from './configuration.ts'

/** Says the motto. */
export const motto: Command = {
  name: 'motto',
  usage: '[--config <file>]',
  about: 'Say the motto',
  options: { config: { type: 'string' } },
  async run(world, { config }) {
    const settings = await settingsOrComplaint(world, config)
    if (settings === undefined) return 1
    world.print(\`the motto is \${settings.motto}\\n\`)
    return 0
  },
}
`),
    },
    { ...at('src/server/cli/index.ts'), edit: listed('motto', './motto.ts', 'commands') },
  ],
  'a system whose exports are brought in': [
    {
      ...at('src/import/<name>/<name>.ts', 'cards', 'cards'),
      edit: written(`
import { userKind } from '../../config/user.ts'
import type { ImportAsked, Source } from '../found.ts'
import { linesOf } from '../lines.ts'

/** A name a line. */
export async function cards(path: string, { realm = '/' }: ImportAsked): Promise<Source> {
  return {
    async *items() {
      for await (const [line, id] of linesOf(path)) {
        const input = { username: id, passwordHash: '$backwards$retteb' }
        const place = \`line \${line}\`
        yield { kind: userKind, called: 'user', realm, id, input, leftovers: [], place }
      }
    },
  }
}
`),
    },
    {
      ...at('src/import/systems.ts'),
      edit: listed('cards', './cards/cards.ts', 'systems', "{ name: 'cards', open: cards }"),
    },
  ],
  'a kind of password hash': [
    {
      ...at('src/user/hash/<name>.ts', 'backwards'),
      edit: written(`
import type { HashKind } from './kind.ts'

/** The password from its end to its beginning. */
export const backwards: HashKind = {
  name: 'a word read backwards',
  begins: /^\\$backwards\\$/,
  problem: () => undefined,
  verify: async (hash, text) => hash === \`$backwards$\${text.split('').reverse().join('')}\`,
  decoy: () => undefined,
}
`),
    },
    {
      ...at('src/user/hash/index.ts'),
      edit: listed('backwards', './backwards.ts', 'hashKinds'),
    },
  ],
  'a stored form that versions before cannot read': [
    {
      ...at('src/store/sqlite/format.ts'),
      edit: (text) =>
        text
          .replace(/(?<=^export const format = )\d+/m, (format) => String(Number(format) + 1))
          .replace(
            /(?<=^const upgrades: .*= \{)/m,
            `${/^export const format = (\d+)/m.exec(text)?.[1]}: 'CREATE TABLE echoes (one INTEGER)', `,
          ),
    },
    {
      ...at('docs/guide/upgrade.md'),
      edit: behind(/^\|---\|---\|---\|\n/, '| 9 | the next | echoes |\n'),
    },
  ],
  'an event': [],
}
