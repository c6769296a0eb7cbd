import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readSettings } from '../../protocol/setting.ts'
import { oauth2Provider } from '../../realm/oauth2-provider.ts'
import { passwordHashProblem, passwordProblem } from './new-password.ts'

const provider = readSettings(oauth2Provider, {}).values

const passwords: readonly (readonly [password: string, problem: RegExp | undefined])[] = [
  ['correct horse', undefined],
  ['qk3vt9bz', undefined],
  ['12345678', /very many people/],
  ['PassWord1', /very many people/],
  ['1234567', /at least 8/],
  ['', /at least 8/],
  // Four characters that need two places each.
  ['😀😀😀😀', /at least 8/],
  ['😀😀😀😀😀😀😀😀', undefined],
  ['x'.repeat(1025), /at most 1024/],
  ['\ud800 12345678', /text/],
  [' ANN  Miller', /another one than the user name/],
]

test('NIST SP 800-63B §5.1.1 a password is judged by its length, and is not the user name', () => {
  for (const [password, problem] of passwords) {
    const found = passwordProblem({ provider }, password, 'ann miller')?.text
    if (problem === undefined) assert.equal(found, undefined, password)
    else assert.match(found ?? '', problem, password)
  }
})

const rest = '$c2FsdHNhbHRzYWx0c2FsdA$PixVvvi+nt+xNJ0vcqvQaHanDnQHDFELNOjLPXJcvHM'

const hashes: readonly (readonly [hash: string, problem: RegExp | undefined])[] = [
  [`$argon2id$v=19$m=19456,t=2,p=1${rest}`, undefined],
  [`$argon2id$v=19$m=65536,t=3,p=4${rest}`, undefined],
  [`$argon2id$v=19$m=1024,t=2,p=1${rest}`, /m from 7168/],
  [`$argon2id$v=19$m=4194304,t=2,p=1${rest}`, /m from 7168/],
  [`$argon2id$v=19$m=19456,t=999,p=1${rest}`, /t from 1 to 10/],
  [`$argon2id$v=19$m=19456,t=0,p=1${rest}`, /t from 1 to 10/],
  [`$argon2id$v=19$m=19456,t=2,p=99${rest}`, /p from 1 to 8/],
  [`$argon2i$v=19$m=19456,t=2,p=1${rest}`, undefined],
  [`$argon2id$v=16$m=19456,t=2,p=1${rest}`, /must be an Argon2 hash/],
  ['$2b$12$R9h/cIPz0gi.URNNX3kh2OPST9/PgBkqquzi.Ss7KIUgO2t0jWMUW', undefined],
  ['$2x$12$R9h/cIPz0gi.URNNX3kh2OPST9/PgBkqquzi.Ss7KIUgO2t0jWMUW', /a whole bcrypt hash/],
  ['{CRYPT}$2y$10$R9h/cIPz0gi.URNNX3kh2OPST9/PgBkqquzi.Ss7KIUgO2t0jWMUW', /form of a directory/],
  ['$scrypt$ln=15,r=8,p=1$abc$def', /is scrypt/],
  ['$pbkdf2-sha256$29000$abc$def', /must be a PBKDF2 hash as/],
  ['{PBKDF2-HMAC-SHA256}10:abc', /form of a directory/],
  ['$6$rounds=5000$abc$def', /is crypt\(3\)/],
  ['{SSHA512}abc=', /form of a directory/],
  ['correct horse', /must be a hash as it is stored here/],
  ['', /must be a hash as it is stored here/],
]

test('a hash handed over is of a kind that can be verified, at a bearable cost, or is called by what it is', () => {
  for (const [hash, problem] of hashes) {
    const found = passwordHashProblem(hash)
    if (problem === undefined) assert.equal(found, undefined, hash)
    else assert.match(found ?? '', problem, hash)
  }
})
