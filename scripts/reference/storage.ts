/** Page of what is stored: keys, lifetimes, and the types of the values as the source has them. */
import { backends } from '../../src/store/index.ts'
import { code, page, table } from './markdown.ts'
import { sourceText } from './source-text.ts'
import { storedKinds } from './stored-kinds.ts'

/** What a store promises, in words. */
const outlived = {
  disk: 'loss of power (`disk`)',
  replica: 'loss of a machine, set up for it (`replica`)',
} as const

/** Every kind of store there is. */
function storesTable(): string {
  return table(
    ['`PARAPET_STORE`', 'Where things are', 'What is written outlives', 'Several servers at once'],
    backends.map(({ url, about, durable, shared }) => [
      code(url),
      about,
      durable.map((each) => outlived[each]).join('; ') || 'nothing',
      shared ? 'yes' : 'no',
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
