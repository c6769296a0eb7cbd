import type { StoredKind } from './stored-kinds.ts'

/** A part of a key that is percent-encoded, and the name of a realm. */
export const enc = String.raw`[\w.~!*'()%-]+`
export const realm = '%2F(?:[\\w.~-]|%2F)*'

/** What is stored of accounts, and where they are found. */
export const ofUsers: readonly StoredKind[] = [
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
    name: 'Hint where a user is, by mail address, group or passkey',
    shelf: 'settings',
    form: 'userindex/<realm>/<m, g or p><SHA-256 of it, base64url>-<sub>, or whole: all users are in it',
    keys: new RegExp(`^userindex/${realm}/(?:[mgp][\\w-]{43}-[0-9a-f-]{36}|whole)$`),
    example:
      'userindex/%2Falpha/m3yAqZlkoQUvhm1S5fb0gTWwHZPq8sVXjdRnUeLc4i7k-54ff98b0-91be-4888-ac8b-24410ce81e53',
    lifetime: 'as its user',
    source: 'src/user/account/account-index.ts',
    types: [],
  },
  {
    name: 'Which account took a mail address last, of those made of one that was looked up',
    shelf: 'settings',
    form: 'useraddress/<realm>/<SHA-256 of it, base64url>',
    keys: new RegExp(`^useraddress/${realm}/[\\w-]{43}$`),
    example: 'useraddress/%2Falpha/3yAqZlkoQUvhm1S5fb0gTWwHZPq8sVXjdRnUeLc4i7k',
    lifetime: 'as its user has that address',
    source: 'src/user/account/account-index.ts',
    types: [],
    shownBy: 'src/journey/built-in/registration.test.ts',
  },
]
