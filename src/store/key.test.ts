import assert from 'node:assert/strict'
import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { random } from '../base/random.ts'
import { mostOfSecret } from '../base/read-text.ts'
import {
  type MasterKeys,
  masterKeyFile,
  parseMasterKeys,
  sharedKeys,
  subkey,
  subkeys,
} from './key.ts'

const bytes = Buffer.from('8f3a91c04be7d265a1f8037e9c6d5b240fe1d2a3786954bc01ee9ad7f2c35b68', 'hex')
const phrase = 'correct horse battery staple, and a paper clip'

const material = (keys: MasterKeys): string[] =>
  keys.map(({ version, key }) => `${version} ${key.export().toString('hex')}`)

function directory(t: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), 'parapet-key-'))
  t.after(() => rmSync(path, { recursive: true, force: true }))
  return path
}

test('PARAPET_KEY: 32 bytes as base64url or hex are the key itself', () => {
  const expected = [`1 ${bytes.toString('hex')}`]
  assert.deepEqual(material(parseMasterKeys(bytes.toString('hex'))), expected)
  assert.deepEqual(material(parseMasterKeys(bytes.toString('hex').toUpperCase())), expected)
  assert.deepEqual(material(parseMasterKeys(`${bytes.toString('base64url')}\n`)), expected)
})

test('PARAPET_KEY: a passphrase is stretched to 32 bytes by HKDF, the same each time', () => {
  const [key] = parseMasterKeys(phrase)
  assert.equal(key?.key.symmetricKeySize, 32)
  assert.deepEqual(material(parseMasterKeys(phrase)), material(parseMasterKeys(` ${phrase} `)))
  assert.notDeepEqual(material(parseMasterKeys(phrase)), material(parseMasterKeys(`${phrase}!`)))
})

test('PARAPET_KEY: several versions, the one for new values first', () => {
  const text = `2:${phrase.replace(',', ';')}, 1:${bytes.toString('base64url')}`
  const keys = parseMasterKeys(text)
  assert.deepEqual(
    keys.map(({ version }) => version),
    [2, 1],
  )
  assert.equal(material(keys)[1], `1 ${bytes.toString('hex')}`)
  assert.deepEqual(material(parseMasterKeys(text.replace(', ', '\n'))), material(keys))
})

test('PARAPET_KEY: a list with a slip in it is no passphrase', () => {
  const [one, two] = [`2:${phrase.replace(',', ';')}`, `1:${bytes.toString('base64url')}`]
  const good = material(parseMasterKeys(`${one},${two}`))
  for (const end of [',', ', ', '\n', ',\n'])
    assert.deepEqual(material(parseMasterKeys(`${one},${two}${end}`)), good)
  const slips: readonly (readonly [text: string, message: RegExp])[] = [
    [`${one},${two.slice(2)}`, /^key 2 of 2 is not <version>:<key>$/],
    [`${two.slice(2)},${one}`, /^key 1 of 2 is not/],
    [`${one},,${two}`, /^key 2 of 3 is not/],
    [`${one},1:`, /^key 2 of 2 is not/],
    [`${one},1;${two.slice(2)}`, /^key 2 of 2 is not/],
    [`1000:${two.slice(2)}`, /^a key version is a number from 1 to 255$/],
  ]
  for (const [text, message] of slips) {
    assert.throws(
      () => parseMasterKeys(text),
      (error: Error) => message.test(error.message),
      text,
    )
  }
  // What begins with no number is one, whatever it holds and ends with.
  assert.notDeepEqual(material(parseMasterKeys(`${phrase},`)), material(parseMasterKeys(phrase)))
})

