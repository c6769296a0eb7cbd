import { numberOf } from './row.ts'

/** How much a client may push (RFC 9126 §2.3): what is beyond is answered 429. */
export const admissionTerms = {
  outstanding_pushes: numberOf(
    'parOutstandingPushes',
    'parOutstandingPushes',
    'RFC 9126 §2.3',
    'Pushes of the client that may be outstanding.',
  ),
  outstanding_bytes: numberOf(
    'parOutstandingBytes',
    'parOutstandingBytes',
    'RFC 9126 §2.3',
    'Bytes of those pushes.',
  ),
  pushes_per_second: numberOf(
    'parPushesPerSecond',
    'parPushesPerSecond',
    'RFC 9126 §2.3',
    'Calls of `/par` that the client may make in a second; 0: as many as it likes.',
  ),
  push_burst: numberOf(
    'parPushBurst',
    'parPushBurst',
    'RFC 9126 §2.3',
    'So many of them at once after a rest.',
  ),
} as const
