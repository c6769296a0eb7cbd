import type { StoredKind } from './stored-kinds.ts'

/** What is stored of requests for whoever asks what became of them. */
export const toldKinds: readonly StoredKind[] = [
  {
    name: 'Requests of a second, for `parapet explain`',
    shelf: 'records',
    form: 'history/<SHA-256 of the realm, base64url, cut off>/<milliseconds, 12 hex digits><counter and chance, 8 hex digits>-<sieve of what it is about>.<x where it says what was left out>',
    keys: /^history\/[\w-]{22}\/[0-9a-f]{20}-[\w-]+\.x?$/,
    example: 'history/3yAqZlkoQUvhm1S5fb0gTW/019e2f0c8d1a5f60c122-pKAoAQ.',
    lifetime: 'a day',
    source: 'src/history/entry.ts',
    types: ['PackedRow'],
  },
  {
    name: 'Requests of a client that break what is only watched, for `parapet compliance`',
    shelf: 'records',
    form: 'breaches/<SHA-256 of the realm, base64url, cut off>/<SHA-256 of the client_id, the same>',
    keys: /^breaches\/[\w-]{22}\/[\w-]{22}$/,
    example: 'breaches/3yAqZlkoQUvhm1S5fb0gTW/wHZPq8sVXjdRnUeLc4i7kA',
    lifetime: '30 days after the last of them',
    source: 'src/history/breaches/count.ts',
    types: ['ClientBreaches', 'BreachCount'],
    shownBy: 'src/history/breaches/compliance.test.ts',
  },
]
