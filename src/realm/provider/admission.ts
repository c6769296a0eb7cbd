import { setting, whole } from '../../protocol/setting.ts'

const own = 'parapetConfig'

const perSecond = whole(0, 1_000_000)
const atOnce = whole(1, 2 ** 31)

/** How much one client, or one address, may push: counted over all processes (`store/quota`). */
export const admissionProvider = {
  parOutstandingPushes: setting(
    own,
    'parOutstandingPushes',
    whole(1, 2 ** 31),
    500_000,
    'Pushes of one client that may be outstanding; then 429.',
  ),
  parOutstandingBytes: setting(
    own,
    'parOutstandingBytes',
    whole(1024, 2 ** 40),
    2 ** 29,
    'Bytes of those pushes; then 429.',
  ),
  parPushesPerSecond: setting(
    own,
    'parPushesPerSecond',
    perSecond,
    0,
    'Calls of `/par` that one client may make in a second; then 429. 0: as many as it likes. RFC 9126 §2.3.',
  ),
  parPushBurst: setting(
    own,
    'parPushBurst',
    atOnce,
    100,
    'So many of them at once after a rest; as many as in a second at least.',
  ),
  parSourcePushesPerSecond: setting(
    own,
    'parSourcePushesPerSecond',
    perSecond,
    0,
    'Calls of `/par` from one address (IPv6: its /64) in a second, looked at before anybody is authenticated; then 429. 0: as many as come.',
  ),
  parSourcePushBurst: setting(
    own,
    'parSourcePushBurst',
    atOnce,
    1000,
    'So many of them at once after a rest; as many as in a second at least.',
  ),
} as const
