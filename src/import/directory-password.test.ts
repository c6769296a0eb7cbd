import assert from 'node:assert/strict'
import { test } from 'node:test'
import { verifyHash } from '../user/verify-hash.ts'
import { readPassword } from './directory-password.ts'

const password = 'Grünes Tor 42'

/** As OpenLDAP, 389, OpenDJ, PingDS and passlib write them; made by Python’s hashlib and by crypt(3). */
const hashes: readonly string[] = [
  '{SSHA}oIrm/jZ2cShDA7cn5c1Saz+68dwBAgMEBQYHCA==',
  '{ssha256}BPwO/O6JyN3UzciGmGntMDOE+u2ka0/Pt1Spdu4X3hoBAgMEBQYHCA==',
  '{SSHA384}7TRKtXsaja8fPFhPh0Afpz9LHed+OhtmuN/+T32U0SUA+5k1GMPCvQj6gzwtKN+SAQIDBAUGBwg=',
  '{SSHA512}X8gS9kZcROAZPQo6Mbq0/YU09uMrGw/DyXAjpAqS8KQ9vm8vkHvchxcuJlx/GJ1+UPiceTBK8dPsYI+rPI40ZQECAwQFBgcI',
  '{PBKDF2}1000$AQIDBAUGBwgJCgsMDQ4PEA$l98fp0Z2Yj/izMu6ubSlxxuIVcM',
  '{PBKDF2-SHA256}1000$AQIDBAUGBwgJCgsMDQ4PEA$FUr9.adey0QfHlSfT/iy4Uemz6uvZTgq.xLix/C7PZg',
  '{PBKDF2-SHA512}1000$AQIDBAUGBwgJCgsMDQ4PEA$Vq94X0IONWkIq5Pmh1UHZ3qYUltZdjqsr8AQIoFaeiBJFT.uRujXXMzWYA4Dlh6zUzUSMH1SgCgh28hxeKrptw',
  '{PBKDF2}1000:shOOdnamkYOgDDs5mMzFugx81eQBAgMEBQYHCA==',
  '{PBKDF2-HMAC-SHA256}1000:FUr9+adey0QfHlSfT/iy4Uemz6uvZTgq+xLix/C7PZgBAgMEBQYHCAkKCwwNDg8Q',
  '{PBKDF2-HMAC-SHA512}1000:Vq94X0IONWkIq5Pmh1UHZ3qYUltZdjqsr8AQIoFaeiBJFT+uRujXXMzWYA4Dlh6zUzUSMH1SgCgh28hxeKrptwECAwQFBgcICQoLDA0ODxA=',
  '$pbkdf2-sha256$1000$AQIDBAUGBwgJCgsMDQ4PEA$FUr9.adey0QfHlSfT/iy4Uemz6uvZTgq.xLix/C7PZg',
  '$pbkdf2$1000$AQIDBAUGBwgJCgsMDQ4PEA$l98fp0Z2Yj/izMu6ubSlxxuIVcM',
  '$2b$05$abcdefghijklmnopqrstuumGfon8kSTRcO2b9G/GsO1OnXBmuFr0e',
  '{BCRYPT}$2b$05$abcdefghijklmnopqrstuumGfon8kSTRcO2b9G/GsO1OnXBmuFr0e',
  '{CRYPT}$2y$05$abcdefghijklmnopqrstuumGfon8kSTRcO2b9G/GsO1OnXBmuFr0e',
  '{ARGON2}$argon2id$v=19$m=7168,t=5,p=1$AQIDBAUGBwgJCgsMDQ4PEA$ehjcGPLzUI569of/zMjTntLPALFbZuUTl5RrwFuq4UY',
  '$argon2id$v=19$m=7168,t=5,p=1$AQIDBAUGBwgJCgsMDQ4PEA$ehjcGPLzUI569of/zMjTntLPALFbZuUTl5RrwFuq4UY',
]

/** What 389 wrote before version 2: iterations, salt and 256 bytes of hash in one. */
const packed =
  '{PBKDF2_SHA256}AAAIAAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4fICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj+ucJGVTWNy5JWo41D387Mdtgc82cnzducDtQy89mjWr4wVJNbo9mcMUg0M6iU9qY/nig/VJhzmbcvVhdC2RBnBeqNQ0H3befTasPg1ZmzHwQscM5RYvycBa+FSLuS7qxFSq7P7RSb7it20Hjpq7JoP0NyOohJMWVH32O3BTwO9GkFN2yWLWsWxLBDwqs9dCbkP+gfoiw/E0aj6lolfx933K5pON9vFDKgNL3oQIpY7UNECPFqVFjLjLb9bnQ7/rvMOOR7dZAaM+rP50BJHdLFkf11CD9vf56gmcywIfkBlP0/xiPxSh5QjcvuLw9pTDFhckQZBHs+81Kmg/T96RUTX'

test('what directories write for a hash is one that the right password passes, and no other', async () => {
  for (const text of [...hashes, packed]) {
    const read = readPassword(text)
    assert.ok('hash' in read, `${text} ${JSON.stringify(read)}`)
    assert.equal(await verifyHash(read.hash, password), true, text)
    assert.equal(await verifyHash(read.hash, `${password}x`), false, text)
  }
})

const others: readonly (readonly [text: string, said: RegExp])[] = [
  ['', /^is empty$/],
  ['{CLEAR}', /^is empty$/],
  ['{SSHA}', /malformed/],
  ['{SSHA}AAAA', /malformed/],
  ['{SSHA512}not base64!', /malformed/],
  ['{SSHA256}oIrm/jZ2cShDA7cn5c1Saz+68dwBAgMEBQYHCA==', /malformed/],
  ['{PBKDF2-SHA256}1000', /malformed/],
  ['{PBKDF2-SHA256}1000$AQID$AQID', /hash of its length/],
  [
    '{PBKDF2-SHA256}1000000000$AQIDBAUGBwgJCgsMDQ4PEA$FUr9.adey0QfHlSfT/iy4Uemz6uvZTgq.xLix/C7PZg',
    /i from 1 to/,
  ],
  ['{PBKDF2_SHA256}AAAA', /malformed/],
  ['{BCRYPT}$2b$31$abcdefghijklmnopqrstuumGfon8kSTRcO2b9G/GsO1OnXBmuFr0e', /cost from 4 to 14/],
  ['$2b$05$abc', /whole bcrypt hash/],
  ['{CRYPT}$6$saltsalt$9lCdK1jp418gDB5gJdnFcWGUna4', /cannot be verified here/],
  ['$6$saltsalt$9lCdK1jp418gDB5gJdnFcWGUna4', /cannot be verified here/],
  ['$scrypt$ln=15,r=8,p=1$abc$def', /cannot be verified here/],
  ['{SHA}oIrm/jZ2cShDA7cn5c1Saz+68dw=', /without a salt/],
  ['{MD5}oIrm/jZ2cShDA7cn5c1Saz==', /without a salt/],
  ['{NEW-KIND}abc', /cannot be verified here/],
  ['{constructor}abc', /cannot be verified here/],
]

test('what is no hash that can be verified is called by what it is, and nothing of it is repeated', () => {
  for (const [text, said] of others) {
    const read = readPassword(text)
    assert.ok('problem' in read, text)
    assert.match(read.problem, said, text)
    assert.ok(text.length < 20 || !read.problem.includes(text.slice(8)))
  }
  for (const text of ['secret', '{ braces }', '$ and more', '{CLEAR}secret'])
    assert.deepEqual(readPassword(text), { clear: text.replace('{CLEAR}', '') })
})
