import type { Change } from './change.ts'
import { at, behind, both } from './change.ts'

/** What is set, by what the table calls it, as `inProtocol`. */
export const settings: Readonly<Record<string, readonly Change[]>> = {
  'a client metadata field': [
    {
      ...at('src/protocol/client-metadata/<group>.ts', 'core'),
      edit: behind(
        /^export const \w+ = \{/,
        "wordOfTheDay: setting(core, 'wordOfTheDay', oneOf('none', 'sesame'), 'none', 'A word.'),",
      ),
    },
  ],
  'a realm setting': [
    {
      ...at('src/realm/provider/<group>.ts', 'own'),
      edit: behind(
        /^export const \w+ = \{/,
        "echoes: setting(own, 'echoes', whole(0, 9), 3, 'How many.'),",
      ),
    },
  ],
  'a rule that profile, realm or client can set': [
    {
      ...at('src/protocol/profile.ts'),
      edit: both(
        behind(/^export interface Profile \{/, 'readonly loud: boolean;'),
        behind(/^const ping: Profile = \{/, 'loud: true,'),
      ),
    },
    {
      ...at('src/realm/provider/<group>.ts', 'own'),
      edit: behind(
        /^export const \w+ = \{/,
        "loudness: setting(own, 'loudness', whole(0, 11), 5, 'How loud.'),",
      ),
    },
    {
      ...at('src/protocol/client-metadata/<group>.ts', 'core'),
      edit: behind(
        /^export const \w+ = \{/,
        "loudness: setting(core, 'loudness', whole(0, 11), 0, 'How loud; 0: the realm decides.'),",
      ),
    },
    {
      ...at('src/client/terms/<group>.ts', 'request'),
      edit: behind(
        /^export const \w+ = \{/,
        `loudness: term(
    { profile: ['loud'], realm: ['loudness'], client: ['loudness'] },
    'the client, unless 0; else the realm, where the profile lets anybody be loud',
    'no document',
    'How loud an echo is.',
    ({ loud }, realm, client) => (loud ? client?.loudness || realm.loudness : 0),
  ),`,
      ),
    },
  ],
  'a server setting': [
    {
      ...at('src/server/settings.ts'),
      edit: behind(
        /^export const serverSettings = \{/,
        "motto: { environment: 'PARAPET_MOTTO', read: read.oneOf('yes', 'no'), default: 'no', about: 'A motto' },",
      ),
    },
  ],
}
