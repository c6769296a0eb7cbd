import type { Change } from './change.ts'
import { at, behind, both, listed, written } from './change.ts'

/** What is told and what is only kept, by what the table calls it, as `inProtocol`. */
export const told: Readonly<Record<string, readonly Change[]>> = {
  'a kind of callback': [
    {
      ...at('src/journey/callback/<family>.ts', 'loud'),
      edit: written(`
import type { CallbackType } from './callback.ts'

/** Kinds that are heard. */
export const loudCallbacks = {
  ShoutCallback: { type: 'ShoutCallback', inputs: [['', 'text']] },
} as const satisfies Record<string, CallbackType>
`),
    },
    {
      ...at('src/journey/callback/index.ts'),
      edit: listed('loudCallbacks', './loud.ts', 'callbackTypes', '...loudCallbacks'),
    },
    {
      ...at('src/page/callback/<name>.ts', 'shout'),
      edit: written(`
import type { CallbackPage } from '../question/question.ts'
import { input } from '../question/question.ts'

/** Something to be shouted. */
export const shoutPage: CallbackPage = {
  type: 'ShoutCallback',
  fields: 1,
  ask: (asked) => input(asked, { type: 'text' }),
}
`),
    },
    {
      ...at('src/page/callback/index.ts'),
      edit: listed('shoutPage', './shout.ts', 'rows'),
    },
  ],
  'a reason': [
    {
      ...at('src/protocol/reason/<group>.ts', 'token'),
      edit: behind(
        /^export const \w+ = \{/,
        "'echo-unknown': { says: 'There is no echo.', section: 'no document', codes: ['no_echo'] },",
      ),
    },
    {
      ...at('test/reasons/<group>.ts', 'token'),
      edit: behind(
        /^ {2}const cases: Topic\['cases'\] = \[/,
        "['echo-unknown', () => w.serve(requestOf('GET', base + '/echo'))],",
      ),
    },
  ],
  'a metric': [
    {
      ...at('src/server/observe/request-meters.ts'),
      edit: both(
        behind(
          /^ {2}const registers = \[registry\]\n(?= {2}const requests)/,
          "  const echoes = new library.Counter({ name: 'echoes_total', help: 'Echoes.', registers })\n",
        ),
        behind(
          /^ {4}const \{ endpoint, status, refusal, began \} = trace\n/,
          "    if (endpoint === '/echo') echoes.inc()\n",
        ),
      ),
    },
    {
      ...at('docs/guide/metrics.md'),
      edit: behind(/^\|---\|---\|---\|\n/, '| `echoes_total` | | echoes |\n'),
    },
  ],
  'an attribute that is kept and not served': [
    {
      ...at('src/protocol/client-metadata/unserved.ts'),
      edit: behind(/^ {4}mixUpMitigation: only\(false\),/, ' mascot: unset,'),
    },
  ],
}
