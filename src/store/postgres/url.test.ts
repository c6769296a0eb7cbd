import assert from 'node:assert/strict'
import { test } from 'node:test'
import { placeOf } from './url.ts'

test('postgres: a URL says hosts, role, database and schema', () => {
  const socket = { name: '/run/postgresql', port: 5432 }
  const table: Readonly<Record<string, object>> = {
    '//db': { hosts: [{ name: 'db', port: 5432 }], schema: 'parapet', user: undefined },
    '//as:p%40ss@db:1/name?schema=other': { user: 'as', password: 'p@ss', schema: 'other' },
    'postgresql://as:a:b@a:1,b,c:3/x': {
      password: 'a:b',
      database: 'x',
      hosts: [
        { name: 'a', port: 1 },
        { name: 'b', port: 5432 },
        { name: 'c', port: 3 },
      ],
    },
    '//as@[::1]:2/x': { hosts: [{ name: '::1', port: 2 }] },
    '///x?host=/run/postgresql': { hosts: [socket], database: 'x' },
    '//as@%2Frun%2Fpostgresql/x': { hosts: [socket] },
    '//db/x?target_session_attrs=read-write&application_name=one': { applicationName: 'one' },
  }
  for (const [rest, expected] of Object.entries(table)) {
    const place: Readonly<Record<string, unknown>> = { ...placeOf(rest) }
    const found = Object.fromEntries(Object.keys(expected).map((name) => [name, place[name]]))
    assert.deepEqual(found, expected, rest)
  }
})

test('postgres: a URL says whether there has to be TLS, and whose certificate it must be', () => {
  const host = { name: 'db', port: 5432 }
  const table: Readonly<Record<string, unknown>> = {
    '//db': false,
    '//db?sslmode=disable': false,
    '//db?sslmode=require': 'require',
    '//db?ssl=prefer': 'prefer',
    '//db?sslmode=verify-full': { host: 'db', rejectUnauthorized: true },
    '//db?sslrootcert=system': { host: 'db', rejectUnauthorized: true },
  }
  for (const [rest, expected] of Object.entries(table))
    assert.deepEqual(placeOf(rest).tls(host), expected, rest)
})

test('postgres: what is wrong with a URL is told without its password', () => {
  const table: Readonly<Record<string, RegExp>> = {
    'as:secret': /must be postgres:/,
    '//as:secret@db:port/x': /a host is/,
    '//as:secret@a,,b/x': /a host is/,
    '//as:secret@db/x?schema=pg_own': /a schema is at most/,
    '//as:secret@db/x?schema="; DROP': /a schema is at most/,
    '//as:secret@db/x?target_session_attrs=standby': /target_session_attrs is primary/,
    '//as:secret@db/x?max=3': /there is no parameter max/,
    '//as:secret@db/x?sslmode=verify-ca': /sslmode is disable/,
    '//as:secret%@db/x': /the password has a % that begins no %XX/,
    '//as:secret%zz@db/x': /the password has a %/,
    '//a%s:secret@db/x': /the user has a %/,
    '//as:secret@db/x%y': /the database has a %/,
    '//as:secret@%ff/x': /a host has a %/,
    '//as:secret%00@db/x': /the password has a NUL sign/,
    '//a%00s:secret@db/x': /the user has a NUL sign/,
    '//as:secret@db/x%00': /the database has a NUL sign/,
    '//as:secret@db/x?application_name=a%00b': /application_name has a NUL sign/,
    '//as:secret@db/x?sslrootcert=a%00b': /sslrootcert has a NUL sign/,
    '//as:secret@db/x?host=/run/postgresql': /host is given twice/,
    '//as:secret@db/x?sslmode=verify-full&sslmode=disable': /sslmode is given twice/,
    '//as:secret@db/x?sslmode=verify-full&ssl=disable': /sslmode is given twice/,
    '//as:secret@db/x?sslcert=c&sslkey=k': /without TLS sslcert means nothing/,
    '//as:secret@db/x?sslmode=disable&sslrootcert=c': /without TLS sslrootcert means nothing/,
    '//as:secret@db/x?sslmode=require&sslcert=c': /sslcert and sslkey belong together/,
    '//as:secret@db/x?sslmode=prefer&sslrootcert=c': /with sslmode=prefer nobody asks sslrootcert/,
    '//as:secret@db/x?sslmode=require&sslrootcert=system': /nobody asks sslrootcert/,
  }
  for (const [rest, reason] of Object.entries(table)) {
    assert.throws(
      () => placeOf(rest),
      ({ message }: Error) => reason.test(message) && !message.includes('secret'),
      rest,
    )
  }
})

test('postgres: a file that a URL names is read to a limit', () => {
  for (const [name, others] of [
    ['sslrootcert', ''],
    ['sslcert', '&sslkey=none'],
    ['sslkey', `&sslcert=${import.meta.filename}`],
  ])
    assert.throws(
      () =>
        placeOf(`//db?sslmode=verify-full&${name}=/dev/zero${others}`).tls({
          name: 'db',
          port: 5432,
        }),
      new RegExp(`postgres: the file ${name} has more than \\d+ bytes`),
    )
})
