import assert from 'node:assert/strict'
import { test } from 'node:test'
import { passwordHashProblem } from '../new-password/new-password.ts'
import { verifyHash } from '../verify-hash.ts'
import { hashKindOf } from './index.ts'

const password = 'Grünes Tor 42'
const salt = 'AQIDBAUGBwgJCgsMDQ4PEA'
const bcrypted = 'abcdefghijklmnopqrstuumGfon8kSTRcO2b9G/GsO1OnXBmuFr0e'

/** Made by other programs: Python's hashlib, the crypt(3) of glibc's successor, OpenSSL’s Argon2. */
const vectors: readonly string[] = [
  `$argon2id$v=19$m=7168,t=5,p=1$${salt}$ehjcGPLzUI569of/zMjTntLPALFbZuUTl5RrwFuq4UY`,
  `$argon2i$v=19$m=8192,t=3,p=1$${salt}$v43/TIFygw+Is7esW8aI8ah5ihJNrUaKHGnrm9oUptY`,
  `$argon2d$v=19$m=8192,t=2,p=2$${salt}$1NTFaBnqybFyAf/wBMPSchHv/hXUEaUuXEk7+rS90MA`,
  `$pbkdf2-sha1$i=1000,l=20$${salt}$l98fp0Z2Yj/izMu6ubSlxxuIVcM`,
  `$pbkdf2-sha1$i=1000,l=64$${salt}$l98fp0Z2Yj/izMu6ubSlxxuIVcMM4x5xLUMJ7UnwVjw7KuCcZbLe2Q42onEfeGJC+6SSVOqwlAa2SyHNEQAi3w`,
  `$pbkdf2-sha256$i=1000,l=32$${salt}$FUr9+adey0QfHlSfT/iy4Uemz6uvZTgq+xLix/C7PZg`,
  `$pbkdf2-sha256$i=1000,l=64$${salt}$FUr9+adey0QfHlSfT/iy4Uemz6uvZTgq+xLix/C7PZixe1KohQWoNEsZopRyU/Ca6wzEfzS/7mLJKakwWa8vwQ`,
  `$pbkdf2-sha512$i=1000,l=64$${salt}$Vq94X0IONWkIq5Pmh1UHZ3qYUltZdjqsr8AQIoFaeiBJFT+uRujXXMzWYA4Dlh6zUzUSMH1SgCgh28hxeKrptw`,
  '$ssha$AQIDBAUGBwg$oIrm/jZ2cShDA7cn5c1Saz+68dw',
  '$ssha256$AQIDBAUGBwg$BPwO/O6JyN3UzciGmGntMDOE+u2ka0/Pt1Spdu4X3ho',
  '$ssha384$AQIDBAUGBwg$7TRKtXsaja8fPFhPh0Afpz9LHed+OhtmuN/+T32U0SUA+5k1GMPCvQj6gzwtKN+S',
  '$ssha512$AQIDBAUGBwg$X8gS9kZcROAZPQo6Mbq0/YU09uMrGw/DyXAjpAqS8KQ9vm8vkHvchxcuJlx/GJ1+UPiceTBK8dPsYI+rPI40ZQ',
  `$2a$05$${bcrypted}`,
  `$2b$05$${bcrypted}`,
  '$2y$06$......................QQSP6er/E7vAIqSB2p8UY5qjFBwBQhC',
]

test('a hash of each kind that accounts come with is verified: the right password is, another one is not', async () => {
  for (const hash of vectors) {
    assert.equal(passwordHashProblem(hash), undefined, hash)
    assert.equal(await verifyHash(hash, password), true, hash)
    for (const other of ['Grünes Tor 43', 'Gru\u0308nes Tor 42', `${password} `, ''])
      assert.equal(await verifyHash(hash, other), false, `${hash} ${other}`)
  }
})

test('a hash is not taken for one of another kind, nor one that lost or changed a sign', async () => {
  for (const hash of vectors) {
    const broken = [
      hash.slice(0, -4),
      hash.slice(1),
      `${hash}\u0000`,
      hash.replace(/(?<=\$)[^$]{4}(?=[^$]*$)/, 'AAAA'),
    ]
    for (const text of broken) assert.equal(await verifyHash(text, password), false, text)
  }
  for (const hash of ['', '$', '$__proto__$', '$ssha256$$', '$pbkdf2-sha256$i=1,l=0$AQID$'])
    assert.equal(await verifyHash(hash, password), false, hash)
})

/** What a hash of a certain cost is in its kind. */
const hashOf = {
  argon2: (m: number, t: number, p: number) =>
    `$argon2id$v=19$m=${m},t=${t},p=${p}$${salt}$ehjcGPLzUI569of/zMjTntLPALFbZuUTl5RrwFuq4UY`,
  pbkdf2: (digest: string, i: number) =>
    `$pbkdf2-${digest}$i=${i},l=20$${salt}$l98fp0Z2Yj/izMu6ubSlxxuIVcM`,
  bcrypt: (cost: string) => `$2b$${cost}$${bcrypted}`,
}

const ceilings: readonly (readonly [good: string, bad: string, says: RegExp])[] = [
  [hashOf.argon2(262_144, 3, 4), hashOf.argon2(4_194_304, 3, 4), /m from 7168 to 262144/],
  [hashOf.argon2(19_456, 10, 1), hashOf.argon2(19_456, 11, 1), /t from 1 to 10/],
  [hashOf.pbkdf2('sha1', 1_300_000), hashOf.pbkdf2('sha1', 1e9), /i from 1 to 2000000/],
  [hashOf.pbkdf2('sha256', 600_000), hashOf.pbkdf2('sha256', 1e9), /i from 1 to 1000000/],
  [hashOf.pbkdf2('sha512', 210_000), hashOf.pbkdf2('sha512', 0), /i from 1 to 1000000/],
  [hashOf.bcrypt('14'), hashOf.bcrypt('31'), /cost from 4 to 14/],
]

test('a hash that would cost more than a login can bear is refused, and so is one that costs nothing by mistake', () => {
  for (const [good, bad, says] of ceilings) {
    assert.equal(passwordHashProblem(good), undefined)
    assert.match(passwordHashProblem(bad) ?? '', says)
  }
})

test('K-11 what stands in for a hash at a name that is nobody’s is one of the same cost', async () => {
  for (const hash of [
    hashOf.argon2(65_536, 3, 4),
    hashOf.pbkdf2('sha512', 1000),
    hashOf.bcrypt('05'),
  ]) {
    const decoy = hashKindOf(hash)?.decoy(hash) ?? ''
    assert.equal(passwordHashProblem(decoy), undefined, decoy)
    const cost = /m=.*p=\d|i=\d+|\$\d\d\$/
    assert.equal(cost.exec(decoy)?.[0], cost.exec(hash)?.[0])
    assert.equal(await verifyHash(decoy, ''), false)
  }
})
