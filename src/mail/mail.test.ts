import assert from 'node:assert/strict'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { isAddress, type Letter, oneLine, readAddress } from './letter.ts'
import { openMail } from './mail.ts'
import { readSmtpUrl } from './smtp.ts'

const directory = await mkdtemp(join(tmpdir(), 'parapet-mail-'))
after(() => rm(directory, { recursive: true }))

const from = { name: 'Parapet', address: 'noreply@as.example' }
const mail = openMail({ from, directory })

/** What is put down of one letter. */
async function sent(letter: Letter): Promise<string> {
  const before = new Set(await readdir(directory).catch(() => []))
  assert.equal(
    mail.send({ realm: '/alpha', letter: 'test' }, async () => letter),
    true,
  )
  await mail.idle()
  const [name = ''] = (await readdir(directory)).filter((each) => !before.has(each))
  assert.match(name, /^\d{4}-\d\d-\d\dT\d{6}Z-[\w-]{8}\.eml$/)
  return (await readFile(join(directory, name))).toString()
}

const plain = {
  to: { name: '', address: 'demo@example.com' },
  subject: 'Hello',
  text: 'How are you?',
}

test('a letter is put down as one file, whole, from the server unless it says otherwise', async () => {
  const text = await sent({ ...plain, html: '<p>How are <b>you</b>?</p>' })
  const [head = '', body = ''] = text.split(/\r?\n\r?\n(.*)/s)
  assert.match(head, /^To: demo@example\.com$/m)
  assert.match(head, /^From: Parapet <noreply@as\.example>$/m)
  assert.match(head, /^Subject: Hello$/m)
  assert.match(head, /^Auto-Submitted: auto-generated$/m)
  assert.match(body, /How are you\?/)
  assert.match(body, /<p>How are <b>you<\/b>\?<\/p>/)
})

test('what stands in a header is one line, whoever wrote it', async () => {
  const subject = 'Hello\r\nBcc: all@example.com\r\n\r\nAnother letter'
  const name = 'Demo\nBcc: all@example.com'
  const text = await sent({ ...plain, subject, to: { name, address: plain.to.address } })
  const head = text.split(/\r?\n\r?\n/)[0] ?? ''
  // The library would fold it as well; nothing depends on that.
  assert.equal(/[\r\n\u2028]/.test(oneLine(`${subject}\u2028${name}`)), false)
  assert.equal(/^bcc:/im.test(head), false)
  assert.equal(head.match(/^(?:to|cc|bcc):/gim)?.length, 1)
})

const addresses: readonly [boolean, string][] = [
  ...['demo@example.com', 'a+b@x.example', "o'neil@example.com", 'dänä@bücher.example'].map(
    (text): [boolean, string] => [true, text],
  ),
  ...[
    ...[
      '',
      'demo',
      '@example.com',
      'demo@',
      'a@b@c.example',
      'a@b,c@d.example',
      'a@b; c@d.example',
    ],
    ...[
      'a b@example.com',
      'a@example.com\nBcc: b@example.com',
      'a\r@example.com',
      '<a@example.com>',
    ],
    ...[
      'a@exa mple.com',
      'a@[127.0.0.1]',
      '"a b"@example.com',
      'a@example..com',
      'a(b)@example.com',
    ],
    ...[
      `${'a'.repeat(65)}@example.com`,
      `a@${'b'.repeat(254)}.example`,
      'a\0@example.com',
      'a:b@c.example',
    ],
  ].map((text): [boolean, string] => [false, text]),
]

test('RFC 5321 an address is one address and nothing else', () => {
  for (const [good, text] of addresses) assert.equal(isAddress(text), good, JSON.stringify(text))
  assert.deepEqual(readAddress('Parapet <noreply@as.example>'), from)
  assert.deepEqual(readAddress('"A, B" <a@b.example>'), { name: 'A, B', address: 'a@b.example' })
  assert.equal(readAddress('A <a@b.example> <c@d.example>'), undefined)
})

const servers: readonly [string, object | undefined][] = [
  ['smtp://mail.example', { host: 'mail.example', port: 587, tls: 'offered' }],
  [
    'smtp://user:p%40ss@mail.example:25',
    { host: 'mail.example', port: 25, tls: 'required', user: 'user', password: 'p@ss' },
  ],
  [
    'smtp://u:p@localhost',
    { host: 'localhost', port: 587, tls: 'offered', user: 'u', password: 'p' },
  ],
  ['smtps://mail.example', { host: 'mail.example', port: 465, tls: 'from the start' }],
  ...[
    'http://mail.example',
    'mail.example',
    'smtp://',
    'smtp://a/b',
    'smtp://a?x=y',
    'smtp://%ff@a',
  ].map((text): [string, undefined] => [text, undefined]),
]

test('a mail server is told by a URL, and gets a password by TLS only', () => {
  for (const [text, server] of servers) assert.deepEqual(readSmtpUrl(text), server, text)
})

test('without a server and a directory nothing is sent but by another way', async () => {
  const none = openMail({})
  assert.equal(none.ready, false)
  assert.equal(
    none.send({ realm: '/', letter: 'x' }, async () => plain),
    false,
  )
  const letters: Letter[] = []
  const by = async (letter: Letter): Promise<void> => void letters.push(letter)
  assert.equal(
    none.send({ realm: '/', letter: 'x' }, async () => plain, by),
    true,
  )
  await none.idle()
  assert.deepEqual(letters, [plain])
})
