import { setting, text, textMap, texts, whole } from '../../protocol/setting.ts'

const own = 'parapetConfig'

/** How people log in. */
export const journeyProvider = {
  defaultJourney: setting(
    own,
    'defaultJourney',
    text,
    'Login',
    'Journey when nothing else names one. The same as `core.orgConfig` of the authentication settings, where it is stored.',
  ),
  journeys: setting(
    own,
    'journeys',
    texts,
    ['Login', 'Password'],
    'Of the journeys that every realm has from the start, those that are enabled until one of that name is saved.',
  ),
  journeyAliases: setting(
    own,
    'journeyAliases',
    textMap,
    {},
    'Other names of journeys: name → journey.',
  ),
  journeySourcePerSecond: setting(
    own,
    'journeySourcePerSecond',
    whole(0, 1_000_000),
    20,
    'Journeys from one address (IPv6: its /64) that are kept in a second, which is once their first step is answered; then 429. 0: as many as come.',
  ),
  journeySourceBurst: setting(
    own,
    'journeySourceBurst',
    whole(1, 2 ** 31),
    2000,
    'So many of them at once after a rest; as many as in a second at least.',
  ),
  journeysPerSecond: setting(
    own,
    'journeysPerSecond',
    whole(0, 1_000_000),
    0,
    'Journeys of the realm that are kept in a second, wherever from; then 429. 0: as many as come.',
  ),
  journeysBurst: setting(
    own,
    'journeysBurst',
    whole(1, 2 ** 31),
    10_000,
    'So many of them at once after a rest; as many as in a second at least.',
  ),
  loginSuccessUrl: setting(
    own,
    'loginSuccessUrl',
    texts,
    [],
    'Where a login leads that has neither `goto` nor a journey’s own place to go. The first that is a URL or a path counts. The same as `postauthprocess.loginSuccessUrl` of the authentication settings, where it is stored.',
  ),
  loginFailureUrl: setting(
    own,
    'loginFailureUrl',
    texts,
    [],
    'The same for a login that fails. None: the page asks again. The same as `postauthprocess.loginFailureUrl` of the authentication settings, where it is stored.',
  ),
  journeyMaxDuration: setting(
    own,
    'journeyMaxDuration',
    whole(1, 1440),
    5,
    'Minutes a journey may take, unless its tree says otherwise. The same as `trees.authenticationSessionsMaxDuration` of the authentication settings, where it is stored.',
  ),
  journeySuspendedDuration: setting(
    own,
    'journeySuspendedDuration',
    whole(1, 525_600),
    5,
    'Minutes a suspended journey waits, unless its node says otherwise. The same as `trees.suspendedAuthenticationTimeout` of the authentication settings, where it is stored.',
  ),
} as const
