import { setting, whole } from '../setting.ts'

const own = 'parapetClientConfig'

/** How much the client may push, where that differs from its realm; PingAM has no word for it. */
export const admissionMetadata = {
  parOutstandingPushes: setting(
    own,
    'parOutstandingPushes',
    whole(0, 2 ** 31),
    0,
    'Pushes of this client that may be outstanding; 0: the realm decides.',
  ),
  parOutstandingBytes: setting(
    own,
    'parOutstandingBytes',
    whole(0, 2 ** 40),
    0,
    'Bytes of those pushes; 0: the realm decides.',
  ),
  parPushesPerSecond: setting(
    own,
    'parPushesPerSecond',
    whole(0, 1_000_000),
    0,
    'Calls of `/par` that this client may make in a second; 0: the realm decides.',
  ),
  parPushBurst: setting(
    own,
    'parPushBurst',
    whole(0, 2 ** 31),
    0,
    'So many of them at once after a rest; 0: the realm decides.',
  ),
} as const