const weak: [title: string, text: string, message: RegExp][] = [
  ['empty', '', /shorter than 32/],
  ['short', 'Tr0ub4dor&3-Tr1ub5dor&4-Tr2ub6d', /shorter than 32/],
  ['two characters', 'ab'.repeat(20), /8 different/],
  ['one character', '0'.repeat(64), /8 different/],
  ['a word repeated', 'parapet-key!'.repeat(4), /repeats/],
  ['a word repeated and cut', 'parapet-key!'.repeat(4).slice(0, 43), /repeats/],
  ['the alphabet', 'abcdefghijklmnopqrstuvwxyz0123456789', /run of/],
  ['a weak second version', `2:${bytes.toString('hex')},1:changeme`, /version 1 is shorter/],
  ['version 0', `0:${phrase.replace(',', '')}`, /1 to 255/],
  ['version 256', `256:${phrase.replace(',', '')}`, /1 to 255/],
  [
    'a version twice',
    `1:${bytes.toString('hex')},1:${bytes.toString('base64url')}`,
    /same version/,
  ],
]

for (const [title, text, message] of weak) {
  test(`PARAPET_KEY: refused without being told again: ${title}`, () => {
    assert.throws(
      () => parseMasterKeys(text),
      (error: Error) => {
        assert.match(error.message, message)
        assert.ok(text === '' || !error.message.includes(text))
        return true
      },
    )
  })
}

test('RFC 5869 subkeys differ by label and by master key, and none is the master key', () => {
  const master = parseMasterKeys(`2:${phrase.replace(',', '')},1:${bytes.toString('hex')}`)
  const all = [
    ...material(master),
    ...material(subkeys(master, 'sealing')),
    ...material(subkeys(master, 'handles')),
  ].map((line) => line.split(' ')[1])
  assert.equal(new Set(all).size, 6)
  assert.deepEqual(
    subkeys(master, 'sealing').map(({ version }) => version),
    [2, 1],
  )
  assert.ok(subkey(master, 'sealing').equals(subkeys(master, 'sealing')[0]?.key ?? subkey([], '')))
  // Other software must be able to derive the same: HKDF-SHA-256, salt "parapet".
  const one = [
    { version: 1, key: parseMasterKeys(bytes.toString('hex'))[0]?.key ?? subkey([], '') },
  ]
  assert.equal(subkey(one, 'sealing').export().toString('hex'), expectedSealing)
})

const expectedSealing = '11c14a8bbb2868df140ec02da990ac2ed58dbb789ef7a9ad949f1a42e64610a4'

test('key file: made once with a new database, 0600, and read ever after', (t) => {
  const path = directory(t)
  const file = join(path, 'parapet.key')
  const made = masterKeyFile(file, [join(path, 'a.db')], random)
  assert.equal(statSync(file).mode & 0o777, 0o600)
  assert.match(readFileSync(file, 'utf8'), /^1:[\w-]{43}\n$/)
  writeFileSync(join(path, 'a.db'), '')
  assert.deepEqual(material(masterKeyFile(file, [join(path, 'a.db')], random)), material(made))
  assert.deepEqual(readdirSync(path).sort(), ['a.db', 'parapet.key'])
})

test('key file: missing beside a database is an error, and none is made', (t) => {
  const path = directory(t)
  writeFileSync(join(path, 'b.db'), '')
  const open = () =>
    masterKeyFile(join(path, 'k'), [join(path, 'a.db'), join(path, 'b.db')], random)
  assert.throws(open, /b\.db is sealed, but its key file .* is missing/)
  assert.deepEqual(readdirSync(path), ['b.db'])
})

test('key file: one that others can read is refused', (t) => {
  const file = join(directory(t), 'k')
  masterKeyFile(file, [], random)
  chmodSync(file, 0o640)
  assert.throws(() => masterKeyFile(file, [], random), /chmod 600/)
})

test('key file: it is read to a limit', (t) => {
  const file = join(directory(t), 'k')
  masterKeyFile(file, [], random)
  truncateSync(file, mostOfSecret + 1)
  assert.throws(() => masterKeyFile(file, [], random), /k has more than 1048576 bytes/)
})

test('key: a store that several machines share has none of its own', () => {
  assert.throws(
    () => sharedKeys(undefined),
    /PARAPET_KEY must be set, to the same on every machine/,
  )
  assert.deepEqual(material(sharedKeys(phrase)), material(parseMasterKeys(phrase)))
})
