/** Page of what is stored: keys, lifetimes, and the types of the values as the source has them. */
import { backends } from '../../src/store/index.ts'
import { code, page, table } from './markdown.ts'
import { sourceText } from './source-text.ts'

/** One kind of record. */
interface Kind {
  readonly name: string
  readonly shelf: 'settings' | 'records' | 'both'
  /** What its keys look like, in words and as a pattern. */
  readonly form: string
  readonly keys: RegExp
  readonly example: string
  readonly lifetime: string
  /** The file of its type, and the declarations to show. */
  readonly source: string
  readonly types: readonly string[]
}

const enc = String.raw`[\w.~!*'()%-]+`
const realm = '%2F(?:[\\w.~-]|%2F)*'

/** Every kind of record there is; a test holds a store that was used against it. */
export const storedKinds: readonly Kind[] = [
  {
    name: 'Realm',
    shelf: 'settings',
    form: 'realm/<realm>',
    keys: new RegExp(`^realm/${realm}$`),
    example: 'realm/%2Falpha',
    lifetime: 'until it is deleted',
    source: 'src/realm/realms.ts',
    types: ['RealmRecord'],
  },
  {
    name: 'Key of a realm',
    shelf: 'settings',
    form: 'key/<realm>/<algorithm, kind or `secret`>-<generation>',
    keys: new RegExp(`^key/${realm}/[\\w-]+-\\d+$`),
    example: 'key/%2Falpha/ES256-0',
    lifetime: 'until it is deleted',
    source: 'src/realm/key/stored-key.ts',
    types: [],
  },
  {
    name: 'Client',
    shelf: 'settings',
    form: 'client/<realm>/<client_id>',
    keys: new RegExp(`^client/${realm}/${enc}$`),
    example: 'client/%2Falpha/myClient',
    lifetime: 'until it is deleted',
    source: 'src/client/registration.ts',
    types: ['ClientRecord'],
  },
  {
    name: 'Service account',
    shelf: 'settings',
    form: 'service-account/<realm>/<id>',
    keys: new RegExp(`^service-account/${realm}/[0-9a-f-]{36}$`),
    example: 'service-account/%2F/0d1c7c2f-6ac2-4b6d-9a3e-3b8f3d5f8a11',
    lifetime: 'until it is deleted',
    source: 'src/client/service-account/account.ts',
    types: ['ServiceAccount'],
  },
  {
    name: 'Document that is only kept',
    shelf: 'settings',
    form: 'kept/<realm>/<path>',
    keys: new RegExp(`^kept/${realm}/${enc}$`),
    example: 'kept/%2Falpha/realm-config%2Fservices%2Femail',
    lifetime: 'until it is deleted',
    source: 'src/config/kept/document.ts',
    types: ['KeptRecord'],
  },
  {
    name: 'User',
    shelf: 'settings',
    form: 'user/<realm>/<sub>',
    keys: new RegExp(`^user/${realm}/[0-9a-f-]{36}$`),
    example: 'user/%2Falpha/54ff98b0-91be-4888-ac8b-24410ce81e53',
    lifetime: 'until it is deleted',
    source: 'src/user/end-user.ts',
    types: ['EndUser'],
  },
  {
    name: 'Name of a user',
    shelf: 'settings',
    form: 'username/<realm>/<name in lower case>',
    keys: new RegExp(`^username/${realm}/${enc}$`),
    example: 'username/%2Falpha/demo',
    lifetime: 'as its user',
    source: 'src/user/end-user.ts',
    types: [],
  },
  {
    name: 'Hint where a user is, by mail address or group',
    shelf: 'settings',
    form: 'userindex/<realm>/<m or g><SHA-256 of it, base64url>-<sub>, or whole: all users are in it',
    keys: new RegExp(`^userindex/${realm}/(?:[mg][\\w-]{43}-[0-9a-f-]{36}|whole)$`),
    example:
      'userindex/%2Falpha/m3yAqZlkoQUvhm1S5fb0gTWwHZPq8sVXjdRnUeLc4i7k-54ff98b0-91be-4888-ac8b-24410ce81e53',
    lifetime: 'as its user',
    source: 'src/user/account-index.ts',
    types: [],
  },
  {
    name: 'Documents that servers were started with, and whose turn it is to apply one',
    shelf: 'settings',
    form: 'document/<history or turn>',
    keys: /^document\/(?:history|turn)$/,
    example: 'document/history',
    lifetime: 'for ever, the last hundred of them; a turn until it is over, or half a minute',
    source: 'src/config/document/history.ts',
    types: ['Known'],
  },
  {
    name: 'Group',
    shelf: 'settings',
    form: 'group/<realm>/<name in lower case>',
    keys: new RegExp(`^group/${realm}/${enc}$`),
    example: 'group/%2Falpha/staff',
    lifetime: 'until it is deleted',
    source: 'src/user/group.ts',
    types: ['Group'],
  },
  {
    name: 'Saved consent',
    shelf: 'settings',
    form: 'consent/<realm>/<sub>/<client_id>',
    keys: new RegExp(`^consent/${realm}/[0-9a-f-]{36}/${enc}$`),
    example: 'consent/%2Falpha/54ff98b0-91be-4888-ac8b-24410ce81e53/myClient',
    lifetime: 'until it is deleted',
    source: 'src/authorization/consent.ts',
    types: ['Consent'],
  },
  {
    name: 'Mark of a demo',
    shelf: 'settings',
    form: 'demo',
    keys: /^demo$/,
    example: 'demo',
    lifetime: 'for ever',
    source: 'src/demo/populate.ts',
    types: [],
  },
  {
    name: 'Canary of a sealing key',
    shelf: 'both',
    form: 'canary/<key version>',
    keys: /^canary\/\d{1,3}$/,
    example: 'canary/1',
    lifetime: 'for ever',
    source: 'src/store/sealing/canary.ts',
    types: [],
  },
  {
    name: 'Key version that seals nothing any more',
    shelf: 'both',
    form: 'left-out-key/<key version>',
    keys: /^left-out-key\/\d{1,3}$/,
    example: 'left-out-key/1',
    lifetime: 'until that version comes first again',
    source: 'src/store/sealing/canary.ts',
    types: [],
  },
  {
    name: 'Time of a node, which its next run compares with',
    shelf: 'records',
    form: 'clock/<host name>',
    keys: /^clock\/[\w.~!*'()%-]+$/,
    example: 'clock/as1.example',
    lifetime: 'for ever; written once a minute',
    source: 'src/store/kept-time.ts',
    types: ['Kept'],
  },
  {
    name: "An operator's word that the clock is right",
    shelf: 'records',
    form: 'accepted-time',
    keys: /^accepted-time$/,
    example: 'accepted-time',
    lifetime: 'for ever',
    source: 'src/store/kept-time.ts',
    types: [],
  },
  {
    name: 'Authorization: push, interaction, code and tokens',
    shelf: 'records',
    form: '<sweep time, 12 hex digits><20 random hex digits>',
    keys: /^[0-9a-f]{32}$/,
    example: '00006b0388d65ad0c6b2b31c47e1a0f3',
    lifetime:
      'pushed: until `redeem_by`; opened: the interaction and 24 hours more; finished: until its last token has ended, and 24 hours from its end at least',
    source: 'src/grant/record.ts',
    types: [
      'Anywhere',
      'Pushed',
      'Opened',
      'Issued',
      'Redeemed',
      'Denied',
      'Ended',
      'Holder',
      'Answer',
      'Grant',
      'CodeState',
      'RefreshState',
      'TokenState',
    ],
  },
  {
    name: 'Session',
    shelf: 'records',
    form: '<end, 12 hex digits><20 random hex digits>s',
    keys: /^[0-9a-f]{32}s$/,
    example: '00006b03a7f2c9d1b8e4570fa6621d9ds',
    lifetime: '`sessionIdleTime` after its last use, `sessionMaxTime` at most',
    source: 'src/session/session-record.ts',
    types: ['SessionRecord'],
  },
  {
    name: "Entry of a list of a user's sessions",
    shelf: 'records',
    form: 'session/<realm>/<sub>/<end, counted down, 12 hex digits><20 random hex digits>',
    keys: new RegExp(`^session/${realm}/[0-9a-f-]{36}/[0-9a-f]{32}$`),
    example:
      'session/%2Falpha/54ff98b0-91be-4888-ac8b-24410ce81e53/ffff94fc580d2726471ba8f0599de26d',
    lifetime: 'as its session, `sessionMaxTime` at most',
    source: 'src/session/session-list.ts',
    types: ['Place'],
  },
  {
    name: "Entry of a list of a user's applications",
    shelf: 'records',
    form: 'grant/<realm>/<sub>/<client_id>',
    keys: new RegExp(`^grant/${realm}/[0-9a-f-]{36}/${enc}$`),
    example: 'grant/%2Falpha/54ff98b0-91be-4888-ac8b-24410ce81e53/myClient',
    lifetime: 'until the last token has ended that the user let the application have',
    source: 'src/grant/application.ts',
    types: ['Application'],
  },
  {
    name: 'Single use (the `jti` of a client assertion)',
    shelf: 'records',
    form: '<end, 12 hex digits>:<SHA-256 of what it is, base64url>',
    keys: /^[0-9a-f]{12}:[\w-]{43}$/,
    example: '00006b038912:3yAqZlkoQUvhm1S5fb0gTWwHZPq8sVXjdRnUeLc4i7k',
    lifetime: 'as long as the assertion could pass as valid',
    source: 'src/client/single-use.ts',
    types: [],
  },
]

/** Every kind of store there is. */
function storesTable(): string {
  const yesNo = (promised: boolean): string => (promised ? 'yes' : 'no')
  return table(
    ['`PARAPET_STORE`', 'Where things are', 'Outlives the process', 'Several servers at once'],
    backends.map(({ url, about, durable, shared }) => [
      code(url),
      about,
      yesNo(durable),
      yesNo(shared),
    ]),
  )
}

/** `storage.md`. */
export function storagePage(): string {
  const rows = storedKinds.map(({ name, shelf, form, example, lifetime, source }) => [
    name,
    shelf,
    code(form),
    code(example),
    lifetime,
    `[${source.slice(4)}](../../${source})`,
  ])
  return page(
    'What is stored',
    'scripts/reference/storage.ts, src/store/index.ts and the types in src',
    '## Stores',
    storesTable(),
    '## Records',
    'Two shelves, with SQLite one file each: `settings.db` for what stays, `records.db` for what ends. A record is a key, a version, the second after which it is garbage, and a value. Values are sealed (AES-256-GCM, bound to their keys); keys are in clear. In keys, realm paths, client ids and names are URI-encoded. What can be redeemed (`request_uri`, code, tokens, session cookie) is in no key and no value: it is derived from the record’s key and a key outside the database.',
    table(['Record', 'Shelf', 'Key', 'Example', 'Lives', 'Source'], rows),
    ...storedKinds
      .filter(({ types }) => types.length > 0)
      .flatMap(({ name, source, types }) => [
        `## ${name}`,
        `\`\`\`ts\n${types.map((type) => declaration(source, type)).join('\n\n')}\n\`\`\``,
      ]),
    '## The rest',
    'A key of a realm is a private JWK (RFC 7517), with `iat` when it was made and `nbf` from when on it is used; `lifetime` is there when something it signed may live longer than a day. The name of a user leads to the user’s `sub`. A canary holds one word, to tell whether the key that is given is the one the file was sealed with. A single use is empty: that it is there is all it says. The mark of a demo holds how far filling the store has come.',
  )
}

/** An interface as it stands in the source, without `export`. */
function declaration(path: string, name: string): string {
  const text = new RegExp(
    `^(?:export )?(interface ${name}(?: extends \\w+)? \\{[^]*?^\\})`,
    'm',
  ).exec(sourceText(path))?.[1]
  if (text === undefined) throw new Error(`${path} does not declare ${name}`)
  return text
}
